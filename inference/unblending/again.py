"""A mark that was seen, held against what it answers elsewhere in the picture: it stands out, and so do its copies."""

from dataclasses import replace

import cv2
import numpy as np

from inference.unblending.artwork import Artwork
from inference.unblending.closer import Close, View, climbed
from inference.unblending.evidence import Field, Trace, accord, field_of, trace_of
from inference.unblending.ink import Plane
from inference.unblending.looked import Looked
from inference.unblending.matched import Sought, answer_map, border

SIDES = (120.0, 240.0)
"""Pixels of a mark's longer side at which a copy is brought closer."""
CLEAR_AGAIN, LIKE_AGAIN, OPAQUE_AGAIN, SIZE_AGAIN = 16.0, 0.6, 0.35, 0.06
"""Of a copy: clearness; likeness in that of the first; how far opacity and logarithm of the size may be from its."""
ACCORD = 0.8
"""See :func:`~inference.unblending.evidence.accord`."""
AGAIN = 0.35
"""A copy's answer to the filter, in that of the one that was found."""
COPY_SIDE, COPY_PIXELS = 110.0, 3_000_000
"""Longer side of a mark when its copies are looked for, and the most that the picture has then: about 60 bytes each."""
MOST_COPIES = 200
MOSTLY = 0.6
"""Share of a mark that lies in the picture at the places that tell what chance makes of it."""
RARE, FEW = 0.001, 30
"""Share of the places, and their most, that answer louder than what chance is taken for: some five peaks, so that more
places make it louder, but no single thing does."""
LEAST_INSIDE = 0.15
"""Share of a copy, by its edges, that has to lie in the picture."""


class Elsewhere:
    """What a mark that was seen answers at all places, in the same size and turn: one filter, and so a much finer one.

    Parameters
    ----------
    luma, artwork, close
        The picture, the mark, and where it was seen.
    """

    def __init__(self, luma: Looked, artwork: Artwork, close: Close) -> None:
        self._close, pose = close, close.pose
        height, width = luma.shape
        factor = min(1.0, COPY_SIDE / max(pose.width, pose.height), float(np.sqrt(COPY_PIXELS / (height * width))))
        wide, tall = (int(side * factor) + 5 for side in pose.extent)
        reach = round(0.8 * max(wide, tall))
        edge = border((tall, wide))
        small, self._pitch = luma.reduced(factor)
        field = field_of(small, (reach + edge[0], reach + edge[1]))
        drawn = replace(pose.resized(factor), x=wide / 2, y=tall / 2)
        trace = trace_of(*artwork.drawn(drawn, tall, wide), one_ink=artwork.one_ink)
        self._answer = answer_map(Sought(field, (tall, wide), max(tall, wide)), trace, close.paint)
        self._inside = _inside(field, trace, edge, self._answer.shape)
        row, column = round(pose.y * factor) + reach, round(pose.x * factor) + reach
        here = (slice(max(0, row - 2), row + 3), slice(max(0, column - 2), column + 3))
        self._own = float((self._answer[here] / self._inside[here]).max(initial=0))
        self._off = (tall % 2 / 2 - reach, wide % 2 / 2 - reach)

    @property
    def standing(self) -> float:
        """How loud the mark is where it was seen, in what chance makes of it in this picture.

        Nothing leaves the opposite of a mark, so what answers like that is chance, with all that the picture repeats
        and lines up: neighbouring pixels are not independent, as clearness takes them to be.
        """
        shown = self._answer[self._inside > MOSTLY]
        rank = min(FEW, int(RARE * shown.size))
        opposite = -float(np.partition(shown, rank)[rank]) if shown.size else 0.0
        return self._own / max(opposite, 1e-6)

    def copies(self) -> list[Close]:
        """List other places that answer alike, loudest first, and the mark's own."""
        answer, pose = self._answer, self._close.pose
        floor = AGAIN * self._own * self._inside
        rows, columns = np.nonzero((answer == cv2.dilate(answer, np.ones((9, 9), np.uint8))) & (answer > floor))
        best = np.argsort(-answer[rows, columns])[:MOST_COPIES]
        places = zip(rows[best].tolist(), columns[best].tolist(), strict=True)
        return [
            replace(
                self._close,
                pose=replace(pose, x=(x + self._off[1]) * self._pitch, y=(y + self._off[0]) * self._pitch),
            )
            for y, x in places
        ]


def _inside(field: Field, trace: Trace, edge: tuple[int, int], shape: tuple[int, ...]) -> Plane:
    """Share of a mark, by its edges, that lies in the picture, at all places."""
    weight = np.square(trace.shape).sum(axis=0)
    inside = cv2.matchTemplate((field.weight > 0).astype(np.float32), weight, cv2.TM_CCORR)
    top, left = edge[0] - weight.shape[0] // 2, edge[1] - weight.shape[1] // 2
    inside = inside[top : top + shape[0], left : left + shape[1]]
    return np.asarray(np.maximum(inside / max(float(inside.max()), 1e-6), LEAST_INSIDE), np.float32)


def approached(luma: Looked, artwork: Artwork, copy: Close, first: Close) -> Close | None:
    """Bring a copy of a mark that was found close; ``None`` if it is none.

    Size and turn are known, so chance has far fewer tries; but it has to be as like and as opaque as the first one.
    """
    near: Close | None = copy
    for side in SIDES:
        near = climbed(luma, artwork, near.pose, near.paint, side) if near else None
    seen, own = near.seen if near else None, first.seen
    if near is None or seen is None or own is None or seen.clearness < CLEAR_AGAIN:
        return None
    alike = seen.likeness > LIKE_AGAIN * own.likeness and abs(seen.opacity / own.opacity - 1) < OPAQUE_AGAIN
    same = abs(float(np.log(near.pose.width / first.pose.width))) < SIZE_AGAIN
    return near if alike and same and agreement(luma, artwork, near) >= ACCORD else None


def agreement(luma: Looked, artwork: Artwork, close: Close) -> float:
    """Ask the parts of a mark for its opacity; see :func:`~inference.unblending.evidence.accord`."""
    view = View(luma, close.pose, SIDES[-1])
    trace = trace_of(*artwork.drawn(view.inward(close.pose), *view.field.weight.shape))
    return accord(view.field, trace, close.paint)
