"""Whether a careful person would accept a repair, told from what was there before the damage.

A fill may show other leaves than there were: what counts is that slopes are as strong in each place as they were, and
that slow colours are not those of something else. Two developers judged repairs by eye before they saw any figure of
them (``verdicts.csv``: 79 and 96, with the truth beside them). The bound on slopes was chosen on the 79 of the first,
and agrees with 84 % of what the second said; the two rules together with 85 % of both.
"""

import numpy as np

from inference.assessment.native import luminance
from inference.assessment.slopes import slope_energy
from inference.assessment.smooth import slow_lab
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
_SLOW = 6.0
"""Pixels, deviation of the blur that leaves slow colours."""


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
    apart = slope_energy(luminance(repaired)) - slope_energy(luminance(truth))
    return float(np.quantile(np.abs(apart[hole]), _SHARE))


def colour_error(repaired: Rgb, truth: Rgb, hole: Mask) -> float:
    """Average CIE76 delta E of slow colours inside the hole."""
    ours, theirs = (slow_lab(rgb.astype(np.float32), _SLOW) for rgb in (repaired, truth))
    return float(np.linalg.norm(ours - theirs, axis=2)[hole].mean())
