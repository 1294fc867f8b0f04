"""Other copies of a mark that was found: in the same size and turn, elsewhere in the picture."""

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
LEAST_INSIDE = 0.15
"""Share of a copy, by its edges, that has to lie in the picture."""


def copies(luma: Looked, artwork: Artwork, close: Close) -> list[Close]:
    """Look for the same mark in the same size and turn elsewhere: one filter, and so a much finer one."""
    pose = close.pose
    height, width = luma.shape
    factor = min(1.0, COPY_SIDE / max(pose.width, pose.height), float(np.sqrt(COPY_PIXELS / (height * width))))
    wide, tall = (int(side * factor) + 5 for side in pose.extent)
    reach = round(0.8 * max(wide, tall))
    edge = border((tall, wide))
    small, pitch = luma.reduced(factor)
    field = field_of(small, (reach + edge[0], reach + edge[1]))
    drawn = replace(pose.resized(factor), x=wide / 2, y=tall / 2)
    trace = trace_of(*artwork.drawn(drawn, tall, wide), one_ink=artwork.one_ink)
    answer = answer_map(Sought(field, (tall, wide), max(tall, wide)), trace, close.paint)
    inside = _inside(field, trace, edge, answer.shape)
    row, column = round(pose.y * factor) + reach, round(pose.x * factor) + reach
    here = (slice(max(0, row - 2), row + 3), slice(max(0, column - 2), column + 3))
    own = float((answer[here] / inside[here]).max(initial=0))
    peaks = (answer == cv2.dilate(answer, np.ones((9, 9), np.uint8))) & (answer > AGAIN * own * inside)
    rows, columns = np.nonzero(peaks)
    best = np.argsort(-answer[rows, columns])[:MOST_COPIES]
    off = (tall % 2 / 2 - reach, wide % 2 / 2 - reach)
    return [
        replace(close, pose=replace(pose, x=(x + off[1]) * pitch, y=(y + off[0]) * pitch))
        for y, x in zip(rows[best].tolist(), columns[best].tolist(), strict=True)
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
