"""What a mark is painted with: its colour and opacity, from pairs of pixels with and without it.

``within = k W + (1 - k) beside`` for every pair: a straight line in each channel, all of one slope.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.unblending.ink import Ink, Plane, opacity_seen

WHITE = np.full(3, 255, np.float32)
LEAST_OPACITY, MOST_OPACITY = 0.02, 0.97
SIMPLER = 1.05
"""A free colour has to fit this much better than a grey, and a grey than white: most marks are white, and where the
ground is of one brightness, a whole line of colours fits."""
FEWEST = 50
_ROUNDS = 10
_BLACK = np.zeros(3, np.float32)
_Family = Callable[[Plane, Plane], NDArray[np.float32]]


def fit_ink(within: Plane, beside: Plane) -> Ink | None:
    """Choose the simplest of white, a grey and a free colour that explains the pairs; ``None`` for fewer than 50."""
    if len(within) < FEWEST:
        return None
    inks = [opaque_as(colour, within, beside) for colour in (WHITE, _grey(within, beside), _free(within, beside))]
    left = [unexplained(ink, within, beside) for ink in inks]
    chosen = 0
    for index in (1, 2):
        if left[index] * SIMPLER < left[chosen]:
            chosen = index
    return inks[chosen]


def first_ink(picture: Plane, ground: Plane, area: Mask) -> tuple[Ink, NDArray[np.bool_]]:
    """Guess what a mark is painted with, before anything is known of its shape: white, black, or a colour.

    For each, covered pixels are told from bare ones by colour alone: expectation-maximisation over two lines through
    the pairs (ground, picture), the bare pixels' ``y = x`` and the mark's. The ground is a guess, so the ink is rough.

    Returns
    -------
    Ink and ndarray
        ``(number of True pixels in area,)`` bool: covered.
    """
    seen, under = picture[area], ground[area]
    found = [_told_apart(seen, under, family) for family in (lambda *_: WHITE, lambda *_: _BLACK, _free)]
    costs = [float(np.minimum(*_misfits(ink, seen, under)).mean()) for ink, _ in found]
    costs[2] *= SIMPLER
    return found[int(np.argmin(costs))]


def _misfits(ink: Ink, seen: Plane, under: Plane) -> tuple[Plane, Plane]:
    change = seen - under
    as_mark = change - ink.opacity * (ink.colour - under)
    return np.abs(as_mark).sum(axis=1), np.abs(change).sum(axis=1)


def _told_apart(seen: Plane, under: Plane, family: _Family) -> tuple[Ink, NDArray[np.bool_]]:
    change = np.abs(seen - under).sum(axis=1)
    covered = change > np.median(change)
    ink = Ink(WHITE, 0.5)
    for _ in range(_ROUNDS):
        if covered.sum() < FEWEST:
            break
        ink = opaque_as(family(seen[covered], under[covered]), seen[covered], under[covered])
        as_mark, as_bare = _misfits(ink, seen, under)
        covered = as_mark < as_bare
    return ink, covered


def opaque_as(colour: NDArray[np.float32], within: Plane, beside: Plane) -> Ink:
    """Fit the opacity alone: weighted median over the pairs, by how far the ground is from the colour."""
    seen, contrast = opacity_seen(within, beside, colour)
    order = np.argsort(seen)
    weight = np.cumsum(np.sqrt(contrast[order]))
    middle = seen[order][np.searchsorted(weight, weight[-1] / 2)] if weight[-1] > 0 else 0.0
    return Ink(colour, float(np.clip(middle, LEAST_OPACITY, MOST_OPACITY)))


def _grey(within: Plane, beside: Plane) -> NDArray[np.float32]:
    slope = _slope(np.ravel(within), np.ravel(beside))
    level = (np.median(within) - slope * np.median(beside)) / (1 - slope)
    return np.full(3, np.clip(level, 0, 255), np.float32)


def _free(within: Plane, beside: Plane) -> NDArray[np.float32]:
    spread = [within - np.median(within, axis=0), beside - np.median(beside, axis=0)]
    slope = _slope(spread[0], spread[1])
    colour = (np.median(within, axis=0) - slope * np.median(beside, axis=0)) / (1 - slope)
    return np.asarray(np.clip(colour, 0, 255), np.float32)


def _slope(within: NDArray[np.floating], beside: NDArray[np.floating]) -> float:
    """Ratio of the spreads (reduced major axis).

    Both sides sample one ground, so their spreads differ by ``1 - k`` exactly, however little a pair agrees; least
    squares would take the disagreement for opacity.
    """
    spreads = [float(np.subtract(*np.percentile(values, (85, 15)))) for values in (within, beside)]
    return float(np.clip(spreads[0] / max(spreads[1], 1e-3), 1 - MOST_OPACITY, 1 - LEAST_OPACITY))


def unexplained(ink: Ink, within: Plane, beside: Plane) -> float:
    """Measure how far an ink is from explaining pairs, in mean levels; never 0."""
    return float(np.abs(within - beside - ink.opacity * (ink.colour - beside)).mean()) + 0.05
