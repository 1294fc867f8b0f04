"""Noise of photographs: how much there is, and more of the same kind."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, blur

BAND_EDGES = (0.7, 1.4, 2.8)
"""Deviations, in pixels, of the Gaussians between which the three bands of grain lie: fine, film, coarse."""

_LAPLACIANS = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_MAD_TO_DEVIATION = 1.4826
_FEWEST = 64


def split(planes: Plane) -> list[Plane]:
    """Split into bands of grain, finest first; what is slower than the last edge is left out."""
    bands, rest = [], planes
    for sigma in BAND_EDGES:
        smooth = blur(planes, sigma)
        bands.append(rest - smooth)
        rest = smooth
    return bands


def flattest(luma: Plane, where: Mask) -> Mask:
    """Choose the flatter half of ``where``, in which deviations are noise rather than texture.

    Flatness is judged on a blurred picture, so that grain itself does not count as unevenness.
    """
    slow = blur(luma, 2.5)
    gradient = np.hypot(cv2.Sobel(slow, cv2.CV_32F, 1, 0), cv2.Sobel(slow, cv2.CV_32F, 0, 1))
    return where & (gradient <= np.median(gradient[where])) if where.any() else where


def deviation(values: Plane) -> np.ndarray:
    """Estimate the standard deviation of ``(N, C)`` samples around 0 from their median, so outliers do not count."""
    return _MAD_TO_DEVIATION * np.median(np.abs(values), axis=0)


def noise_level(luma: Plane, where: Mask) -> float | None:
    """Estimate the noise of ``luma`` within ``where``, levels (Immerkaer 1996, with a median for the mean).

    Returns ``None`` where there are too few pixels to say.
    """
    samples = flattest(luma, where)
    if np.count_nonzero(samples) < _FEWEST:
        return None
    response = np.asarray(cv2.filter2D(luma, cv2.CV_32F, _LAPLACIANS, borderType=cv2.BORDER_REFLECT), np.float32)
    return float(deviation(response[samples]) / 6)  # 6 is the norm of the kernel
