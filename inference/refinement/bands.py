"""Bands along a hole's border, and means that look at one side of it only."""

from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask

Plane = NDArray[np.float32]


def around(hole: Mask, margin: int) -> tuple[slice, slice]:
    """Give rows and columns of the smallest box around the hole with ``margin`` pixels of context, in the picture.

    ``hole`` must not be empty.
    """
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    top, left = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    return slice(top, int(rows[-1]) + margin + 1), slice(left, int(columns[-1]) + margin + 1)


def depth_inside(hole: Mask) -> Plane:
    """Measure the distance to the border from inside: ``(H, W)`` float32 pixels, 1 at the rim, 0 outside the hole.

    Equal holes give equal bytes.
    """
    with _without_ipp():
        return np.asarray(cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


@contextmanager
def _without_ipp() -> Iterator[None]:
    """Leave Intel's routines out, in this thread.

    Theirs, which OpenCV takes for small pictures and wherever it has one thread, answers otherwise in the last bit
    depending on where in memory the picture lies (OpenCV 5.0.0, two answers in 200 calls), and a fill that is compared
    by it comes out otherwise. OpenCV's own is exact, and as fast.
    """
    used = cv2.ipp.useIPP()
    cv2.ipp.setUseIPP(False)
    try:
        yield
    finally:
        cv2.ipp.setUseIPP(used)


def distance_outside(hole: Mask) -> Plane:
    """Measure the distance to the hole: ``(H, W)`` float32 pixels, 1 right beside it, 0 inside."""
    return depth_inside(~hole)


def smoothstep(t: Plane) -> Plane:
    """Rise smoothly from 0 at 0 to 1 at 1."""
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def blur(values: Plane, sigma: float) -> Plane:
    """Blur with a Gaussian of deviation ``sigma`` pixels; borders are mirrored."""
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32)


def mean_near(values: Plane, where: Mask, sigma: float) -> tuple[Plane, Plane]:
    """Average ``values`` around each pixel over ``where`` alone (normalised convolution, Knutsson & Westin 1993).

    Parameters
    ----------
    values
        ``(H, W)`` or ``(H, W, C)`` float32.
    where
        ``(H, W)``, the pixels that count.
    sigma
        Deviation of the Gaussian window, pixels.

    Returns
    -------
    means
        Like ``values``; 0 where nothing that counts is near.
    weight
        ``(H, W)``, share of the window that counted, 0..1.
    """
    share = where.astype(np.float32)
    weight = blur(share, sigma)
    broad = share[..., None] if values.ndim == 3 else share
    sums = blur(values * broad, sigma)
    reliable = weight > 1e-4
    divisor = np.where(reliable, weight, np.float32(1))
    means = np.asarray(sums / (divisor[..., None] if values.ndim == 3 else divisor), np.float32)
    means[~reliable] = 0
    return means, np.where(reliable, weight, 0).astype(np.float32)
