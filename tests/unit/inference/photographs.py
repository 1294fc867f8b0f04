"""Small photographs and holes for tests, and model cards without weights."""

import cv2
import numpy as np
import skimage.data

from inference.protocols import Mask, Rgb
from schemas.model_card import ModelCard
from schemas.stage import Stage


def photograph(name: str, size: int = 128) -> Rgb:
    """Crop the middle of one of scikit-image's photographs."""
    picture = getattr(skimage.data, name)()
    picture = np.dstack([picture] * 3) if picture.ndim == 2 else picture
    top, left = (picture.shape[0] - size) // 2, (picture.shape[1] - size) // 2
    return np.ascontiguousarray(picture[top : top + size, left : left + size])


def stroke(size: int = 128, width: int = 5) -> Mask:
    """Draw a diagonal stroke."""
    canvas = np.zeros((size, size), np.uint8)
    cv2.line(canvas, (size // 5, size // 3), (4 * size // 5, 2 * size // 3), 1, width)
    return canvas > 0


def disc(size: int = 128, radius: int = 20) -> Mask:
    """Draw a disc in the middle."""
    canvas = np.zeros((size, size), np.uint8)
    cv2.circle(canvas, (size // 2, size // 2), radius, 1, -1)
    return canvas > 0


def noisy(level: float, deviation: float, size: int = 128, seed: int = 0) -> Rgb:
    """Make a flat grey picture with white noise."""
    noise = np.random.default_rng(seed).normal(level, deviation, (size, size, 3))
    return np.rint(noise).clip(0, 255).astype(np.uint8)


def card(stage: Stage, scale: int | None = None) -> ModelCard:
    """Make a card for an adapter that is built by hand."""
    return ModelCard(
        name="under-test",
        version="1",
        stage=stage,
        summary="",
        adapter="inference.tests:None",
        licence="Apache-2.0",
        commercial_use=True,
        generative=False,
        scale=scale,
    )
