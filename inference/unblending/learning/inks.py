"""Which pixels of a mark have which ink: inks change the mean photograph in different directions of colour."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.unblending.ink import Plane

APART = np.cos(np.radians(35))
"""Cosine of the angle between two inks' directions: JPEG's coarse colours turn one ink by up to 20 degrees."""
FEW = 0.04
"""Share of the mark below which an ink is noise."""
MOST = 3
ROUNDS = 5
SMOOTH = 0.8
"""Deviation in pixels: colours are compared a little blurred."""

Direction = NDArray[np.float32]


def inks_apart(change: Plane, covered: Mask) -> NDArray[np.int32]:
    """Tell inks apart, ``(h, w)``: 0 is the most frequent one.

    Parameters
    ----------
    change
        ``(h, w, 3)``, by how many levels the mark changes the mean photograph: ``a (W - mean)``.
    covered
        ``(h, w)``, at least one pixel.
    """
    soft = np.asarray(cv2.GaussianBlur(change, (0, 0), SMOOTH), np.float32)
    vectors = soft[covered]
    strength = np.linalg.norm(vectors, axis=1)
    directions = vectors / np.maximum(strength, 1e-3)[:, None]
    weights = np.where(strength >= np.percentile(strength, 30), strength, 0)
    found: list[Direction] = []
    while len(found) < MOST:
        left = weights * np.all([directions @ other < APART for other in found], axis=0) if found else weights
        direction = _commonest(directions, left, FEW * weights.sum())
        if direction is None:
            break
        found.append(direction)
    return np.asarray(np.argmax([soft @ direction for direction in found], axis=0), np.int32)


def _commonest(directions: NDArray[np.float32], weights: NDArray[np.float32], least: float) -> Direction | None:
    """Find where most of the weight lies close together (mean shift, from several beginnings)."""
    best: tuple[float, Direction] | None = None
    for start in np.argsort(-weights)[:: max(1, len(weights) // 16)]:
        direction = directions[start]
        near = weights
        for _ in range(ROUNDS):
            near = weights * (directions @ direction > APART)
            mean = (directions * near[:, None]).sum(axis=0)
            direction = np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-6), np.float32)
        if near.sum() > max(least, best[0] if best else 0):
            best = (float(near.sum()), direction)
    return best[1] if best else None
