"""Small pictures for the page, as ``data:`` addresses of bounded size."""

import base64
import io
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps

from schemas.pointers import Box

_PREVIEW_SIDE = 900
_CROP_SIDE = 440
_MARGIN = 24
_TINT = (236, 56, 104)
"""Colour of the mask over the photo: one that photographs seldom hold."""


class Crop(NamedTuple):
    """An edited area at 100 %: before, after, and its size on screen."""

    before: str
    after: str
    width: int
    height: int
    model: str


def open_upright(path: Path) -> Image.Image:
    """Open a picture as RGB, turned as it is meant to be seen; transparency lies on white."""
    with Image.open(path) as stored:
        picture = ImageOps.exif_transpose(stored)
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def preview(picture: Image.Image) -> str:
    """Reduce a picture to at most 900 pixels a side."""
    reduced = picture.copy()
    reduced.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE), Image.Resampling.LANCZOS)
    return data_uri(reduced, quality=86)


def mask_preview(before: Image.Image, mask: Image.Image) -> str:
    """Show the mask where it lies, reduced."""
    return preview(mask_shown(before, mask))


def mask_shown(before: Image.Image, mask: Image.Image) -> Image.Image:
    """Draw the photo in pale grey and the masked area in colour."""
    pale = Image.blend(ImageOps.grayscale(before).convert("RGB"), Image.new("RGB", before.size, "white"), 0.45)
    return Image.composite(Image.new("RGB", before.size, _TINT), pale, mask.convert("L").resize(before.size))


def crop_pair(before: Image.Image, after: Image.Image, box: Box, model: str) -> Crop:
    """Cut the same area out of both, at 100 %, with a margin around it and at most 440 pixels a side."""
    area = _around(box, before.size)
    shown_before, shown_after = (data_uri(picture.crop(area), quality=92) for picture in (before, after))
    return Crop(shown_before, shown_after, area[2] - area[0], area[3] - area[1], model)


def _around(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, right = _span(box.x, box.width, size[0])
    top, bottom = _span(box.y, box.height, size[1])
    return left, top, right, bottom


def _span(start: int, length: int, limit: int) -> tuple[int, int]:
    """Grow a span by the margin, or cut it to the middle 440 pixels, within ``0..limit``."""
    wanted = min(length + 2 * _MARGIN, _CROP_SIDE, limit)
    first = min(max(0, start + length // 2 - wanted // 2), limit - wanted)
    return first, first + wanted


def data_uri(picture: Image.Image, *, quality: int) -> str:
    """Write a picture as a JPEG into an address."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
