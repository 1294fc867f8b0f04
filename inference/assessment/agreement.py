"""How far fills of one hole are from each other.

What independent methods agree on was mostly there: of fills whose truth is known, the one nearest to the others was
nearest to the truth more often than any signal of its own border could tell.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from inference.assessment.native import luminance
from inference.protocols import Mask, Rgb
from inference.refinement.bands import Plane, blur

SLOW = 3.0
"""Deviation in pixels of the blur under which colours are compared: texture need not agree."""

FAINT = 2.0
"""Levels a pixel. Slopes well below count as none, those above by their direction."""

_AT_ONCE = 400_000
"""Pixels of the hole that are compared; an even choice of them beyond that."""


def disagreements(fills: Sequence[Rgb], hole: Mask) -> list[tuple[float, float]]:
    """Give the mean distance of each fill to the others.

    Parameters
    ----------
    fills
        Two or more, ``(H, W, 3)`` uint8, equal outside the hole.
    hole
        ``(H, W)``, not empty.

    Returns
    -------
    list
        Colour, CIE76 delta E of slow colours; and lines, 0 where slopes agree up to 4 where they are opposed.
    """
    places = np.flatnonzero(hole)
    places = places[:: -(-len(places) // _AT_ONCE)]
    colours = [_slow_colours(fill).reshape(-1, 3)[places] for fill in fills]
    slopes = [_directions(fill).reshape(-1, 2)[places] for fill in fills]
    return [(_mean_distance(colours, own), _mean_square(slopes, own)) for own in range(len(fills))]


def _slow_colours(fill: Rgb) -> Plane:
    slow = blur(fill.astype(np.float32) / np.float32(255), SLOW)
    return np.asarray(cv2.cvtColor(slow, cv2.COLOR_RGB2Lab), np.float32)


def _directions(fill: Rgb) -> Plane:
    luma = blur(luminance(fill), 1.0)
    slopes = np.dstack([cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.125)])
    return np.asarray(slopes / np.sqrt((slopes**2).sum(axis=2, keepdims=True) + FAINT**2))


def _mean_distance(all_: list[Plane], own: int) -> float:
    others = [np.linalg.norm(other - all_[own], axis=1).mean() for i, other in enumerate(all_) if i != own]
    return float(np.mean(others))


def _mean_square(all_: list[Plane], own: int) -> float:
    others = [np.square(other - all_[own]).sum(axis=1).mean() for i, other in enumerate(all_) if i != own]
    return float(np.mean(others))
