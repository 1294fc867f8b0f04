"""Windows in which marks are looked for and taken off, so that memory goes by the mark, and large ones are cut up."""

from collections.abc import Iterator
from itertools import pairwise, product

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import around
from inference.unblending.pose import Settled

Window = tuple[slice, slice]
"""Rows and columns, whole pixels inside the picture."""
LEAST_REACH = 64
"""Pixels of ground beside a mask by which a mark has to be told from it."""


def reach(hole: Mask) -> Window:
    """Give the window in which a mark may lie whose larger part is in the hole, which must not be empty.

    At least half of it is in the hole, so it ends at most a length of the hole beyond.
    """
    rows, columns = around(hole, 0)
    margin = max(LEAST_REACH, rows.stop - rows.start, columns.stop - columns.start)
    rows, columns = around(hole, margin)
    return slice(rows.start, min(rows.stop, hole.shape[0])), slice(columns.start, min(columns.stop, hole.shape[1]))


def pieces(area: Window, shape: tuple[int, int], largest: int, margin: int) -> Iterator[tuple[Window, Window]]:
    """Cut a window into nearly square ones of at most ``largest`` pixels.

    Yields
    ------
    tuple
        A piece with ``margin`` pixels around, as far as the picture of ``shape`` goes, and the piece itself.
    """
    for rows, columns in product(*(_cut(side, length, largest) for side, length in zip(area, shape, strict=True))):
        yield (_wider(rows, shape[0], margin), _wider(columns, shape[1], margin)), (rows, columns)


def _cut(side: slice, length: int, largest: int) -> list[slice]:
    stop = min(side.stop, length)
    count = max(1, -(-(stop - side.start) // int(np.sqrt(largest))))
    edges = np.linspace(side.start, stop, count + 1).astype(int).tolist()
    return [slice(first, last) for first, last in pairwise(edges)]


def _wider(side: slice, length: int, margin: int) -> slice:
    return slice(max(0, side.start - margin), min(length, side.stop + margin))


def inward(part: Window, whole: Window) -> Window:
    """Give a window of the picture as it lies in another one."""
    rows, columns = (slice(a.start - b.start, a.stop - b.start) for a, b in zip(part, whole, strict=True))
    return rows, columns


def together(places: list[Settled], shape: tuple[int, ...], margin: int) -> list[tuple[Window, list[Settled]]]:
    """Group marks whose windows, with ``margin`` pixels around, meet: the windows that are returned do not."""
    groups: list[tuple[np.ndarray, list[Settled]]] = []
    for place in places:
        height, width = place.opacity.shape
        box = np.array([place.top, place.left, -place.top - height, -place.left - width]) - margin
        own = [place]
        while meeting := [group for group in groups if _meet(group[0], box)]:
            groups = [group for group in groups if not _meet(group[0], box)]
            box = np.minimum.reduce([box, *(group[0] for group in meeting)])
            own = [*(one for group in meeting for one in group[1]), *own]
        groups.append((box, own))
    return [(_window(box, shape), own) for box, own in groups]


def _meet(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two boxes (top, left, and bottom and right below zero) share a pixel."""
    top, left, bottom, right = np.maximum(one, other)
    return bool(top < -bottom and left < -right)


def _window(box: np.ndarray, shape: tuple[int, ...]) -> Window:
    top, left, bottom, right = (int(edge) for edge in box)
    return slice(max(0, top), min(-bottom, shape[0])), slice(max(0, left), min(-right, shape[1]))
