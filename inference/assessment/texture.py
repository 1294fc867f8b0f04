"""What a fill is made of, against what is around it: statistics of its texture, and copies of whole places."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, distance_outside

RING = 16.0
"""Pixels of surroundings whose texture counts."""
LEVELS = 3
"""Scales, an octave apart."""
SAMPLES = 400
"""Places of a fill that are looked for elsewhere, at most."""
CONTEXT = 2000
"""Places of the surroundings among which they are looked for, at most."""

_BLURS = (7, 3, 3)
"""Pixels of each scale that are averaged for a place: about seven of the picture, and what a coarser scale spans."""
_BESIDE = 2
_LEAST = 12
_STABLE = 0.5


Strengths = list[NDArray[np.float32]]
"""``(h, w, 5)`` for each scale, levels: edges in four directions, and spots. Each scale is half as large."""


def strengths(luma: Plane) -> Strengths:
    """Measure the strengths of edges in four directions, and of spots, at three scales."""
    found = []
    for _ in range(LEVELS):
        soft = cv2.GaussianBlur(luma, (0, 0), 1.0)
        gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.25)
        spots = luma - cv2.GaussianBlur(luma, (0, 0), 2.0)
        slants = (gx + gy) * np.float32(np.sqrt(0.5)), (gx - gy) * np.float32(np.sqrt(0.5))
        planes = np.asarray(cv2.merge([gx, gy, *slants, spots]), np.float32)
        found.append(np.abs(planes, out=planes))
        luma = np.asarray(cv2.pyrDown(luma), np.float32)
    return found


def texture_distance(planes: Strengths, hole: Mask, reach: float = RING) -> float | None:
    """Compare means and deviations of the strengths inside and in a ring of ``reach`` pixels.

    0 is the same texture, 1 another.

    Source: the statistics of DISTS (Ding et al., TPAMI 2020) on features made by hand.
    """
    outside = distance_outside(hole)
    inner, ring = hole.astype(np.float32), ((outside > 1) & (outside <= reach)).astype(np.float32)
    distances = []
    for plane in planes:
        within, around = plane[inner > _STABLE], plane[ring > _STABLE]
        if min(len(within), len(around)) >= _LEAST:
            distances.append(1 - _alike(within, around))
        inner, ring = (np.asarray(cv2.pyrDown(share), np.float32) for share in (inner, ring))
    return float(np.mean(distances)) if distances else None


def self_similarity(planes: Strengths, hole: Mask) -> float | None:
    """Average how well places of the fill are found again in the surroundings: cosine of their strengths, 0..1.

    The idea of a score by features of context and fill (RC-S), on features made by hand. docs/adr/0012 tells what
    those of nets were worth.
    """
    fill = _some(np.argwhere(depth_inside(hole) > 1), SAMPLES)
    context = _some(np.argwhere(distance_outside(hole) > _BESIDE), CONTEXT)
    if len(fill) < _LEAST or len(context) < _LEAST:
        return None
    blurred = [np.asarray(cv2.blur(plane, (n, n)), np.float32) for plane, n in zip(planes, _BLURS, strict=True)]
    alike = _unit(_taken(blurred, fill)) @ _unit(_taken(blurred, context)).T
    return float(np.clip(alike.max(axis=1).mean(), 0, 1))


def _taken(planes: Strengths, places: NDArray[np.intp]) -> NDArray[np.float32]:
    """Take the strengths of all scales at places of the largest, ``(N, 5 * LEVELS)``."""
    rows, columns = places.T
    return np.hstack([plane[rows >> level, columns >> level] for level, plane in enumerate(planes)])


def _alike(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    means, deviations = (first.mean(0), second.mean(0)), (first.std(0), second.std(0))
    agree = [(2 * a * b + _STABLE) / (a * a + b * b + _STABLE) for a, b in (means, deviations)]
    return float(np.mean(agree))


def _some(rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Take evenly spread rows: the same ones each time, so that a signal is a function of the picture."""
    return rows[:: max(1, -(-len(rows) // most))]


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give directions. A floor lets calm places, whose direction is noise, be alike."""
    padded = np.hstack([rows, np.ones((len(rows), 1), np.float32)])
    return np.asarray(padded / np.linalg.norm(padded, axis=1, keepdims=True), np.float32)
