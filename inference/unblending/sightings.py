"""All copies of one known mark in a picture."""

from dataclasses import replace

import cv2
import numpy as np

from inference.protocols import Mark
from inference.unblending.artwork import Artwork, Pose
from inference.unblending.closer import Close, View, climbed
from inference.unblending.evidence import accord, field_of, trace_of
from inference.unblending.looked import Looked
from inference.unblending.matched import Sought, evidence_map
from inference.unblending.pose import Settled, settled
from inference.unblending.rendering import Drawing
from inference.unblending.search import candidates

SIDES = (72.0, 120.0, 240.0)
"""Pixels of a mark's longer side at which it is brought closer ..."""
KEPT = (16, 8, 8)
"""... how many candidates are kept after each, ..."""
LIKELIEST = 10
"""... and how many are looked at before the others: mostly the mark is the very first."""
FINEST = 700.0
"""Side at which a larger mark is settled: from there on hundredths of a pixel are left."""
PLAIN, HARDLY = 0.8, 5.0
"""Likeness and turn of an upright mark with which turned ones are not looked for: a ring is much like itself at any."""
CLEAR = ((55.0, 0.35), (28.0, 0.85))
"""Clearness and likeness from which a mark is there, in either of two ways: faint and large, or small and plain."""
CLEAR_AGAIN, LIKE_AGAIN, OPAQUE_AGAIN, SIZE_AGAIN = 16.0, 0.6, 0.35, 0.06
"""Of a copy: clearness; likeness in that of the first; how far opacity and logarithm of the size may be from its."""
ACCORD = 0.8
"""See :func:`~inference.unblending.evidence.accord`."""
STRETCHED, INSIDE = 0.15, 0.5
"""Logarithm of how far a mark may be stretched in one direction, and share that has to lie in the picture."""
AGAIN = 0.35
"""A copy's answer to the filter, in that of the one that was found."""
COPY_SIDE, COPY_PIXELS = 110.0, 3_000_000
"""Longer side of a mark when its copies are looked for, and the most that the picture has then: about 60 bytes each."""
MOST_COPIES = 200
LEAST_INSIDE = 0.15
"""Share of a copy, by its edges, that has to lie in the picture."""


def sightings(luma: Looked, mark: Mark) -> list[Settled]:
    """Find all copies of a mark, the clearest first.

    Upright ones by luma come first; where that shows none, by the mark's colour, and at last turned ones.
    """
    plain = Artwork(mark)
    if not plain.layers[..., 3].any():
        return []
    found = _sightings(luma, plain, turned=False)
    if not found and plain.colourful:
        artwork = Artwork(mark, by_colour=True)
        found = _sightings(Looked(luma.rgb, artwork.look, luma.pixels), artwork, turned=False)
    if found and found[0].explained > PLAIN and abs(found[0].drawing.pose.turn) < HARDLY:
        return found
    return max(found, _sightings(luma, plain, turned=True), key=lambda places: places[0].explained if places else 0.0)


def _sightings(luma: Looked, artwork: Artwork, *, turned: bool) -> list[Settled]:
    near = [Close(one.pose, one.paint, None) for one in candidates(luma, artwork, turned=turned)]
    for batch in (near[:LIKELIEST], near[LIKELIEST:]):
        if found := _settled_among(batch, luma, artwork):
            return found
    return []


def _settled_among(near: list[Close], luma: Looked, artwork: Artwork) -> list[Settled]:
    for side, most in zip(SIDES, KEPT, strict=True):
        nearer = [climbed(luma, artwork, close.pose, close.paint, side) for close in near]
        near = sorted((close for close in nearer if close), key=_clearness, reverse=True)[:most]
    found: list[Settled] = []
    for close in near:
        place = _added(found, luma, artwork, close, None) if _is_mark(luma, artwork, close) else None
        if place is not None:
            for copy in _copies(luma, artwork, close):
                again = None if _taken(found, copy.pose) else _approached(luma, artwork, copy, close)
                if again is not None:
                    _added(found, luma, artwork, again, place.drawing)
    return found


def _added(found: list[Settled], luma: Looked, artwork: Artwork, close: Close, like: Drawing | None) -> Settled | None:
    """Settle a mark and add it, if it is one and lies on no other."""
    if _taken(found, close.pose):
        return None
    if max(close.pose.width, close.pose.height) > SIDES[-1]:
        close = climbed(luma, artwork, close.pose, close.paint, FINEST) or close
    place = settled(luma.rgb, artwork, close, like)
    if place is not None:
        found.append(place)
    return place


def _approached(luma: Looked, artwork: Artwork, copy: Close, first: Close) -> Close | None:
    """Bring a copy of a mark that was found close; ``None`` if it is none.

    Size and turn are known, so chance has far fewer tries; but it has to be as like and as opaque as the first one.
    """
    near: Close | None = copy
    for side in SIDES[1:]:
        near = climbed(luma, artwork, near.pose, near.paint, side) if near else None
    seen, own = near.seen if near else None, first.seen
    if near is None or seen is None or own is None or seen.clearness < CLEAR_AGAIN:
        return None
    alike = seen.likeness > LIKE_AGAIN * own.likeness and abs(seen.opacity / own.opacity - 1) < OPAQUE_AGAIN
    same = abs(float(np.log(near.pose.width / first.pose.width))) < SIZE_AGAIN
    return near if alike and same and _accord(luma, artwork, near) >= ACCORD else None


def _is_mark(luma: Looked, artwork: Artwork, close: Close) -> bool:
    seen = close.seen
    if seen is None or not any(seen.clearness >= clear and seen.likeness >= like for clear, like in CLEAR):
        return False
    return _is_likely(luma, artwork, close.pose) and _accord(luma, artwork, close) >= ACCORD


def _is_likely(luma: Looked, artwork: Artwork, pose: Pose) -> bool:
    """Whether a mark is hardly stretched, and not mostly beyond the border, where little is left to contradict it."""
    height, width = artwork.size
    if abs(float(np.log(pose.width / pose.height * height / width))) > STRETCHED:
        return False
    (wide, tall), (down, across) = pose.extent, luma.shape
    inside = (min(pose.x + wide / 2, across) - max(pose.x - wide / 2, 0)) / wide
    return bool(inside * (min(pose.y + tall / 2, down) - max(pose.y - tall / 2, 0)) / tall > INSIDE)


def _accord(luma: Looked, artwork: Artwork, close: Close) -> float:
    view = View(luma, close.pose, SIDES[-1])
    trace = trace_of(artwork.drawn(view.inward(close.pose), *view.field.weight.shape), artwork.look)
    return accord(view.field, trace, close.paint)


def _clearness(close: Close) -> float:
    return close.seen.clearness if close.seen else 0.0


def _taken(found: list[Settled], pose: Pose) -> bool:
    return any(_overlap(pose, place.drawing.pose) for place in found)


def _overlap(one: Pose, other: Pose) -> bool:
    """Whether two marks lie upon each other for a good part."""
    (wide, tall), (broad, high) = one.extent, other.extent
    across = min(one.x + wide / 2, other.x + broad / 2) - max(one.x - wide / 2, other.x - broad / 2)
    down = min(one.y + tall / 2, other.y + high / 2) - max(one.y - tall / 2, other.y - high / 2)
    return across > 0 and down > 0 and across * down > 0.35 * min(wide * tall, broad * high)


def _copies(luma: Looked, artwork: Artwork, close: Close) -> list[Close]:
    """Look for the same mark in the same size and turn elsewhere: one filter, and so a much finer one."""
    pose = close.pose
    height, width = luma.shape
    factor = min(1.0, COPY_SIDE / max(pose.width, pose.height), float(np.sqrt(COPY_PIXELS / (height * width))))
    wide, tall = (int(side * factor) + 5 for side in pose.extent)
    pad = round(0.8 * max(wide, tall))
    small, pitch = luma.reduced(factor)
    field = field_of(small, pad)
    drawn = replace(pose.resized(factor), x=wide / 2, y=tall / 2)
    trace = trace_of(artwork.drawn(drawn, tall, wide), artwork.look, one_ink=artwork.one_ink)
    answer, _ = evidence_map(Sought.of(field), trace, [close.paint])
    inside = cv2.matchTemplate((field.weight > 0).astype(np.float32), np.square(trace.shape).sum(axis=2), cv2.TM_CCORR)
    inside = np.maximum(inside / max(float(inside.max()), 1e-6), LEAST_INSIDE)
    row, column = round(pose.y * factor + pad - tall / 2), round(pose.x * factor + pad - wide / 2)
    here = (slice(max(0, row - 2), row + 3), slice(max(0, column - 2), column + 3))
    own = float((answer[here] / inside[here]).max(initial=0))
    peaks = (answer == cv2.dilate(answer, np.ones((9, 9), np.uint8))) & (answer > AGAIN * own * inside)
    rows, columns = np.nonzero(peaks)
    best = np.argsort(-answer[rows, columns])[:MOST_COPIES]
    return [
        replace(close, pose=replace(pose, x=(x + wide / 2 - pad) * pitch, y=(y + tall / 2 - pad) * pitch))
        for y, x in zip(rows[best].tolist(), columns[best].tolist(), strict=True)
    ]
