"""Copies that show: a place of the fill that stands in the picture a second time, as it is."""

from itertools import product

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
    cells = np.asarray(cv2.blur(luma, (CELL, CELL)), np.float32)
    mean = _mean_of_place(cells)
    distinct = _mean_of_place(cells * cells) - mean * mean >= DISTINCT**2
    border = 2 * CELL
    distinct[:border] = distinct[-border:] = False
    distinct[:, :border] = distinct[:, -border:] = False
    inside = distinct & (depth_inside(hole) > CELL)
    if np.count_nonzero(inside) < _LEAST:
        return None
    places = np.argwhere(distinct)
    return _share_found(_words(cells, mean, places), places, inside)


def _mean_of_place(cells: Plane) -> Plane:
    """Average the nine cells around each pixel. What wraps around the picture's border is not looked at."""
    down = cells + np.roll(cells, CELL, axis=0) + np.roll(cells, -CELL, axis=0)
    return np.asarray((down + np.roll(down, CELL, axis=1) + np.roll(down, -CELL, axis=1)) / 9, np.float32)


def _words(cells: Plane, mean: Plane, places: NDArray[np.intp]) -> NDArray[np.int64]:
    """Hash the cells of each place, ``(N,)``, without its mean."""
    rows, columns = places.T
    level, half = mean[rows, columns], 2 ** (_BITS - 1)
    words = np.zeros(len(places), np.int64)
    for dy, dx in product((-CELL, 0, CELL), repeat=2):
        steps = np.rint((cells[rows + dy, columns + dx] - level) / STEP)
        words = (words << _BITS) | (np.clip(steps, -half, half - 1).astype(np.int64) + half)
    return words


def _share_found(keys: NDArray[np.int64], places: NDArray[np.intp], inside: Mask) -> float:
    """Sort by words: copies lie beside each other then."""
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
