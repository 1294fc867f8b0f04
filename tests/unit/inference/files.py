"""Picture files made on the spot from photographs that ship with scikit-image."""

import io
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from skimage import data


@cache
def photograph(name: str = "coffee", height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """A read-only crop, ``(height, width, 3)`` uint8."""
    crop = np.ascontiguousarray(getattr(data, name)()[100 : 100 + height, 150 : 150 + width, :3])
    crop.setflags(write=False)
    return crop


def file_of(image: Image.Image | NDArray[np.uint8], kind: str = "PNG", **options: object) -> bytes:
    """Write with Pillow."""
    out = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(out, kind, **options)
    return out.getvalue()


def deep_photograph(seed: int = 0) -> NDArray[np.uint16]:
    """A photograph whose lower eight bits are busy too."""
    noise = np.random.default_rng(seed).integers(0, 256, photograph().shape, dtype=np.uint16)
    return photograph().astype(np.uint16) * 256 + noise


def deep_file(pixels: NDArray[np.uint16], ending: str = ".png") -> bytes:
    """Write 16 bits with OpenCV."""
    channels = [2, 1, 0, 3][: pixels.shape[2]] if pixels.ndim == 3 else None
    samples = pixels if channels is None else np.ascontiguousarray(pixels[..., channels])
    return cv2.imencode(ending, samples)[1].tobytes()
