"""Whether what runs into a hole goes on inside it: lines, edges, the direction of a texture."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, distance_outside

BAND = 6.0
"""Pixels on each side of the border that are compared, but for the first one, where the refiner blends."""

_SIGMA = 3.0


def border_structure(luma: Plane, hole: Mask) -> tuple[float, float] | None:
    """Compare the structure tensors (Förstner & Guelch 1987) of both sides along the border.

    Returns
    -------
    tuple
        How far they are apart, levels a pixel: the root of the tensors' Frobenius distance, averaged along the border;
        and the same as a share of both, 0 where they agree, 1 where only one side has any structure. ``None`` where the
        hole has no border.
    """
    inside, outside = depth_inside(hole), distance_outside(hole)
    border = (inside > 0) & (inside < 2)
    if not border.any() or hole.all():
        return None
    gx, gy = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.125)
    products = np.dstack([gx * gx, np.sqrt(2) * gx * gy, gy * gy]).astype(np.float32)
    within = _near(products, (inside > 1) & (inside <= BAND))[border]
    beyond = _near(products, (outside > 1) & (outside <= BAND))[border]
    apart = np.linalg.norm(within - beyond, axis=1)
    both = np.linalg.norm(within, axis=1) + np.linalg.norm(beyond, axis=1)
    return float(np.sqrt(apart).mean()), float((apart.sum() + 0.5) / (both.sum() + 1))


def _near(products: Plane, where: Mask) -> Plane:
    """Average over one side of the border near each of its pixels."""
    share = where.astype(np.float32)
    sums = cv2.GaussianBlur(products * share[..., None], (0, 0), _SIGMA)
    return np.asarray(sums / (cv2.GaussianBlur(share, (0, 0), _SIGMA) + 1e-3)[..., None], np.float32)
