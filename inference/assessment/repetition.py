"""Copies that show: a place of the fill that stands in the picture a second time, as it is."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside

CELL = 3
"""Pixels of a cell; a place is three by three of them."""
STEP = 3.0
"""Levels by which the means of two cells may differ and still be one: grain and a change of colour go over a copy."""
DISTINCT = 8.0
"""Levels of deviation among a place's cells from which it would be known again; sky is like sky everywhere."""
FAR = 12
"""Pixels. A place is like itself moved by a little."""

_BITS = 7
_LEAST = 20


def repetition(luma: Plane, hole: Mask) -> float | None:
    """Measure the share of distinct places of the fill that stand elsewhere in the picture with the same nine cells.

    Source: copy-move detection by hashed blocks (Fridrich et al., Detection of copy-move forgery in digital images,
    DFRWS 2003). ``None`` where the fill has too few distinct places.
    """
    cells = cv2.blur(luma, (CELL, CELL))
    offsets = [(dy, dx) for dy in (-CELL, 0, CELL) for dx in (-CELL, 0, CELL)]
    places = np.dstack([np.roll(cells, (-dy, -dx), axis=(0, 1)) for dy, dx in offsets])
    distinct = places.std(axis=2) >= DISTINCT
    border = 2 * CELL
    distinct[:border] = distinct[-border:] = False
    distinct[:, :border] = distinct[:, -border:] = False
    inside = distinct & (depth_inside(hole) > CELL)
    if np.count_nonzero(inside) < _LEAST:
        return None
    words = _words(places - places.mean(axis=2, keepdims=True))
    return _share_found(words, np.argwhere(distinct), inside)


def _words(places: NDArray[np.float32]) -> NDArray[np.int64]:
    """Hash each place's cells, ``(H, W)``."""
    steps = np.clip(np.rint(places / STEP), -(2 ** (_BITS - 1)), 2 ** (_BITS - 1) - 1).astype(np.int64)
    words = np.zeros(places.shape[:2], np.int64)
    for cell in np.moveaxis(steps, 2, 0):
        words = (words << _BITS) | (cell + 2 ** (_BITS - 1))
    return words


def _share_found(words: NDArray[np.int64], places: NDArray[np.intp], inside: Mask) -> float:
    """Sort by words: copies lie beside each other then."""
    keys = words[places[:, 0], places[:, 1]]
    order = np.argsort(keys, kind="stable")
    keys, places = keys[order], places[order]
    copied = np.zeros(len(keys), bool)
    for apart in (1, 2, 3):
        same = keys[apart:] == keys[:-apart]
        far = np.abs(places[apart:] - places[:-apart]).max(axis=1) > FAR
        copied[apart:] |= same & far
        copied[:-apart] |= same & far
    of_fill = inside[places[:, 0], places[:, 1]]
    return float(copied[of_fill].mean())
