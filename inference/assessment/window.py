"""The part of a picture that is looked at."""

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import around

CONTEXT = 48
"""Pixels around the hole that are looked at."""

LARGEST_WINDOW = 2048
"""Pixels a side. Statistics of 4 megapixels around the widest part are enough, and take one second and 0.5 GB."""


def window(hole: Mask, width: np.ndarray, largest: int | None = None) -> tuple[slice, slice]:
    """Choose what is measured: the box around the hole with context; of a very large one, the widest part.

    Parameters
    ----------
    hole
        ``(H, W)``, not empty.
    width
        From :func:`inference.inpainting.holes.widths`.
    largest
        Pixels a side, at most; else :data:`LARGEST_WINDOW`.
    """
    largest = largest or LARGEST_WINDOW
    box = around(hole, CONTEXT)
    centre = np.unravel_index(int(width.argmax()), width.shape)
    return _shortened(box[0], int(centre[0]), largest), _shortened(box[1], int(centre[1]), largest)


def _shortened(span: slice, centre: int, largest: int) -> slice:
    start = max(span.start, min(centre - largest // 2, span.stop - largest))
    return slice(start, min(span.stop, start + largest))
