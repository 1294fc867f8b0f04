"""A further file that was made of a picture, on disk, before it says who made it."""

from pathlib import Path
from typing import NamedTuple

from schemas.rendition import Purpose


class MadeFile(NamedTuple):
    """Sizes are pixels. See `schemas.rendition.Rendition`."""

    name: str
    purpose: Purpose
    path: Path
    media_type: str
    width: int
    height: int
    enlarged: bool
    ssim: float | None = None
    quality: int | None = None
    dpi: float | None = None
    icc: str | None = None
