"""All copies of one known mark in a picture."""

from collections.abc import Iterator

import numpy as np

from inference.protocols import Mark
from inference.unblending.again import ACCORD, Elsewhere, agreement, approached
from inference.unblending.artwork import Artwork, Pose
from inference.unblending.closer import Close, climbed
from inference.unblending.glances import GLANCES, clearest
from inference.unblending.looked import Looked
from inference.unblending.pose import Settled, settled
from inference.unblending.ranking import Candidate
from inference.unblending.rendering import Drawing
from inference.unblending.search import candidates
from inference.unblending.stencils import stencil

FINEST = 700.0
"""Side at which a larger mark is settled: from there on hundredths of a pixel are left."""
PLAIN, HARDLY = 0.8, 5.0
"""Likeness and turn of an upright mark with which turned ones are not looked for: a ring is much like itself at any."""
STANDING = 1.5
"""What a mark that is not plain has to be, see :attr:`~inference.unblending.again.Elsewhere.standing`."""
STRETCHED, INSIDE = 0.15, 0.5
"""Logarithm of how far a mark may be stretched in one direction, and share that has to lie in the picture."""


def sightings(luma: Looked, marks: list[Mark]) -> list[Settled]:
    """Find all copies of marks, of each the clearest first.

    Upright ones by luma come first; where that shows none, by the mark's colour, and at last turned ones. Artwork is
    made ready mark by mark: that of sixteen may be too much to hold.
    """
    found = list(_sightings(luma, marks, turned=False))
    for index, mark in enumerate(marks):
        found[index] = found[index] or _by_colour(luma, mark)
    unsure = [index for index, places in enumerate(found) if not _is_plain(places)]
    turned = _sightings(luma, [marks[index] for index in unsure], turned=True)
    for index, places in zip(unsure, turned, strict=True):
        found[index] = max(found[index], places, key=lambda some: some[0].explained if some else 0.0)
    return [place for places in found for place in places]


def _is_plain(places: list[Settled]) -> bool:
    return bool(places) and places[0].explained > PLAIN and abs(places[0].drawing.pose.turn) < HARDLY


def _by_colour(luma: Looked, mark: Mark) -> list[Settled]:
    artwork = Artwork(mark, by_colour=True)
    if not artwork.colourful:
        return []
    chroma = artwork.seen(luma.rgb, luma.pixels)
    (places,) = candidates(chroma, [stencil(artwork, turned=False)], turned=False)
    return _settled_among(chroma, artwork, places)


def _sightings(luma: Looked, marks: list[Mark], *, turned: bool) -> Iterator[list[Settled]]:
    near = candidates(luma, [stencil(Artwork(mark), turned=turned) for mark in marks], turned=turned)
    for mark, places in zip(marks, near, strict=True):
        yield _settled_among(luma, Artwork(mark), places)


def _settled_among(luma: Looked, artwork: Artwork, places: list[Candidate]) -> list[Settled]:
    found: list[Settled] = []
    for close in clearest(luma, artwork, places):
        place = _settled(found, luma, artwork, close, None) if _is_mark(luma, artwork, close) else None
        if place is None:
            continue
        elsewhere = Elsewhere(luma, artwork, close)
        if place.explained < PLAIN and elsewhere.standing < STANDING:
            continue
        found.append(place)
        for copy in elsewhere.copies():
            again = None if _taken(found, copy.pose) else approached(luma, artwork, copy, close)
            another = _settled(found, luma, artwork, again, place.drawing) if again is not None else None
            if another is not None:
                found.append(another)
    return found


def _settled(
    found: list[Settled], luma: Looked, artwork: Artwork, close: Close, like: Drawing | None
) -> Settled | None:
    """Settle a mark, if it is one and lies on none that was found."""
    if _taken(found, close.pose):
        return None
    if max(close.pose.width, close.pose.height) > GLANCES[-1].side:
        close = climbed(luma, artwork, close.pose, close.paint, FINEST) or close
    return settled(luma.rgb, artwork, close, like)


def _is_mark(luma: Looked, artwork: Artwork, close: Close) -> bool:
    return _is_likely(luma, artwork, close.pose) and agreement(luma, artwork, close) >= ACCORD


def _is_likely(luma: Looked, artwork: Artwork, pose: Pose) -> bool:
    """Whether a mark is hardly stretched, and not mostly beyond the border, where little is left to contradict it."""
    height, width = artwork.size
    if abs(float(np.log(pose.width / pose.height * height / width))) > STRETCHED:
        return False
    (wide, tall), (down, across) = pose.extent, luma.shape
    inside = (min(pose.x + wide / 2, across) - max(pose.x - wide / 2, 0)) / wide
    return bool(inside * (min(pose.y + tall / 2, down) - max(pose.y - tall / 2, 0)) / tall > INSIDE)


def _taken(found: list[Settled], pose: Pose) -> bool:
    return any(_overlap(pose, place.drawing.pose) for place in found)


def _overlap(one: Pose, other: Pose) -> bool:
    """Whether two marks lie upon each other for a good part."""
    (wide, tall), (broad, high) = one.extent, other.extent
    across = min(one.x + wide / 2, other.x + broad / 2) - max(one.x - wide / 2, other.x - broad / 2)
    down = min(one.y + tall / 2, other.y + high / 2) - max(one.y - tall / 2, other.y - high / 2)
    return across > 0 and down > 0 and across * down > 0.35 * min(wide * tall, broad * high)
