"""Real photographs for the end-to-end tests: crops of those that scikit-image carries, made dirty."""

import io
from dataclasses import dataclass

import numpy as np
import skimage.data
from PIL import Image, ImageDraw


@dataclass(frozen=True)
class Dirty:
    """A photograph with white letters on it, and the mask of the letters."""

    photo: Image.Image
    mask: Image.Image


def coffee(width: int = 256, height: int = 256) -> Image.Image:
    """A sharp crop of a cup on wood."""
    return Image.fromarray(np.asarray(skimage.data.coffee())[40 : 40 + height, 60 : 60 + width])


def cat(width: int = 320, height: int = 256) -> Image.Image:
    """A cat's face: fur and soft ground."""
    return Image.fromarray(np.asarray(skimage.data.chelsea())[:height, :width])


def lettered(photo: Image.Image, text: str = "PROOF", size: int = 40) -> Dirty:
    """Write opaque white letters across a photograph."""
    letters = Image.new("L", photo.size, 0)
    ImageDraw.Draw(letters).text((20, photo.height // 2 - size), text, fill=255, font_size=size)
    dirty = photo.copy()
    dirty.paste((255, 255, 255), mask=letters)
    return Dirty(dirty, letters)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Encode a picture."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def decoded(data: bytes) -> np.ndarray:
    """Decode to RGB, ``(H, W, 3)`` uint8."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
