"""Windows over the edited places of a picture: each is looked at by itself, and there are never many."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inference.compositing.regions import as_slices
from inference.protocols import Mask, Rgb
from schemas.finding import Finding
from schemas.pointers import Box

SIDE = 1152
"""Pixels of a window's sides at most, as it is looked at."""
CONTEXT = 96
"""Pixels around an edit that belong to what is looked at: a word is judged whole."""
WHOLE = 400
"""The same where a thing is not known by a part: a code or a logo of which the edit takes a corner."""
SHARED = 128
"""Pixels that neighbours share, so that a word on their border is whole in one of them."""
MOST = 12
"""Windows of a picture; what is larger is looked at reduced."""


@dataclass(frozen=True)
class Window:
    """A place of a picture, and how many times smaller it is looked at."""

    box: Box
    factor: int = 1

    def cut(self, rgb: Rgb) -> Rgb:
        """Cut the place out of a picture, in the size in which it is looked at."""
        return self.reduced(rgb[as_slices(self.box)])

    def reduced(self, rgb: Rgb) -> Rgb:
        """Bring what was cut out to the size in which it is looked at."""
        if self.factor == 1:
            return np.ascontiguousarray(rgb)
        return np.asarray(cv2.resize(rgb, self._size(rgb.shape), interpolation=cv2.INTER_AREA), np.uint8)

    def reduced_mask(self, mask: Mask) -> Mask:
        """Bring a mask to that size: what is partly in it is in it."""
        if self.factor == 1:
            return mask
        shares = cv2.resize(mask.astype(np.float32), self._size(mask.shape), interpolation=cv2.INTER_AREA)
        return np.asarray(shares > 0)

    def in_picture(self, finding: Finding) -> Finding:
        """Tell a find of the window in pixels of the picture."""
        if finding.box is None:
            return finding
        at, factor = finding.box, self.factor
        left, top = self.box.x + at.x * factor, self.box.y + at.y * factor
        right = min(left + at.width * factor, self.box.x + self.box.width)
        bottom = min(top + at.height * factor, self.box.y + self.box.height)
        box = Box(x=left, y=top, width=max(1, right - left), height=max(1, bottom - top))
        return finding.model_copy(update={"box": box})

    def times(self, scale: float) -> "Window":
        """Give the same place in an enlargement, looked at as it is."""
        sides = (self.box.x, self.box.y, self.box.width, self.box.height)
        x, y, width, height = (round(side * scale) for side in sides)
        return replace(self, box=Box(x=x, y=y, width=width, height=height), factor=1)

    def _size(self, shape: tuple[int, ...]) -> tuple[int, int]:
        return max(1, shape[1] // self.factor), max(1, shape[0] // self.factor)


def windows_over(boxes: list[Box], height: int, width: int, context: int = CONTEXT) -> list[Window]:
    """Lay windows over edited places: neighbours together, large ones in parts, all reduced if there are many.

    What reaches no farther than ``context`` pixels beyond an edit, and is no larger, is whole in one of them.
    """
    places = _merged([box.widened(context, height, width) for box in boxes])
    factor, shared = 1, max(context, SHARED)
    while len(found := [window for place in places for window in _parts(place, factor, shared)]) > MOST:
        if len(places) > MOST and factor >= 2:
            places = [_around(places)]
        factor += 1
    return found


def _merged(boxes: list[Box]) -> list[Box]:
    """Join boxes that meet, until none do."""
    places: list[Box] = []
    for box in boxes:
        whole = box
        while touching := [place for place in places if _meet(place, whole)]:
            places = [place for place in places if place not in touching]
            whole = _around([*touching, whole])
        places.append(whole)
    return places


def _meet(first: Box, second: Box) -> bool:
    apart_x = first.x + first.width < second.x or second.x + second.width < first.x
    apart_y = first.y + first.height < second.y or second.y + second.height < first.y
    return not (apart_x or apart_y)


def _around(boxes: list[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(x=left, y=top, width=right - left, height=bottom - top)


def _parts(place: Box, factor: int, shared: int) -> list[Window]:
    side = SIDE * factor
    return [
        Window(Box(x=x, y=y, width=width, height=height), factor)
        for y, height in _spans(place.y, place.height, side, shared * factor)
        for x, width in _spans(place.x, place.width, side, shared * factor)
    ]


def _spans(start: int, length: int, side: int, shared: int) -> list[tuple[int, int]]:
    """Cut a length into equal spans that share pixels; start and length of each."""
    if length <= side:
        return [(start, length)]
    count = -(-(length - shared) // (side - shared))
    step = (length - side) / (count - 1)
    return [(start + round(number * step), side) for number in range(count)]
