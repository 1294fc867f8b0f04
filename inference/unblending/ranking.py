"""Which of many places deserve a closer look: those that stand out among all, and those that do among their like."""

from dataclasses import dataclass

import numpy as np

from inference.unblending.artwork import Pose
from schemas.sighting import Paint

CLEAR = 4.0
"""Answer of the filter from which a place counts; of marks that were found it was 9 and more."""
MOST = 40
"""Places that are looked at closer, and half as many that are chosen by their answer alone."""
MOST_OF_A_SIZE = 60
"""Peaks of one size of the mark that are kept: each thing in the picture has one at many turns."""


@dataclass(frozen=True)
class Candidate:
    """A pose that deserves a closer look."""

    pose: Pose
    paint: Paint
    score: float


class Ranking:
    """The best candidates of one mark so far, size by size."""

    def __init__(self) -> None:
        self._sizes: list[list[Candidate]] = []
        self.floor = CLEAR
        """Score from which another one of this size counts."""

    def begin_size(self) -> None:
        """Go on with another size of the mark."""
        self._sizes.append([])
        self.floor = CLEAR

    def add(self, found: list[Candidate]) -> None:
        """Take candidates in, and let the worst of this size go."""
        self._sizes[-1] += found
        if len(self._sizes[-1]) > 2 * MOST_OF_A_SIZE:
            self._sizes[-1] = _best(self._sizes[-1])[:MOST_OF_A_SIZE]
            self.floor = self._sizes[-1][-1].score

    def chosen(self) -> list[Candidate]:
        """Give the likeliest ones, none near another.

        Where a mark is small, many things of a textured picture answer louder than a large mark does at its own size,
        where it stands alone. So half of them are chosen by their answer in those of the same size.
        """
        sizes = [_best(size)[:MOST_OF_A_SIZE] for size in self._sizes if size]
        usual = [float(np.median([one.score for one in size])) for size in sizes]
        outstanding = [(one.score / level, one) for size, level in zip(sizes, usual, strict=True) for one in size]
        outstanding.sort(key=lambda pair: -pair[0])
        loudest = _added([], _best([one for size in sizes for one in size]), MOST // 2)
        return _added(loudest, [one for _, one in outstanding], MOST)


def _best(found: list[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda candidate: -candidate.score)


def _added(kept: list[Candidate], found: list[Candidate], most: int) -> list[Candidate]:
    """Add those that lie near none that is kept, until there are ``most``."""
    for candidate in found:
        if len(kept) >= most:
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
