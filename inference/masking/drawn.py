"""The pixels of a mark around a line of its text: all letters, and rings, frames and emblems in the same paint."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.lone import LoneMark
from inference.masking.overlay import Overlay, evidence
from inference.masking.pairs import WIDEST_STROKE
from inference.masking.straighten import Straightened
from inference.protocols import Mask, Rgb
from schemas.pointers import Box

HALF, MOST = 0.45, 1.45
"""Evidence from which a pixel is painted, and from which it is more than that: a highlight of the scene."""
AROUND = 3.2
"""In line heights: how far from the line a ring or an emblem of the mark may reach."""
BAND = 0.15
"""In line heights: letters reach this far above and below the line that the net saw."""
LETTER_GAP = 0.9
"""In line heights, between letters or words of one line."""
WIDEST_LINE = 0.36
"""In line heights: widest line of a ring or a frame."""
FRAMED = 0.8
"""Share of the text's width and height that a frame spans."""
SOLID, LARGE = 2.4, 0.12
"""In line heights: widest solid emblem; and in the picture's shorter side: height of letters that have none beside."""
NEAR = 1.6
"""In line heights, from an emblem to the text."""
LETTER_PURE, PURE, PAINT, EDGE = 0.7, 0.75, (0.65, 1.35), 0.2
"""Share of a part's pixels whose evidence is that of the paint. Letters of the mark have 0.9 inside of
their edge, and ``EDGE`` less with it; texture has all values."""
THIN, THIN_PURE = 0.25, 0.6
"""Half the width of a ring's line, in line heights; and the purity of such a part, most of which is edge."""
FREE = 0.2
"""Largest mean evidence around a part: paint ends sharply, the scene fades."""
SMALLEST, LARGEST = 0.3, 9.0
"""In line heights, of a part beside the text."""
TOLERANCE = (0.15, 0.4)
"""Of the evidence of a fully painted pixel, by how well the overlay explains the line."""
STROKE_REACH = 1.7
"""In stroke widths: ground is looked for this near, so that a cheek is no stroke."""
SAME_PAINT = 0.3
"""Parts of the overlay's step by which a solid part's mean colour may miss what the overlay makes of its ground."""


def drawn(rgb: Rgb, mark: LoneMark, extent: tuple[float, float] = (0, 0)) -> tuple[Mask, Box]:
    """The mark's pixels without a halo, and the box of the picture they are in.

    Parameters
    ----------
    extent
        Pixels by which the text is known to go on before and after the line.
    """
    height = mark.line.height
    reach = round(AROUND * height) + math.ceil(max(extent))
    across = round(AROUND * height)
    window = Straightened(rgb, mark.line, reach, across)
    level = window.level
    stroke = min(STROKE_REACH * mark.pairs.width + 2, WIDEST_STROKE * height)
    share = paint_of(level, mark.overlay, stroke)
    told = evidence(level, mark.overlay, max(5, round(stroke) | 1))[1]
    band = slice(across - round(BAND * height), level.shape[0] - across + round(BAND * height))
    ends = (reach - extent[0], level.shape[1] - reach + extent[1])
    text = _letters(share, told, band, ends, height)
    known = mark.pairs.strokes
    place = (slice(across, across + known.shape[0]), slice(reach, reach + known.shape[1]))
    text[place] |= known & ~told[place]
    area = text.copy()
    if height <= LARGE * min(rgb.shape[:2]):
        ring, solid = (paint_of(level, mark.overlay, width * height) for width in (WIDEST_LINE, SOLID))
        area = (
            text
            | _around(_parts(level, mark, ring, text), text)
            | _beside(_parts(level, mark, solid, text), band, ends)
        )
    return window.back(area), window.bounds


def paint_of(level: Rgb, overlay: Overlay, widest: float) -> NDArray[np.float32]:
    """Evidence, but none where no pixel nearby has all of the paint within what the fit leaves: edges have a core."""
    share, told = evidence(level, overlay, max(5, round(widest) | 1))
    strength = float(np.abs(overlay.step).max())
    tolerance = float(np.clip(2.5 * overlay.error / strength + 0.1, *TOLERANCE))
    core = ((np.abs(share - 1) <= tolerance) & told).astype(np.uint8)
    near = np.asarray(cv2.dilate(core, np.ones((5, 5), np.uint8))) > 0
    return np.where(near, share, 0)


def _around(parts: Mask, text: Mask) -> Mask:
    """Of thin parts those that frame the text."""
    box = cv2.boundingRect(text.astype(np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(parts.astype(np.uint8), connectivity=8)
    kept = np.ones(len(stats), bool)
    for axis in (0, 1):
        start, end = stats[:, axis], stats[:, axis] + stats[:, axis + 2]
        shared = np.minimum(end, box[axis] + box[axis + 2]) - np.maximum(start, box[axis])
        kept &= shared >= FRAMED * box[axis + 2]
    kept[0] = False
    return np.asarray(kept[labels])


def _beside(parts: Mask, band: slice, ends: tuple[float, float]) -> Mask:
    """Of parts those that stand beside the line and are centred on it, as emblems are."""
    height = band.stop - band.start
    _, labels, stats, centres = cv2.connectedComponentsWithStats(parts.astype(np.uint8), connectivity=8)
    kept = np.abs(centres[:, 1] - (band.start + band.stop) / 2) <= 0.5 * height
    kept &= stats[:, 3] <= 2.5 * height
    kept &= (stats[:, 0] + stats[:, 2] <= ends[0] + 0.3 * height) | (stats[:, 0] >= ends[1] - 0.3 * height)
    kept[0] = False
    return np.asarray(kept[labels])


def _letters(share: NDArray[np.float32], told: Mask, band: slice, ends: tuple[float, float], height: float) -> Mask:
    """Painted parts in the band of the line, and what continues it at both ends letter by letter."""
    painted = np.zeros(share.shape, bool)
    painted[band] = ((share > HALF) & (share < MOST) & told)[band]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(painted.astype(np.uint8), connectivity=8)
    lefts, rights = stats[:, 0], stats[:, 0] + stats[:, 2]
    pure = purity(share, painted, np.asarray(labels, np.int32), count)
    tall = (stats[:, 3] >= 0.3 * height) & (pure >= PURE) & (stats[:, 2] <= 2.5 * height)
    # Letters stand free in their band; joints and twigs go through it. Within the line the net's word counts.
    free = (stats[:, 1] > band.start) | (stats[:, 1] + stats[:, 3] < band.stop)
    tall &= free
    kept = (pure >= LETTER_PURE) & (free | ((rights > ends[0]) & (lefts < ends[1])))
    kept[0] = tall[0] = False
    start, end = ends
    for _ in range(12):
        low = lefts[tall & (rights > start - LETTER_GAP * height) & (lefts < end)]
        high = rights[tall & (lefts < end + LETTER_GAP * height) & (rights > start)]
        grown = min([start, *low.tolist()]), max([end, *high.tolist()])
        if grown == (start, end):
            break
        start, end = grown
    kept &= (rights > start - 2) & (lefts < end + 2)
    return np.asarray(kept[labels])


def purity(share: NDArray[np.float32], painted: Mask, labels: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    """``(count,)``: share of each part's pixels that have all of the paint; without their edge where they are thick."""
    core = np.asarray(cv2.erode(painted.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0
    full = (share > PAINT[0]) & (share < PAINT[1])
    area, inner = np.bincount(labels.ravel(), minlength=count), np.bincount(labels[core], minlength=count)
    whole = np.bincount(labels[full], minlength=count) / np.maximum(area, 1)
    cored = np.bincount(labels[core & full], minlength=count) / np.maximum(inner, 1)
    return np.where(inner >= 0.3 * area, np.minimum(cored, 1), whole + EDGE)


def _parts(level: Rgb, mark: LoneMark, share: NDArray[np.float32], text: Mask) -> Mask:
    """Parts in the mark's paint around its text."""
    height = mark.line.height
    painted = ((share > HALF) & (share < MOST)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(painted, connectivity=8)
    far = np.asarray(cv2.distanceTransform((~text).astype(np.uint8), cv2.DIST_L2, 3))
    found = np.zeros(text.shape, bool)
    sizes = stats[:, 2:4].max(axis=1)
    inside = (stats[:, :2] > 0).all(axis=1) & (stats[:, :2] + stats[:, 2:4] < text.shape[::-1]).all(axis=1)
    likely = inside & (sizes >= SMALLEST * height) & (sizes <= LARGEST * height) & (stats[:, 4] >= 0.02 * height**2)
    likely[0] = False
    for index in np.flatnonzero(likely):
        left, top, width, rows = (int(value) for value in stats[index, :4])
        around = (slice(max(0, top - 6), top + rows + 6), slice(max(0, left - 6), left + width + 6))
        part = labels[around] == index
        if far[around][part].min() <= NEAR * height and _is_paint(level[around], mark, share[around], part):
            found[around] |= part
    return found


def _is_paint(level: Rgb, mark: LoneMark, share: NDArray[np.float32], part: Mask) -> bool:
    mask = part.astype(np.uint8)
    core = np.asarray(cv2.erode(mask, np.ones((3, 3), np.uint8))) > 0
    depth = np.asarray(cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3))
    thin = depth.max() <= THIN * mark.line.height
    core = core if int(core.sum()) >= 0.3 * int(mask.sum()) else part
    near = np.asarray(cv2.dilate(mask, np.ones((5, 5), np.uint8)))
    rim = (np.asarray(cv2.dilate(near, np.ones((7, 7), np.uint8))) > 0) & (near == 0)
    pure = (share[core] >= PAINT[0]) & (share[core] <= PAINT[1])
    if not rim.any() or pure.mean() < (THIN_PURE if thin else PURE) or share[rim].mean() > FREE * (1 + thin):
        return False
    ground, seen = level[rim].mean(axis=0), level[core].mean(axis=0)
    overlay = mark.overlay
    made = overlay.opacity * overlay.colour + (1 - overlay.opacity) * ground
    return bool(np.abs(seen - made).max() <= SAME_PAINT * (1 + thin) * np.abs(made - ground).max() + 3)
