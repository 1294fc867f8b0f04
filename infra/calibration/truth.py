"""Whether a careful person would accept a repair, told from what was there before the damage.

A fill may show other leaves than there were: what counts is that slow colours are those of the truth, and that the
texture is of the same kind. The rule was fitted to 96 repairs that one developer judged by eye without seeing any
figure (docs/judgement.md): it agrees with 85 in 100 of those that it was not fitted to.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb
from inference.refinement.bands import around

SIGMA = 6.0
"""Pixels: deviation of the blur that leaves slow colours."""
CONTEXT = 64
"""Pixels around a hole that its figures look at."""
LEVELS = 4
"""Scales of texture, an octave apart."""

_INTERCEPT, _COLOUR, _TEXTURE = -0.19, -2.06, -0.98
"""Of a logistic regression on ``log(colour + 0.5)`` and ``log(texture + 0.003)``."""
_LEAST = 16
_ROOT_HALF = 0.7071


def is_good(repaired: Rgb, truth: Rgb, hole: Mask) -> bool:
    """Whether a repair is as good as those that were accepted by eye.

    Parameters
    ----------
    repaired, truth
        ``(H, W, 3)`` uint8.
    hole
        ``(H, W)``, not empty: what was repaired.
    """
    place = around(hole, CONTEXT)
    ours, theirs, inside = repaired[place], truth[place], hole[place]
    colour, texture = colour_error(ours, theirs, inside), texture_error(ours, theirs, inside)
    return bool(_INTERCEPT + _COLOUR * np.log(colour + 0.5) + _TEXTURE * np.log(texture + 0.003) > 0)


def colour_error(repaired: Rgb, truth: Rgb, hole: Mask) -> float:
    """Average CIE76 delta E of slow colours inside the hole."""
    apart = _slow_lab(repaired) - _slow_lab(truth)
    return float(np.linalg.norm(apart, axis=2)[hole].mean())


def texture_error(repaired: Rgb, truth: Rgb, hole: Mask) -> float:
    """Compare statistics of edges, spots and chroma inside the hole at several scales, place by place unaligned.

    Source: the texture term of DISTS (Ding et al., TPAMI 2020) over features made by hand; 0 is the same.
    """
    ours = cv2.cvtColor(np.ascontiguousarray(repaired), cv2.COLOR_RGB2YCrCb).astype(np.float32)
    theirs = cv2.cvtColor(np.ascontiguousarray(truth), cv2.COLOR_RGB2YCrCb).astype(np.float32)
    share = hole.astype(np.float32)
    errors = []
    for _ in range(LEVELS):
        inside = cv2.resize(share, ours.shape[1::-1], interpolation=cv2.INTER_AREA) > 0.5
        if np.count_nonzero(inside) >= _LEAST:
            errors.append(1 - _alike(_features(ours)[inside], _features(theirs)[inside]))
        ours, theirs = (np.asarray(cv2.pyrDown(each), np.float32) for each in (ours, theirs))
    return float(np.mean(errors)) if errors else 0.0


def _features(ycc: NDArray[np.float32]) -> NDArray[np.float32]:
    luma = ycc[..., 0]
    soft = cv2.GaussianBlur(luma, (0, 0), 1.0)
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.25)
    signed = [gx, gy, (gx + gy) * _ROOT_HALF, (gx - gy) * _ROOT_HALF, luma - cv2.GaussianBlur(luma, (0, 0), 2.0)]
    chroma = [(cv2.GaussianBlur(ycc[..., channel], (0, 0), 1.0) - 128) * 0.5 for channel in (1, 2)]
    rectified = [np.maximum(sign * plane, 0) for plane in (*signed, *chroma) for sign in (1, -1)]
    return np.dstack([*rectified, soft * 0.06]).astype(np.float32)


def _alike(first: NDArray[np.float32], second: NDArray[np.float32]) -> float:
    pairs = ((first.mean(0), second.mean(0)), (first.std(0), second.std(0)))
    return float(np.mean([(2 * a * b + 0.5) / (a * a + b * b + 0.5) for a, b in pairs]))


def _slow_lab(rgb: Rgb) -> NDArray[np.float32]:
    lab = cv2.cvtColor(np.ascontiguousarray(rgb).astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), SIGMA), np.float32)
