"""Photographs with a mark of known paint over them."""

import cv2
import numpy as np
from skimage import data

from inference.masking.line import Line

White = (255, 255, 255)


def textured(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Ground with soft patches and grain, ``(height, width, 3)`` uint8."""
    rng = np.random.default_rng(seed)
    patches = cv2.resize(rng.uniform(40, 190, (8, 8, 3)), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(patches + rng.normal(0, 3, patches.shape), 0, 255).astype(np.uint8)


def painted(rgb: np.ndarray, layer: np.ndarray, colour: tuple[int, int, int], opacity: float) -> np.ndarray:
    """Lay a drawing, ``(H, W)`` uint8, over a picture."""
    share = layer[..., None] / 255 * opacity
    return np.rint(rgb * (1 - share) + np.array(colour) * share).astype(np.uint8)


def word(layer: np.ndarray, text: str, left: int, bottom: int, size: float = 1.0) -> Line:
    """Write a word, and say where a text detector would see it."""
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, size, round(3 * size))
    cv2.putText(layer, text, (left, bottom), cv2.FONT_HERSHEY_DUPLEX, size, 255, round(3 * size), cv2.LINE_AA)
    return Line(0.95, left + width / 2, bottom - height / 2, width + 8, height + 10, 0)


def tiles(rgb: np.ndarray, opacity: float) -> tuple[np.ndarray, np.ndarray, list[Line]]:
    """A picture with a word all over it, the drawing, and the lines."""
    layer = np.zeros(rgb.shape[:2], np.uint8)
    lines = [
        word(layer, "SAMPLE", left, top + 40)
        for row, top in enumerate(range(0, rgb.shape[0], 80))
        for left in range(-70 * (row % 2), rgb.shape[1], 170)
    ]
    return painted(rgb, layer, White, opacity), layer, lines


def scene() -> np.ndarray:
    """A photograph without a mark."""
    return np.ascontiguousarray(data.chelsea())
