"""Where a known mark may lie in a picture: a matched filter over places, sizes and turns.

The picture is brought to sizes at which the mark always has the same, so that one small template for each turn serves
all sizes, and large marks cost next to nothing.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.unblending.artwork import Pose
from inference.unblending.evidence import Trace, field_of
from inference.unblending.ink import Plane
from inference.unblending.looked import Looked
from inference.unblending.matched import Sought, border
from inference.unblending.stencils import SIDE, SIDE_TURNED, Stencil
from schemas.sighting import Paint

STEP, STEP_TURNED = 1.12, 1.15
SMALLEST, SMALLEST_TURNED, LARGE = 0.025, 0.045, 0.075
"""Root of a mark's area in that of the picture's: the smallest that is sought, upright and turned, and from where all
turns are tried."""
LARGEST = 1.1
"""Longer side of a mark, in longer sides of the picture."""
MOST_ENLARGED = 1.5
"""Of the picture, for the sake of small marks."""
Indices = NDArray[np.intp]
CLEAR = 4.0
"""Answer of the filter from which a place is looked at; of marks that were found it was 12 and more."""
MOST_AT_ONCE = 8
"""Places of one size, turn and paint in one block."""
MOST = 40
"""Places that are looked at closer ..."""
MOST_PEAKS = 1000
"""... and peaks of all sizes and turns from which they are chosen: each thing in the picture has many."""


@dataclass(frozen=True)
class Candidate:
    """A pose that deserves a closer look."""

    pose: Pose
    paint: Paint
    score: float


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
    return [_distinct(ranking.best) for ranking in rankings]


def _fits(luma: Looked, one: Stencil, factor: float) -> bool:
    return bool(factor * LARGEST * max(luma.shape) > max(one.width, one.height))


class Ranking:
    """The best candidates so far."""

    def __init__(self) -> None:
        self._found: list[Candidate] = []
        self.floor = CLEAR
        """Score from which another one counts."""

    @property
    def best(self) -> list[Candidate]:
        """All of them, best first."""
        return sorted(self._found, key=lambda candidate: -candidate.score)

    def add(self, found: list[Candidate]) -> None:
        """Take candidates in, and let the worst go."""
        self._found += found
        if len(self._found) > 2 * MOST_PEAKS:
            self._found = self.best[:MOST_PEAKS]
            self.floor = self._found[-1].score


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


def _distinct(found: list[Candidate]) -> list[Candidate]:
    """Keep the best of those that overlap."""
    kept: list[Candidate] = []
    for candidate in found:
        if len(kept) == MOST:
            break
        if not any(_near(candidate.pose, other.pose) for other in kept):
            kept.append(candidate)
    return kept


def _near(one: Pose, other: Pose) -> bool:
    reach = 0.12 * float(np.sqrt(other.width * other.height))
    turned = abs((one.turn - other.turn + 180) % 360 - 180)
    return (
        abs(one.x - other.x) < reach
        and abs(one.y - other.y) < reach
        and abs(float(np.log(one.width / other.width))) < 0.1
        and turned < 8
    )
