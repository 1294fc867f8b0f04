"""A thousand uploads in one go, and how quickly the API answers meanwhile: ``python -m infra.bench doors``."""

from infra.bench.doors.measure import UPLOADS, door_figures

__all__ = ["UPLOADS", "door_figures"]
