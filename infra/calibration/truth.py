"""Whether a careful person would accept a repair, told from what was there before the damage.

A fill may show other leaves than there were: what counts is that slopes are as strong in each place as they were, and
that slow colours are not those of something else. Two developers judged repairs by eye before they saw any figure of
them (``verdicts.csv``: 79 and 96, with the truth beside them). The bound on slopes was chosen on the 79 of the first,
and agrees with 84 % of what the second said; the two rules together with 85 % of both.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb
from inference.refinement.bands import around

MOST_DEPARTURE = 2.1
"""Natural logarithm: the energy of slopes may be eight times too high or too low, their height three times."""
MOST_COLOUR = 8.0
"""CIE76 delta E of slow colours: a tint leaves slopes as they are."""
CONTEXT = 64
"""Pixels around a hole that its figures look at."""

_SHARE = 0.98
"""Of the hole's pixels. The last 2 % are forgiven, for edges may lie elsewhere."""
_NEAR = 4.0
"""Pixels, deviation of the neighbourhood in which energies are averaged."""
_SLOW = 6.0
"""Pixels, deviation of the blur that leaves slow colours."""
_UNSEEN = 2.0
"""Squared levels a pixel that nobody sees: noise of a good camera."""


def is_good(repaired: Rgb, truth: Rgb, hole: Mask) -> bool:
    """Judge a repair: a smear, a broken line, a blot or a wrong thing is bad, other leaves of the same tree are good.

    Parameters
    ----------
    repaired, truth
        ``(H, W, 3)`` uint8.
    hole
        ``(H, W)``, not empty: what was repaired.
    """
    place = around(hole, CONTEXT)
    ours, theirs, inside = np.ascontiguousarray(repaired[place]), np.ascontiguousarray(truth[place]), hole[place]
    return departure(ours, theirs, inside) <= MOST_DEPARTURE and colour_error(ours, theirs, inside) <= MOST_COLOUR


def departure(repaired: Rgb, truth: Rgb, hole: Mask) -> float:
    """Measure how far the local energy of slopes departs from the truth's, up or down, in all but 2 % of the hole.

    Returns
    -------
    float
        Natural logarithm of the ratio, 0 for the truth itself.
    """
    ratio = np.log((_energy(repaired) + _UNSEEN) / (_energy(truth) + _UNSEEN))
    return float(np.quantile(np.abs(ratio[hole]), _SHARE))


def colour_error(repaired: Rgb, truth: Rgb, hole: Mask) -> float:
    """Average CIE76 delta E of slow colours inside the hole."""
    apart = _slow_lab(repaired) - _slow_lab(truth)
    return float(np.linalg.norm(apart, axis=2)[hole].mean())


def _energy(rgb: Rgb) -> NDArray[np.float32]:
    luma = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 1.0)
    across, down = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.25)
    return np.asarray(cv2.GaussianBlur(across**2 + down**2, (0, 0), _NEAR), np.float32)


def _slow_lab(rgb: Rgb) -> NDArray[np.float32]:
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), _SLOW), np.float32)
