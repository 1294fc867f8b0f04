"""From candidates to marks that are clearly seen: most are worth a glance and no more.

A mark that is there shows at once: of those that a search finds, nearly all come first before they are brought any
closer. So candidates are looked at from afar first, and only what may still become clear is looked at again.
"""

from collections.abc import Iterable
from typing import NamedTuple

from inference.unblending.artwork import Artwork
from inference.unblending.closer import ROUNDS, Close, View, climbed_in
from inference.unblending.looked import Looked
from inference.unblending.search import Candidate

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
    Glance(72, 0, 0.2, 16),
    Glance(72, 2, 0.35, 8),
    Glance(72, ROUNDS, 0.6, 6),
    Glance(120, 0, 0.7, 6),
    Glance(120, ROUNDS, 0.75, 6),
    Glance(240, 0, 0.85, 6),
    Glance(240, ROUNDS, 1.0, 6),
)
"""Of 228 marks of opacities from 0.12 to 0.45 that were clear at last, the faintest had shown 0.31, 0.45, 0.71, 0.83,
0.83 and 1.05 of what is asked for at the end."""
FINEST_GLANCE = GLANCES[-1].side


def clearest(luma: Looked, artwork: Artwork, places: Iterable[Candidate]) -> list[Close]:
    """Bring candidates close; give those that are clearly seen, the clearest first."""
    near: list[tuple[Close, View | None]] = [(Close(one.pose, one.paint, None), None) for one in places]
    for glance in GLANCES:
        nearer: list[tuple[Close, View | None]] = []
        for close, last in near:
            view = last if last is not None and last.side == glance.side else View(luma, close.pose, glance.side)
            better = climbed_in(view, artwork, close, glance.rounds)
            if better is not None and is_clear(better, glance.side, glance.hope):
                nearer.append((better, view))
        nearer.sort(key=lambda pair: -_clearness(pair[0]))
        near = nearer[: glance.most]
    return [close for close, _ in near]


def is_clear(close: Close, side: float = FINEST_GLANCE, hope: float = 1.0) -> bool:
    """Whether a mark is clearly seen, or may be at the last side when it is seen like this at another one."""
    longest, seen = max(close.pose.width, close.pose.height), close.seen
    part = hope * min(side, longest) / min(FINEST_GLANCE, longest)
    return seen is not None and any(
        seen.clearness >= part * clear and seen.likeness >= hope * like for clear, like in CLEAR
    )


def _clearness(close: Close) -> float:
    return close.seen.clearness if close.seen else 0.0
