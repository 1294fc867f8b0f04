"""Samples of the noise on one side of a hole's border: pixels and windows, from all over a large picture."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.refinement.bands import Plane
from inference.refinement.noise import BAND_EDGES
from inference.refinement.quiet import look_at
from inference.refinement.tiles import Place, tiles

WINDOW = 16
"""Pixels a side of the windows in which a spectrum is measured; noise is correlated over half of that at most."""

_STEP = 6
_TILE, _HALO = 256, 16
_MOST_TILES = 32
"""Tiles that are looked at, spread evenly: two megapixels say as much of the noise as twenty."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Pixels and windows of one side.

    Parameters
    ----------
    bands
        ``(N, bands, 3)`` float32 RGB levels.
    brightness, slope
        ``(N,)`` float32, as in :class:`inference.refinement.quiet.Side`.
    windows
        ``(M, WINDOW, WINDOW, 3)`` float32: sum of all bands, in windows that lie on this side as a whole.
    window_brightness, window_slope
        ``(M,)`` float32, their means.
    """

    bands: NDArray[np.float32]
    brightness: NDArray[np.float32]
    slope: NDArray[np.float32]
    windows: NDArray[np.float32]
    window_brightness: NDArray[np.float32]
    window_slope: NDArray[np.float32]


def sample(picture: Plane, where: Mask, among: Mask) -> Samples:
    """Collect what the pixels of ``among``, a part of ``where``, show when ``where`` alone is looked at."""
    cut = list(tiles(among, _TILE, _HALO))
    every = max(-(-len(cut) // _MOST_TILES), 1)
    found = [_tile(picture[outer], where[outer], among[outer], within) for _, outer, within in cut[::every]]
    pixels = np.concatenate([pixels for pixels, _ in found] or [np.empty((0, 2 + 3 * len(BAND_EDGES)), np.float32)])
    windows = np.concatenate([windows for _, windows in found] or [np.empty((0, 2 + 3 * WINDOW**2), np.float32)])
    return Samples(
        bands=pixels[:, 2:].reshape(-1, len(BAND_EDGES), 3),
        brightness=pixels[:, 0],
        slope=pixels[:, 1],
        windows=windows[:, 2:].reshape(-1, WINDOW, WINDOW, 3),
        window_brightness=windows[:, 0],
        window_slope=windows[:, 1],
    )


def _tile(picture: Plane, where: Mask, among: Mask, within: Place) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give a row for each pixel and one for each window: brightness, slope, values."""
    side = look_at(picture, where)
    facts = np.stack([side.brightness, side.slope], axis=-1)
    own = np.zeros_like(among)
    own[within] = among[within]
    pixels = np.hstack([facts[own], *(band[own] for band in side.bands)])
    corners = _corners(among, within)
    means = cv2.boxFilter(facts, cv2.CV_32F, (WINDOW, WINDOW), anchor=(0, 0))[corners[:, 0], corners[:, 1]]
    total = np.sum(side.bands, axis=0)
    values = [total[y : y + WINDOW, x : x + WINDOW].ravel() for y, x in corners]
    windows = np.hstack([means, np.array(values, np.float32).reshape(len(corners), 3 * WINDOW**2)])
    return pixels.astype(np.float32), windows.astype(np.float32)


def _corners(among: Mask, within: Place) -> NDArray[np.intp]:
    """Find the windows that lie in ``among`` as a whole and begin in the tile's core: ``(M, 2)``, row and column."""
    known = among.astype(np.float32)
    share = cv2.boxFilter(known, cv2.CV_32F, (WINDOW, WINDOW), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
    whole = np.zeros_like(among)
    whole[within] = share[within] > 1 - 1e-4
    corners = np.argwhere(whole[::_STEP, ::_STEP]) * _STEP
    return np.asarray(corners, np.intp)
