"""Noise of photographs: its bands, and how strong it is where nothing else is going on."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, blur, mean_near

BAND_EDGES = (0.45, 0.7, 1.4, 2.8)
"""Deviations, in pixels, of the Gaussians between which the bands of grain lie, finest first."""

_LAPLACIANS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_WINDOW = 3.0
_FEWEST = 64
_QUIET = 20
_QUIET_TO_MEAN = 0.94
"""Local deviations of pure noise in a window of 3 pixels' deviation scatter by 7 %: their 20th percentile is lower."""


def split(planes: Plane) -> list[Plane]:
    """Split into bands of grain, finest first; what is slower than the last edge is left out."""
    bands, rest = [], planes
    for sigma in BAND_EDGES:
        smooth = blur(planes, sigma)
        bands.append(rest - smooth)
        rest = smooth
    return bands


def quiet_deviation(values: Plane, where: Mask) -> np.ndarray | None:
    """Estimate the deviation of noise: that of the quietest fifth of all places in ``where``.

    Noise is everywhere alike, texture is not: between leaves or along a grain of wood there are quiet places, and
    they show the noise alone. A median over all places took wood for film grain and put speckles into it.

    Parameters
    ----------
    values
        ``(H, W)`` or ``(H, W, C)`` float32 of a high-pass or band-pass, so that its mean is 0.
    where
        ``(H, W)``.

    Returns
    -------
    ndarray or None
        A number or ``(C,)``, in the unit of ``values``; ``None`` where there are too few pixels to say.
    """
    if np.count_nonzero(where) < _FEWEST:
        return None
    power, weight = mean_near(values**2, where, _WINDOW)
    typical = where & (weight >= np.median(weight[where]))
    return np.sqrt(np.percentile(power[typical], _QUIET, axis=0)) / _QUIET_TO_MEAN


def noise_level(luma: Plane, where: Mask) -> float | None:
    """Estimate the noise of ``luma`` within ``where``, levels, with the high-pass of Immerkaer (1996).

    Returns ``None`` where there are too few pixels to say.
    """
    response = np.asarray(cv2.filter2D(luma, cv2.CV_32F, _LAPLACIANS, borderType=cv2.BORDER_REFLECT), np.float32)
    level = quiet_deviation(response / np.float32(6), where)  # 6 is the norm of the kernel
    return None if level is None else float(level)
