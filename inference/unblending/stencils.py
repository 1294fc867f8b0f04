"""Marks as they are looked for: drawn small, once for each turn, whatever their size in the picture."""

from dataclasses import dataclass

import numpy as np

from inference.unblending.artwork import Artwork, Pose
from inference.unblending.evidence import Trace, trace_of
from schemas.sighting import Paint

SIDE, LONGEST = 34, 84
"""Pixels: root of the area of an upright mark in the search, and the most of its longer side ..."""
SIDE_TURNED, LONGEST_TURNED = 26, 60
"""... and of turned ones, of which there are forty times as many to be looked for."""
UPRIGHT = (0.0,)
"""Degrees: most marks are, and one turn costs a fortieth of all."""
TURNS = (90.0, 270.0, 45.0, -45.0, 4.0, -4.0)
"""Of small marks, whose search is the costliest, those that people use."""
MORE_TURNS = (
    180.0,
    86.0,
    94.0,
    266.0,
    274.0,
    *(sign * turn for turn in (*range(9, 45, 5), 50, 55) for sign in (1, -1)),
)


@dataclass(frozen=True, eq=False)
class Stencil:
    """A mark as it is looked for.

    Parameters
    ----------
    width, height
        Pixels, before it is turned.
    traces
        What it leaves, by turn in degrees.
    paints
        In which it may be laid on.
    """

    width: float
    height: float
    traces: list[tuple[float, Trace]]
    paints: list[Paint]

    @property
    def root(self) -> float:
        """Root of the area."""
        return float(np.sqrt(self.width * self.height))

    @property
    def usual(self) -> list[tuple[float, Trace]]:
        """Traces at the turns that are worth looking for at any size."""
        return [pair for pair in self.traces if pair[0] in (*UPRIGHT, *TURNS)]


def stencil(artwork: Artwork, *, turned: bool) -> Stencil:
    """Draw a mark for the search: upright, or at all turns that it is worth looking for."""
    height, width = artwork.size
    side, longest = (SIDE_TURNED, LONGEST_TURNED) if turned else (SIDE, LONGEST)
    factor = min(side / float(np.sqrt(height * width)), longest / max(height, width))
    template = Pose(0, 0, width * factor, height * factor)
    traces = _turned(artwork, template) if turned else [(turn, _trace(artwork, template, turn)) for turn in UPRIGHT]
    shown = [pair for pair in traces if pair[1].shape.any()]  # of artwork that has no shape, none
    return Stencil(template.width, template.height, shown, artwork.paints)


def _turned(artwork: Artwork, template: Pose) -> list[tuple[float, Trace]]:
    """Draw the template at all turns, without those that look like others (a ring looks the same at all)."""
    upright = [(turn, _trace(artwork, template, turn)) for turn in UPRIGHT]
    kept = upright.copy()
    for turn in dict.fromkeys((*TURNS, *map(float, MORE_TURNS))):
        trace = _trace(artwork, template, turn)
        if not any(_alike(trace, other) for _, other in kept):
            kept.append((turn, trace))
    return kept[len(upright) :]


def _trace(artwork: Artwork, template: Pose, turn: float) -> Trace:
    wide, tall = Pose(0, 0, template.width, template.height, turn).extent
    size = (int(tall) + 5, int(wide) + 5)
    pose = Pose(size[1] / 2, size[0] / 2, template.width, template.height, turn)
    return trace_of(*artwork.drawn(pose, *size), one_ink=artwork.one_ink)


def _alike(one: Trace, other: Trace) -> bool:
    sizes = [np.array(trace.size) for trace in (one, other)]
    if np.abs(sizes[0] - sizes[1]).max() > 4:
        return False
    tall, wide = np.minimum(*sizes)
    pair = []
    for trace, size in zip((one, other), sizes, strict=True):
        top, left = (size - (tall, wide)) // 2
        pair.append(trace.shape[:, top : top + tall, left : left + wide])
    return float(np.vdot(*pair)) > 0.93 * float(np.sqrt(np.vdot(pair[0], pair[0]) * np.vdot(pair[1], pair[1])))
