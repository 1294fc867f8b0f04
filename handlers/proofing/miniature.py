"""From a file of a stage to the small picture by which the page of an asset shows it."""

from pathlib import Path

from PIL import Image

from handlers.proofing import encoding, reading
from handlers.proofing.encoding import File
from handlers.proofing.outline import overlay_of
from handlers.proofing.sheet import crossed_out
from handlers.proofing.spreading import strongest
from schemas.errors import BadInput
from schemas.miniature import MINIATURE_SIDE

_NO_SIZE = (320, 240)
"""Of the sheet that stands for a picture that cannot be shown."""


def of_picture(path: Path | None) -> File:
    """Reduce a picture; a crossed-out sheet stands for one that cannot be shown."""
    try:
        shown = reading.read(path, side=MINIATURE_SIDE) if path else None
    except BadInput:
        shown = None
    return encoding.miniature(_reduced(shown) if shown else crossed_out(_NO_SIZE))


def of_mask(path: Path | None) -> File:
    """Draw a mask as a layer: tinted inside, transparent outside, and all of it transparent if it cannot be shown."""
    try:
        mask = reading.read_mask(path, reading.size_of(path)) if path else None
    except BadInput:
        mask = None
    if mask is None:
        return encoding.layer(overlay_of(Image.new("L", _NO_SIZE)))
    return encoding.layer(overlay_of(strongest(mask, _within(mask.size))))


def _reduced(picture: Image.Image) -> Image.Image:
    return picture.resize(_within(picture.size), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _within(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, MINIATURE_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
