"""Where a known mark may lie in a picture: a matched filter over places, sizes and turns.

The picture is brought to sizes at which the mark always has the same, so that one small template for each turn serves
all sizes, and large marks cost next to nothing.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.unblending.artwork import Pose
from inference.unblending.evidence import Trace, field_of
from inference.unblending.ink import Plane
from inference.unblending.looked import Looked
from inference.unblending.matched import Sought, border
from inference.unblending.ranking import Candidate, Ranking
from inference.unblending.stencils import SIDE, SIDE_TURNED, Stencil

STEP, STEP_TURNED = 1.12, 1.15
SMALLEST, SMALLEST_TURNED, LARGE = 0.025, 0.045, 0.075
"""Root of a mark's area in that of the picture's: the smallest that is sought, upright and turned, and from where all
turns are tried."""
LARGEST = 1.1
"""Longer side of a mark, in longer sides of the picture."""
MOST_ENLARGED = 1.5
"""Of the picture, for the sake of small marks."""
Indices = NDArray[np.intp]
MOST_AT_ONCE = 8
"""Places of one size, turn and paint in one block."""


def candidates(luma: Looked, stencils: list[Stencil], *, turned: bool) -> list[list[Candidate]]:
    """List poses at which each mark may be, likeliest first; some pixels, percent and degrees off, and mostly wrong.

    Parameters
    ----------
    stencils
        Of marks that are looked for together, all upright or all turned: each size of the picture is prepared once.
    """
    side, smallest, step = (SIDE_TURNED, SMALLEST_TURNED, STEP_TURNED) if turned else (SIDE, SMALLEST, STEP)
    rankings = [Ranking() for _ in stencils]
    root = float(np.sqrt(luma.pixels))
    factor = side / (smallest * root)
    while any(_fits(luma, one, factor) for one in stencils):
        shares = [one.root / (factor * root) for one in stencils]
        # The first size of a long mark, whose stencil is smaller, is the last at which it is not above the smallest.
        sized = [
            (ranking, one, one.traces if share >= LARGE else one.usual)
            for ranking, one, share in zip(rankings, stencils, shares, strict=True)
            if share * step > smallest and _fits(luma, one, factor)
        ]
        if sized and factor <= MOST_ENLARGED:
            _look(luma, factor, sized, side)
        factor /= step
    return [ranking.chosen() for ranking in rankings]


def _fits(luma: Looked, one: Stencil, factor: float) -> bool:
    return bool(factor * LARGEST * max(luma.shape) > max(one.width, one.height))


def _look(
    luma: Looked, factor: float, sized: list[tuple[Ranking, Stencil, list[tuple[float, Trace]]]], side: int
) -> None:
    """Look with the picture brought to ``factor`` of its size."""
    sizes = [trace.size for _, _, traces in sized for _, trace in traces]
    if not sizes:
        return
    small, pitch = luma.reduced(factor)
    largest = (max(size[0] for size in sizes), max(size[1] for size in sizes))
    sought = Sought(field_of(small, border(largest)), largest, side)
    for ranking, one, traces in sized:
        ranking.begin_size()
        for turn, trace in traces:
            for answer in sought.answers(trace, one.paints):
                rows, columns, scores = _peaks(answer.values, ranking.floor)
                places = zip(
                    (rows + answer.top).tolist(), (columns + answer.left).tolist(), scores.tolist(), strict=True
                )
                ranking.add(
                    [
                        Candidate(Pose(x, y, one.width, one.height, turn).resized(pitch), answer.paint, score)
                        for y, x, score in places
                    ]
                )


def _peaks(answer: Plane, floor: float) -> tuple[Indices, Indices, Plane]:
    """Rows, columns and values of the highest peaks above ``floor``."""
    if answer.max() <= floor:
        none = np.zeros(0, np.intp)
        return none, none, np.zeros(0, np.float32)
    places = np.flatnonzero((answer == cv2.dilate(answer, np.ones((7, 7), np.uint8))) & (answer > floor))
    values = answer.ravel()[places]
    best = np.argsort(-values)[:MOST_AT_ONCE]
    return *np.divmod(places[best], answer.shape[1]), values[best]
