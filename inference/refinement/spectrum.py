"""The spectrum of noise, and noise made with it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.refinement.bands import Plane
from inference.refinement.samples import WINDOW

Spectrum = NDArray[np.float32]
"""``(WINDOW, WINDOW)`` power at each frequency, in the order of numpy's FFT."""

Kernel = NDArray[np.float32]
"""``(WINDOW - 1, WINDOW - 1)``, symmetric, lag 0 in the middle."""

_TAPER = np.hanning(WINDOW + 2)[1:-1].astype(np.float32)


def spectrum_of(windows: NDArray[np.float32]) -> Spectrum:
    """Estimate the spectrum of noise from ``(M, WINDOW, WINDOW)`` windows.

    The median of their periodograms at each frequency (Welch 1967, with a median against windows that hold structure):
    a mean took the edges of the scene for fine grain, 2.5 times too strong at the finest frequencies of film.
    """
    return np.asarray(np.median(np.abs(np.fft.fft2(windows * np.outer(_TAPER, _TAPER))) ** 2, axis=0), np.float32)


def kernel_of(gain: Spectrum) -> Kernel:
    """Make the filter with this gain; the lag of half a window is ambiguous and left out."""
    return np.asarray(np.fft.fftshift(np.fft.ifft2(gain).real)[1:, 1:], np.float32)


def colouring(power: Spectrum) -> Kernel:
    """Make the filter that gives white noise this spectrum and a deviation of 1."""
    kernel = kernel_of(np.sqrt(power))
    return np.asarray(kernel / np.linalg.norm(kernel), np.float32)


def correlation(power: Spectrum) -> Kernel:
    """Give the autocorrelation of noise with this spectrum (Wiener-Khinchin), 1 in the middle."""
    kernel = kernel_of(power)
    return np.asarray(kernel / kernel.max(), np.float32)


def filtered(plane: Plane, kernel: Kernel) -> Plane:
    """Filter a ``(H, W)`` plane; borders are mirrored."""
    return np.asarray(
        cv2.filter2D(np.ascontiguousarray(plane), cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT), np.float32
    )
