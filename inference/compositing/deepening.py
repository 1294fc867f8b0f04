"""Fills have 8 bits: between their levels, those of 16-bit pictures are found where a fill is smooth enough for bands.

A level that 8 bits hold stands for an interval. Where nothing but a step of one level is near, the smoothest surface
whose samples stay inside their intervals takes the bands out (projections onto convex sets, after Youla and Webb 1982),
and joins the known samples, which have all of their 16 bits. Elsewhere texture and grain hide the rounding.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.pictures.picture import WIDEN, to_8_bit
from inference.pictures.strips import strips
from inference.protocols import Mask, Rgb, Samples

_REACHES = (33, 33, 17, 17, 9, 9, 5, 5)
"""Sides of the windows that smooth, in pixels, coarse to fine. Bands broader than the first keep a slight bend."""
_NEARBY = 9
"""Side of the window in which there must be no more than one step."""
_HALF = np.float32(0.499)
"""Levels; half of one, but so that rounding gives the fill back."""


def deepened(fill: Rgb, covered: Mask, ground: Samples) -> NDArray[np.uint16]:
    """Widen a fill to 16 bits.

    Parameters
    ----------
    fill
        ``(h, w, 3)`` uint8.
    covered
        ``(h, w)`` bool: where the fill is laid on.
    ground
        ``(h, w, 3)`` uint16: the picture under and around it.

    Returns
    -------
    array
        ``(h, w, 3)`` uint16 that rounds to ``fill`` where it is covered, and is ``ground`` elsewhere.
    """
    out = np.empty(ground.shape, np.uint16)
    margin = sum(_REACHES) // 2  # what lies farther away has no influence, so strips make no difference
    for rows in strips(ground.shape[0]):
        top = max(0, rows.start - margin)
        seen, own = slice(top, rows.stop + margin), slice(rows.start - top, rows.stop - top)
        for channel in range(3):
            deep = _deep(fill[seen, :, channel], covered[seen], ground[seen, :, channel])
            out[rows, :, channel] = deep[own]
    return out


def _deep(levels: NDArray[np.uint8], covered: Mask, known: Samples) -> NDArray[np.uint16]:
    """One channel, ``(h, w)``."""
    even = _even(np.where(covered, levels, to_8_bit(known)).astype(np.uint8))
    surface = np.where(covered, levels, known / np.float32(WIDEN)).astype(np.float32)
    smooth = _smoothed(surface, even, covered & even)
    return cast(NDArray[np.uint16], np.where(covered, np.rint(smooth * WIDEN), known).astype(np.uint16))


def _even(levels: NDArray[np.uint8]) -> Mask:
    """``(h, w)`` bool: no more than one step of one level in the window around a pixel."""
    window = np.ones((_NEARBY, _NEARBY), np.uint8)
    return cv2.dilate(levels, window) - cv2.erode(levels, window) <= 1


def _smoothed(surface: NDArray[np.float32], even: Mask, free: Mask) -> NDArray[np.float32]:
    """Smooth what is free among all that is even, and push it back into its intervals, in turns."""
    if not free.any():
        return surface
    weight = even.astype(np.float32)
    smooth = surface
    for side in _REACHES:
        window = (side, side)
        near = cv2.blur(smooth * weight, window) / np.maximum(cv2.blur(weight, window), np.float32(1e-6))
        smooth = np.where(free, np.clip(near, surface - _HALF, surface + _HALF), surface)
    return smooth
