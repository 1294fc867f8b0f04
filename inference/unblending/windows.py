"""Windows in which registered marks are looked for and taken off: a small mark costs little in a large picture."""

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
