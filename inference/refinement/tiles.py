"""Large holes piece by piece: what a local pass needs is its surroundings, not the whole crop."""

from collections.abc import Callable, Iterator

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane

SIDE = 512
"""Pixels. The passes hold about 60 numbers a pixel: 60 MB for a tile, where a hole of 24 megapixels would take 6 GB."""

HALO = 64
"""Pixels of surroundings: four deviations of the widest average that a pass takes, and what it bends."""

Place = tuple[slice, slice]


def tiles(wanted: Mask, side: int = SIDE, halo: int = HALO) -> Iterator[tuple[Place, Place, Place]]:
    """Cut the pixels of ``wanted`` into tiles; tiles without any are left out.

    Yields
    ------
    core, outer, within
        Where the tile lies; where it lies with its halo; and where the core lies in that.
    """
    height, width = wanted.shape
    for top in range(0, height, side):
        for left in range(0, width, side):
            core = (slice(top, min(top + side, height)), slice(left, min(left + side, width)))
            if wanted[core].any():
                outer = (_with_halo(core[0], halo, height), _with_halo(core[1], halo, width))
                yield core, outer, (_inside(core[0], outer[0]), _inside(core[1], outer[1]))


def tile_by_tile(
    passed: Callable[[Plane, Mask, Place], Plane], picture: Plane, hole: Mask, wanted: Mask | None = None
) -> Plane:
    """Run a local pass over the hole, or over its ``wanted`` part; everything else stays as it is.

    Parameters
    ----------
    passed
        Takes a piece of the picture, of the hole and where the piece lies; gives the better piece.
    picture
        ``(H, W, 3)`` float32 levels.
    hole, wanted
        ``(H, W)``.
    """
    better = picture.copy()
    wanted = hole if wanted is None else wanted
    for core, outer, within in tiles(wanted):
        own = wanted[core]
        better[core][own] = passed(picture[outer], hole[outer], outer)[within][own]
    return better


def white_noise(place: Place, seed: int) -> Plane:
    """Make the piece of an endless field of white noise that lies at ``place``: ``(h, w, 3)`` float32.

    Equal seeds give equal noise at equal places, whichever tile asks.
    """
    rows, columns = place
    noise = np.empty((rows.stop - rows.start, columns.stop - columns.start, 3), np.float32)
    for block_row in range(rows.start // SIDE, (rows.stop - 1) // SIDE + 1):
        for block_column in range(columns.start // SIDE, (columns.stop - 1) // SIDE + 1):
            block = np.random.default_rng((seed, block_row, block_column)).standard_normal((SIDE, SIDE, 3), np.float32)
            top, left = block_row * SIDE, block_column * SIDE
            down = slice(max(rows.start, top), min(rows.stop, top + SIDE))
            across = slice(max(columns.start, left), min(columns.stop, left + SIDE))
            noise[_inside(down, rows), _inside(across, columns)] = block[
                down.start - top : down.stop - top, across.start - left : across.stop - left
            ]
    return noise


def _with_halo(core: slice, halo: int, length: int) -> slice:
    return slice(max(core.start - halo, 0), min(core.stop + halo, length))


def _inside(part: slice, whole: slice) -> slice:
    return slice(part.start - whole.start, part.stop - whole.start)
