"""The fitted numbers behind a confidence, as they are kept: small, versioned, with what they were fitted on."""

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import Field

from schemas.names import ModelName
from schemas.pointers import Document

FITTED = Path(__file__).with_name("calibration.yaml")
"""What `make calibrate` wrote last."""

ENOUGH = 100
"""Observations of a model below which nothing is claimed about its work."""


class Span(Document):
    """Between which values of a feature there were observations."""

    low: float
    high: float


class Family(Document):
    """Models whose edits fail alike: one slope for each feature, one offset for each model.

    The confidence is ``1 / (1 + exp(-(intercept + offset + sum of weight * feature)))``.
    """

    intercept: float
    weights: dict[str, float] = {}
    spans: dict[str, Span] = {}
    offsets: dict[ModelName, float] = {}
    observations: dict[ModelName, int] = {}


class Calibration(Document):
    """All families, and what they were fitted on."""

    version: int = Field(ge=1)
    fitted_on: date
    photographs: int = Field(ge=0)
    edits: int = Field(ge=0)
    families: dict[str, Family]

    def family_of(self, model: str, *, measured: bool) -> Family | None:
        """Find the family of a model's edits; ``None`` where there were too few to say anything."""
        family = self.families.get("measured" if measured else "filled")
        return family if family and family.observations.get(model, 0) >= ENOUGH else None


@cache
def fitted() -> Calibration:
    """Read what was fitted."""
    return Calibration.model_validate(yaml.safe_load(FITTED.read_text()))
