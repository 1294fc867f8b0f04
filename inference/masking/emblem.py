"""The small emblem that stands beside a watermark's name: a ring, a shield, a camera, drawn in the letters' colour."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb

EMBLEM_REACH, ABOVE = 2.4, 0.6
"""In line heights: how far beyond the ends, and above and below the line, an emblem may reach."""
SAME_COLOUR = 40
"""Largest difference of a channel from the letters' median; half-transparent marks take on some of their ground."""
HEIGHTS = (0.45, 1.7)
"""In line heights."""
GAP = 0.9
"""In line heights, between emblem and line."""
ALONE = 0.04
"""Share of the frame around an emblem that may have its colour: an emblem stands free, the scene goes on."""
_FRAME = 3


def emblem_beside(level: Rgb, colour: NDArray[np.floating], overhang: int, above: int) -> Mask:
    """Find what is drawn beside a line in its colour.

    Parameters
    ----------
    level
        The line turned level, with ``overhang`` columns at both ends and ``above`` rows on both sides.
    colour
        ``(3,)`` of its letters.

    Returns
    -------
    Mask
        ``(H, W)`` of ``level``; mostly empty.
    """
    alike = (np.abs(level.astype(np.int16) - colour).max(axis=2) <= SAME_COLOUR).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(alike, connectivity=8)
    found = np.zeros(alike.shape, bool)
    for left, top, width, height, _ in stats[1:count]:
        if _is_emblem(alike, (left, top, width, height), overhang, above):
            place = (slice(top, top + height), slice(left, left + width))
            found[place] = alike[place] > 0  # with what is drawn inside of it
    return found


def _is_emblem(alike: NDArray[np.uint8], box: tuple[int, int, int, int], overhang: int, above: int) -> bool:
    left, top, width, height = box
    rows, columns = alike.shape
    line_height = rows - 2 * above
    gap = max(overhang - (left + width), left - (columns - overhang))
    inside = min(left, top, columns - left - width, rows - top - height) > _FRAME
    if not inside or not -_FRAME <= gap <= GAP * line_height:
        return False
    centred = abs(top + height / 2 - rows / 2) <= 0.5 * line_height
    sized = HEIGHTS[0] * line_height <= height <= HEIGHTS[1] * line_height and width <= 2 * height
    framed = alike[top - _FRAME : top + height + _FRAME, left - _FRAME : left + width + _FRAME]
    frame = int(framed.sum()) - int(framed[_FRAME:-_FRAME, _FRAME:-_FRAME].sum())
    return bool(centred and sized and frame <= ALONE * (framed.size - width * height))
