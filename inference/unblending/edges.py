"""Pixels on both sides of a mark's edges: pairs that show one ground with and without the mark."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.unblending.ink import Plane

REACH = 6.0
"""Pixels between the two of a pair: farther apart they show different things."""
MOST = 40_000
"""Pairs are plenty: beyond this, every n-th is taken."""


def pairs_across(picture: Plane, covered: Mask, bare: Mask, reach: float = REACH) -> tuple[Plane, Plane]:
    """Pair covered pixels with the nearest bare pixel.

    Returns
    -------
    tuple of ndarray
        ``(N, C)`` values within the mark, and beside it.
    """
    if not covered.any() or not bare.any():
        return np.empty((0, picture.shape[2]), np.float32), np.empty((0, picture.shape[2]), np.float32)
    distance, labels = cv2.distanceTransformWithLabels(
        (~bare).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    sources = np.flatnonzero(bare)
    nearest = np.zeros(int(labels.max()) + 1, np.int64)
    nearest[labels.ravel()[sources]] = sources
    within = np.flatnonzero(covered & (distance <= reach))
    within = within[:: 1 + len(within) // MOST]
    values = picture.reshape(-1, picture.shape[2])
    return values[within], values[nearest[labels.ravel()[within]]]
