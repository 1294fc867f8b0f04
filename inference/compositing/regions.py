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


def regions(mask: Mask) -> list[Region]:
    """Split a mask into places to work at, from top left to bottom right.

    Every True pixel belongs to exactly one region.

    Parameters
    ----------
    mask
        ``(H, W)`` bool generation mask.
    """
    if not mask.any():
        return []
    labels, parts = _parts(mask)
    group = np.arange(len(parts))
    while True:
        crops = _with_context(_bounds(parts, group), mask.shape[1], mask.shape[0])
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
    """Label the connected parts from 1 (0 is background), bridging gaps while there are too many; and their edges."""
    for gap in (1, 9, 33, 129, 513):
        bridged = cv2.dilate(mask.astype(np.uint8), np.ones((gap, gap), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=8)
        if count <= MAX_PARTS:
            break
    edges = stats[1:, :4].astype(np.int64)
    edges[:, 2:] += edges[:, :2]
    return np.asarray(labels, np.int32), edges


def _bounds(parts: _Edges, group: NDArray[np.int64]) -> _Edges:
    """Common rectangle of the parts of each group."""
    bounds = np.empty((group.max() + 1, 4), np.int64)
    for index in range(len(bounds)):
        own = parts[group == index]
        bounds[index] = (*own[:, :2].min(axis=0), *own[:, 2:].max(axis=0))
    return bounds


def _with_context(holes: _Edges, width: int, height: int) -> _Edges:
    """Crops around holes. At the picture's border a crop is shifted inwards, so that it keeps its size."""
    sides = holes[:, 2:] - holes[:, :2]
    context = np.clip(sides.max(axis=1) * CONTEXT_SHARE, MIN_CONTEXT, MAX_CONTEXT).astype(np.int64)[:, None]
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
    own = np.concatenate([[False], members])[labels[as_slices(box)]]
    return Region(box, mask[as_slices(box)] & own)
