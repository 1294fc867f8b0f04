"""Where to work: crops of native size around what is to be replaced, with context in proportion."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from schemas.pointers import Box

CONTEXT_SHARE = 0.6
"""Context on each side, in lengths of the hole's longer side."""
MIN_CONTEXT, MAX_CONTEXT = 64, 512
"""Pixels. A fixed 128 is too little on 60 megapixels; without a ceiling a wide hole would drag in the whole picture."""

MERGE_OVERLAP = 0.3
"""Crops that share more than this part of the smaller one are filled together: it is cheaper, and letters of one word
get one answer."""

MAX_PARTS = 1000
"""Connected parts that are looked at one by one. Speckled masks have 100,000: those are grouped across gaps first."""

BLOCK = 8
"""Pixels. Parts are found on a grid of such blocks: labels of 60 million pixels would take 240 MB. Parts that a block
joins would have been merged anyway, because their crops overlap by far more than ``MERGE_OVERLAP``."""

_Edges = NDArray[np.int64]
"""``(N, 4)``: left, top, right, bottom; right and bottom are exclusive."""


@dataclass(frozen=True)
class Region:
    """One place to work at.

    Parameters
    ----------
    crop
        What a model sees: the hole with its context, inside the picture.
    hole
        ``(crop.height, crop.width)`` bool: the part of the mask that this region answers for. Other regions' holes may
        lie in the same crop; models must not copy from them either.
    """

    crop: Box
    hole: Mask


def regions(mask: Mask, context: float = 1.0) -> list[Region]:
    """Split a mask into places to work at, from top left to bottom right.

    Every True pixel belongs to exactly one region.

    Parameters
    ----------
    mask
        ``(H, W)`` bool generation mask.
    context
        Factor on how much of the surroundings each region takes along.
    """
    if not mask.any():
        return []
    labels, parts = _parts(mask)
    group = np.arange(len(parts))
    while True:
        crops = _with_context(_bounds(parts, group), mask.shape[1], mask.shape[0], context)
        merged = _joined(_overlap(crops) > MERGE_OVERLAP)
        if len(np.unique(merged)) == len(merged):
            break
        group = merged[group]
    found = [_region(mask, labels, group == index, crop) for index, crop in enumerate(crops)]
    return sorted(found, key=lambda region: (region.crop.y, region.crop.x))


def as_slices(box: Box) -> tuple[slice, slice]:
    """Row and column slices of a box."""
    return slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)


def _parts(mask: Mask) -> tuple[NDArray[np.int32], _Edges]:
    """Find the connected parts, bridging gaps while there are too many.

    Returns
    -------
    tuple of labels and edges
        Labels of blocks from 1 (0 is background), and the exact edges of each part in pixels.
    """
    blocks = _in_blocks(mask)
    for gap in (1, 3, 5, 17, 65):
        bridged = cv2.dilate(blocks, np.ones((gap, gap), np.uint8))
        count, found, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=8)
        if count <= MAX_PARTS:
            break
    labels = np.asarray(found, np.int32)
    return labels, np.array([_edges(mask, labels, part, stats[part]) for part in range(1, count)], np.int64)


def _in_blocks(mask: Mask) -> NDArray[np.uint8]:
    """1 for each block in which anything is True."""
    tall = np.logical_or.reduceat(mask, range(0, mask.shape[0], BLOCK), axis=0)
    return np.logical_or.reduceat(tall, range(0, mask.shape[1], BLOCK), axis=1).astype(np.uint8)


def _edges(mask: Mask, labels: NDArray[np.int32], part: int, stats: NDArray[np.int32]) -> tuple[int, int, int, int]:
    left, top, width, height = (int(side) * BLOCK for side in stats[:4])
    box = (slice(top, top + height), slice(left, left + width))
    own = mask[box] & _pixels(labels == part, box, mask.shape)
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _pixels(blocks: NDArray[np.bool_], box: tuple[slice, slice], shape: tuple[int, ...]) -> Mask:
    """Spread values of blocks over the pixels of a place."""
    rows, columns = (np.arange(*part.indices(side)) // BLOCK for part, side in zip(box, shape[:2], strict=True))
    return np.asarray(blocks[np.ix_(rows, columns)])


def _bounds(parts: _Edges, group: NDArray[np.int64]) -> _Edges:
    """Common rectangle of the parts of each group."""
    bounds = np.empty((group.max() + 1, 4), np.int64)
    for index in range(len(bounds)):
        own = parts[group == index]
        bounds[index] = (*own[:, :2].min(axis=0), *own[:, 2:].max(axis=0))
    return bounds


def _with_context(holes: _Edges, width: int, height: int, factor: float) -> _Edges:
    """Crops around holes. At the picture's border a crop is shifted inwards, so that it keeps its size."""
    sides = holes[:, 2:] - holes[:, :2]
    usual = np.clip(sides.max(axis=1) * CONTEXT_SHARE, MIN_CONTEXT, MAX_CONTEXT)
    context = (usual * factor).astype(np.int64)[:, None]
    picture = np.array([width, height])
    size = np.minimum(sides + 2 * context, picture)
    start = np.clip(holes[:, :2] - context, 0, picture - size)
    return np.hstack([start, start + size])


def _overlap(crops: _Edges) -> NDArray[np.float64]:
    """``(N, N)``: shared area as a part of the smaller of the two."""
    low = np.maximum(crops[:, None, :2], crops[None, :, :2])
    high = np.minimum(crops[:, None, 2:], crops[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    area = (crops[:, 2:] - crops[:, :2]).prod(axis=1)
    return np.asarray(shared / np.minimum(area[:, None], area[None, :]))


def _joined(linked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number the connected sets of a symmetric relation from 0; every element is linked with itself."""
    group = np.arange(len(linked))
    while True:
        lowest = np.where(linked, group[None, :], len(group)).min(axis=1)
        if np.array_equal(lowest, group):
            return np.unique(group, return_inverse=True)[1]
        group = lowest


def _region(mask: Mask, labels: NDArray[np.int32], members: NDArray[np.bool_], crop: NDArray[np.int64]) -> Region:
    left, top, right, bottom = (int(edge) for edge in crop)
    box = Box(x=left, y=top, width=right - left, height=bottom - top)
    own = _pixels(np.concatenate([[False], members])[labels], as_slices(box), mask.shape)
    return Region(box, mask[as_slices(box)] & own)
