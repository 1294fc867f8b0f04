"""Where a known mark may lie in a picture: a matched filter over places, sizes and turns.

The picture is brought to sizes at which the mark always has the same, so that one small template for each turn serves
all sizes, and large marks cost next to nothing.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.unblending.artwork import Artwork, Pose
from inference.unblending.evidence import Trace, field_of, trace_of
from inference.unblending.looked import Looked
from inference.unblending.matched import Sought, evidence_map
from schemas.sighting import Paint

SIDE, LONGEST = 34, 84
"""Pixels: root of the area of an upright mark in the search, and the most of its longer side ..."""
SIDE_TURNED, LONGEST_TURNED = 26, 60
"""... and of turned ones, of which there are forty times as many to be looked for."""
STEP, STEP_TURNED = 1.12, 1.15
SMALLEST, SMALLEST_TURNED, LARGE = 0.025, 0.045, 0.075
"""Root of a mark's area in that of the picture's: the smallest that is sought, upright and turned, and from where all
turns are tried."""
LARGEST = 1.1
"""Longer side of a mark, in longer sides of the picture."""
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
MOST_ENLARGED = 1.5
"""Of the picture, for the sake of small marks."""
OUTSIDE = 0.5
"""Share of a mark that may lie beyond the picture's border."""
CLEAR = 2.0
"""Answer of the filter from which a place is looked at."""
MOST_AT_ONCE = 20
"""Places of one size and turn."""
MOST = 40


@dataclass(frozen=True)
class Candidate:
    """A pose that deserves a closer look."""

    pose: Pose
    paint: Paint
    score: float


def candidates(luma: Looked, artwork: Artwork, *, turned: bool) -> list[Candidate]:
    """List poses at which a mark may be, likeliest first; some pixels, percent and degrees off, and mostly wrong.

    Parameters
    ----------
    turned
        Look for turned ones; else for upright ones.
    """
    height, width = artwork.size
    side, longest = (SIDE_TURNED, LONGEST_TURNED) if turned else (SIDE, LONGEST)
    factor = min(side / float(np.sqrt(height * width)), longest / max(height, width))
    template = Pose(0, 0, width * factor, height * factor)
    traces = _turned(artwork, template) if turned else [(turn, _trace(artwork, template, turn)) for turn in UPRIGHT]
    found: list[Candidate] = []
    small = float(np.sqrt(template.width * template.height / luma.pixels))
    share = SMALLEST_TURNED if turned else SMALLEST
    while (size := small / share) * LARGEST * max(luma.shape) > max(template.width, template.height):
        turns = traces if share >= LARGE else [pair for pair in traces if pair[0] in (*UPRIGHT, *TURNS)]
        found += _at_size(luma, artwork, template, size, turns)
        share *= STEP_TURNED if turned else STEP
    found.sort(key=lambda candidate: -candidate.score)
    return _distinct(found)


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
    return trace_of(artwork.drawn(pose, *size), artwork.look, one_ink=artwork.one_ink)


def _alike(one: Trace, other: Trace) -> bool:
    sizes = [np.array(trace.shape.shape[:2]) for trace in (one, other)]
    if np.abs(sizes[0] - sizes[1]).max() > 4:
        return False
    tall, wide = np.minimum(*sizes)
    pair = []
    for trace, size in zip((one, other), sizes, strict=True):
        top, left = (size - (tall, wide)) // 2
        pair.append(trace.shape[top : top + tall, left : left + wide])
    return float(np.vdot(*pair)) > 0.93 * float(np.sqrt(np.vdot(pair[0], pair[0]) * np.vdot(pair[1], pair[1])))


def _at_size(
    luma: Looked, artwork: Artwork, template: Pose, factor: float, turns: list[tuple[float, Trace]]
) -> list[Candidate]:
    """Look with the picture brought to ``factor`` of its size."""
    if factor > MOST_ENLARGED:
        return []
    small, pitch = luma.reduced(factor)
    pad = round(OUTSIDE * max(template.width, template.height))
    field = field_of(small, pad)
    sought = Sought.of(field)
    found = []
    for turn, trace in turns:
        tall, wide = trace.shape.shape[:2]
        if tall > field.weight.shape[0] or wide > field.weight.shape[1]:
            continue
        answer, paints = evidence_map(sought, trace, artwork.paints)
        peaks = (answer == cv2.dilate(answer, np.ones((7, 7), np.uint8))) & (answer > CLEAR)
        rows, columns = np.nonzero(peaks)
        best = np.argsort(-answer[rows, columns])[:MOST_AT_ONCE]
        rows, columns = rows[best], columns[best]
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            pose = Pose(column + wide / 2 - pad, row + tall / 2 - pad, template.width, template.height, turn)
            paint = artwork.paints[int(paints[row, column])]
            found.append(Candidate(pose.resized(pitch), paint, float(answer[row, column])))
    return found


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
