"""The composite mask: whole on the hole, fading out beyond it."""

import numpy as np

from inference.protocols import Alpha, Mask
from inference.refinement.bands import depth_inside, distance_outside, smoothstep


def feathered(hole: Mask, width: float | None = None) -> Alpha:
    """Make the composite mask of ``hole``.

    Parameters
    ----------
    hole
        ``(H, W)``.
    width
        Pixels beyond the hole within which the mask fades; ``None`` chooses 3 for strokes up to 6 for wide holes.

    Returns
    -------
    ndarray
        ``(H, W)`` float32: exactly 1 on the hole, so that the unwanted thing is never seen through, and exactly 0
        farther than ``width`` from it.
    """
    if width is None:
        width = float(np.clip(3 + depth_inside(hole).max(initial=0) / 16, 3, 6))
    outside = distance_outside(hole) if hole.any() else np.full(hole.shape, np.inf, np.float32)
    alpha = smoothstep(1 - outside / (width + 1))
    alpha[outside > width] = 0
    return alpha.astype(np.float32)
