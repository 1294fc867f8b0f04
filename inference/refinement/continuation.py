"""Noise that goes on across a border: made anew farther in, tied to what is there at the rim."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, distance_outside

BAND = 5.0
"""Pixels on both sides of the border between which correlation is kept. Film grain of 0.8 pixels has 1 % beyond 5."""

_STEPS = 8
_NUGGET = 0.1
"""Share of the noise that no neighbour explains; keeps the equations well-posed where the spectrum has gaps."""


def continued(fresh: Plane, outside: Plane, hole: Mask, correlation: NDArray[np.float32]) -> Plane:
    """Tie a field of noise to its known values beyond the border.

    Conditioning by kriging: what the known values differ by from the fresh field is predicted into the hole by the
    correlation and added (Journel & Huijbregts 1978; Rasmussen & Williams 2006, eq. 2.19). White noise stays as it is.

    Parameters
    ----------
    fresh
        ``(H, W)`` float32 noise with a deviation of 1.
    outside
        ``(H, W)`` float32: the noise that is there, in the same unit; of use outside the hole.
    hole
        ``(H, W)``.
    correlation
        Of the noise with itself, odd sides, 1 in the middle.

    Returns
    -------
    ndarray
        ``(H, W)`` float32: ``outside`` outside the hole, noise that continues it inside.
    """
    distance = distance_outside(hole)
    known = (distance > 0) & (distance <= BAND)
    near = hole & (depth_inside(hole) <= BAND)
    weights = _solved(np.where(known, outside - fresh, np.float32(0)), known, correlation)
    return np.where(hole, fresh + np.where(near, _spread(weights, correlation), 0), outside).astype(np.float32)


def _solved(right: Plane, known: Mask, correlation: NDArray[np.float32]) -> Plane:
    """Solve (C + nugget) x = right over the known pixels by conjugate gradients."""
    solution = np.zeros_like(right)
    residual, direction = right.copy(), right.copy()
    size = first = float(np.vdot(residual, residual))
    for _ in range(_STEPS):
        if size <= 1e-4 * first:
            break
        image = np.where(known, _spread(direction, correlation) + _NUGGET * direction, np.float32(0))
        curvature = float(np.vdot(direction, image))
        if curvature <= 0:
            break
        step = np.float32(size / curvature)
        solution += step * direction
        residual -= step * image
        previous, size = size, float(np.vdot(residual, residual))
        direction = residual + np.float32(size / previous) * direction
    return solution


def _spread(values: Plane, correlation: NDArray[np.float32]) -> Plane:
    return np.asarray(cv2.filter2D(values, cv2.CV_32F, correlation, borderType=cv2.BORDER_CONSTANT), np.float32)
