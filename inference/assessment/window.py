"""The part of a picture that is looked at."""

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import around

CONTEXT = 48
"""Pixels around the hole that are looked at."""

LARGEST_WINDOW = 2048
"""Pixels a side. Statistics of 4 megapixels around the widest part are enough, and take one second and 0.5 GB."""


def window(hole: Mask, width: np.ndarray) -> tuple[slice, slice]:
    """Choose what is measured: the box around the hole with context; of a very large one, the widest part.

    Parameters
    ----------
    hole
        ``(H, W)``, not empty.
    width
        From :func:`inference.inpainting.holes.widths`.
    """
    box = around(hole, CONTEXT)
    centre = np.unravel_index(int(width.argmax()), width.shape)
    return _shortened(box[0], int(centre[0])), _shortened(box[1], int(centre[1]))


def _shortened(span: slice, centre: int) -> slice:
    start = max(span.start, min(centre - LARGEST_WINDOW // 2, span.stop - LARGEST_WINDOW))
    return slice(start, min(span.stop, start + LARGEST_WINDOW))
