"""From candidates to marks that are clearly seen: most are worth a glance and no more.

A mark that is there shows at once: of those that a search finds, nearly all come first before they are brought any
closer. So candidates are looked at from afar first, and only what may still become clear is looked at again.
"""

from collections.abc import Iterable
from typing import NamedTuple

from inference.unblending.artwork import Artwork
from inference.unblending.closer import ROUNDS, Close, View, climbed_in
from inference.unblending.looked import Looked
from inference.unblending.ranking import Candidate

CLEAR = ((55.0, 0.35), (28.0, 0.85))
"""Clearness and likeness from which a mark is there, in either of two ways: faint and large, or small and plain."""


class Glance(NamedTuple):
    """How closely candidates are looked at, and which are worth another look.

    Parameters
    ----------
    side
        Pixels of a mark's longer side.
    rounds
        In which it is brought closer; 0 if it is only looked at.
    hope
        Part of what makes a mark clear at the last side that it has to show here, in proportion to the sides.
    most
        How many are kept.
    """

    side: float
    rounds: int
    hope: float
    most: int


GLANCES = (
    Glance(72, 0, 0.2, 28),
    Glance(72, 1, 0.3, 8),
    Glance(72, ROUNDS, 0.6, 6),
    Glance(120, 0, 0.7, 6),
    Glance(120, ROUNDS, 0.75, 6),
    Glance(240, 0, 0.85, 6),
    Glance(240, ROUNDS, 1.0, 6),
)
"""Of 228 marks of opacities from 0.12 to 0.45 that were clear at last, the faintest had shown 0.31 before any
round, 0.45 after two, 0.71 after all, then 0.83, 0.83 and 1.05 of what is asked for at the end."""


def clearest(luma: Looked, artwork: Artwork, places: Iterable[Candidate]) -> list[Close]:
    """Bring candidates close; give those that are clearly seen, the clearest first."""
    near: list[tuple[Close, View | None]] = [(Close(one.pose, one.paint, None), None) for one in places]
    for glance in GLANCES:
        nearer: list[tuple[float, Close, View]] = []
        for close, last in near:
            view = last if last is not None and last.side == glance.side else View(luma, close.pose, glance.side)
            better = climbed_in(view, artwork, close, glance.rounds)
            if better is not None and (promise := _promise(better, glance.side)) >= glance.hope:
                nearer.append((promise, better, view))
        nearer.sort(key=lambda seen: -seen[0])
        near = [(close, view) for _, close, view in nearer[: glance.most]]
    return [close for close, _ in near]


def _promise(close: Close, side: float) -> float:
    """How clearly a mark is seen, in what is asked for at the last side, and in proportion to the sides."""
    longest, seen = max(close.pose.width, close.pose.height), close.seen
    if seen is None:
        return 0.0
    part = min(side, longest) / min(GLANCES[-1].side, longest)
    return max(min(seen.clearness / (part * clear), seen.likeness / like) for clear, like in CLEAR)
