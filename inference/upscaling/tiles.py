"""Tiles with a halo: a convolutional network over a large picture in bounded memory, without seams."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any, cast

import cv2
import numpy as np

from inference.protocols import Samples


def in_tiles(
    rgb: Samples, enlarge: Callable[[Any], Any], *, scale: int, tile: int, halo: int, workers: int = 1
) -> Samples:
    """Apply ``enlarge`` tile by tile.

    A halo of at least the network's receptive radius makes the result the same as without tiles. Borders of the
    picture are mirrored, so that every tile has a halo and a picture of a single pixel is no special case.

    Parameters
    ----------
    rgb
        ``(H, W, 3)`` uint8 or uint16, any size from 1 x 1.
    enlarge
        Takes ``(h, w, 3)``, gives ``(h * scale, w * scale, 3)``, of the same depth.
    scale
        Enlargement factor.
    tile
        Side of a tile in pixels of ``rgb``, without halo.
    halo
        Width of the surroundings that each tile sees, pixels of ``rgb``.
    workers
        Tiles in work at the same time; ``enlarge`` must allow it.

    Returns
    -------
    ndarray
        ``(H * scale, W * scale, 3)``, of the same depth.
    """
    height, width = rgb.shape[:2]
    padded = np.asarray(cv2.copyMakeBorder(rgb, halo, halo, halo, halo, cv2.BORDER_REFLECT))
    result = np.empty((height * scale, width * scale, 3), rgb.dtype)
    margin = halo * scale

    def work(corner: tuple[int, int]) -> None:
        y, x = corner
        bottom, right = min(y + tile, height), min(x + tile, width)
        enlarged = enlarge(padded[y : bottom + 2 * halo, x : right + 2 * halo])
        core = enlarged[margin : margin + (bottom - y) * scale, margin : margin + (right - x) * scale]
        result[y * scale : bottom * scale, x * scale : right * scale] = core

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, product(range(0, height, tile), range(0, width, tile))))
    return cast(Samples, result)
