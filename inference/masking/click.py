"""From a click to the object under it, without weights.

GrabCut (Rother, Kolmogorov and Blake 2004) needs to know where an object ends. A click does not say, so the object is
cut out of windows of many sizes around it. A window within the object cuts a part of it, one that is too large cuts
what lies beside it as well, each time something else; at the right sizes the cut stays the same. So that cut is taken
which depends least on its window (as maximally stable regions do, Matas et al. 2002) and has other colours than its
surroundings.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.regions import as_slices
from inference.masking.point import Point
from inference.protocols import Mask, Rgb
from schemas.pointers import Box

SIDE = 160
"""Pixels of a window's longer side while cutting: 0.1 s for each of ten windows."""
SMALLEST, LARGEST, GROWTH = 0.04, 0.8, 1.4
"""Half of a window's side, in longer sides of the picture, and from one window to the next."""
LIKELY, SURE = 0.45, 0.05
"""In halves of the window: how far from the click the object is expected, and how far it is taken for granted."""
RIM = 0.07
"""In halves of the window: its border, which is taken for ground."""
AT_RIM = 0.1
"""Share of a cut's outline that may lie at the rim: what goes on beyond it is no object of that size."""
LEAST_SHARE = 0.05
"""Of its window: less is hardly more than the seed, and a smaller window would have shown it better."""
CONVINCING = 0.25
"""Least `_merit`. Clicks on things pasted into 27 photographs had 0.4 to 0.94; half of
39 clicks anywhere on photographs had less, mostly those on sky, walls and water."""
_COLOURS = [8, 12, 12]  # bins of CIE L, a and b


@dataclass(frozen=True, eq=False)
class _Cut:
    """What was cut out of a window, at the window's working size."""

    window: Box
    area: Mask
    apartness: float
    """0..1: how little the colours inside are those just outside (1 minus the Bhattacharyya coefficient)."""


@dataclass(frozen=True, eq=False)
class Clicked:
    """An object: a window of the picture, ``(window.height, window.width)`` bool, and how clear the cut is, 0..1."""

    window: Box
    area: Mask
    score: float


def object_at(rgb: Rgb, point: Point) -> Clicked | None:
    """Find the object under a click; ``None`` where nothing stands out."""
    half, longer = SMALLEST * max(rgb.shape[:2]), max(rgb.shape[:2])
    cuts = []
    while half < LARGEST * longer:
        cut = _cut(rgb, point, max(8, round(half)))
        if cut is not None:
            cuts.append(cut)
        half *= GROWTH
    ranked = [(_merit(cuts, index), index) for index in range(len(cuts))]
    best, index = max(ranked, default=(0.0, 0))
    if best < CONVINCING:
        return None
    window = cuts[index].window
    full = cv2.resize(cuts[index].area.astype(np.float32), (window.width, window.height))
    return Clicked(window, np.asarray(full) > 0.5, min(best, 1.0))


def _cut(rgb: Rgb, point: Point, half: int) -> _Cut | None:
    """Cut around the click; ``None`` where the cut goes on beyond the window, or there is no ground in it."""
    window = _window(point, half, *rgb.shape[:2])
    scale = min(1.0, SIDE / max(window.width, window.height))
    size = (max(8, round(window.width * scale)), max(8, round(window.height * scale)))
    small = cv2.resize(rgb[as_slices(window)], size, interpolation=cv2.INTER_AREA)
    rows, columns = np.mgrid[: size[1], : size[0]]
    seed = (int((point[0] - window.x) * size[0] / window.width), int((point[1] - window.y) * size[1] / window.height))
    away = np.hypot(columns - seed[0], rows - seed[1])
    rim = _rim(window, size, max(2, int(RIM * half * scale)), rgb.shape)
    sure = away <= max(1.5, SURE * half * scale)
    labels = np.full(size[::-1], cv2.GC_PR_BGD, np.uint8)
    labels[away < LIKELY * half * scale] = cv2.GC_PR_FGD
    labels[rim] = cv2.GC_BGD
    labels[sure] = cv2.GC_FGD
    if not rim.any() or not _grabcut(np.asarray(small), labels):
        return None
    area = _around_seed((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), sure, seed)
    outline = area & ~_eroded(area)
    if (outline & _grown(rim, 3)).sum() > AT_RIM * outline.sum():
        return None
    return _Cut(window, area, _apartness(np.asarray(small), area))


def _window(point: Point, half: int, height: int, width: int) -> Box:
    left, top = max(0, point[0] - half), max(0, point[1] - half)
    right, bottom = min(width, point[0] + half), min(height, point[1] + half)
    return Box(x=left, y=top, width=max(1, right - left), height=max(1, bottom - top))


def _rim(window: Box, size: tuple[int, int], thick: int, shape: tuple[int, ...]) -> Mask:
    """The window's border, but for where it is the picture's: an object may reach out of a picture."""
    rim = np.zeros(size[::-1], bool)
    rim[:, :thick] |= window.x > 0
    rim[:thick] |= window.y > 0
    rim[:, -thick:] |= window.x + window.width < shape[1]
    rim[-thick:] |= window.y + window.height < shape[0]
    return rim


def _grabcut(rgb: Rgb, labels: NDArray[np.uint8]) -> bool:
    """Cut in place; ``False`` where there are fewer colours than its clusters."""
    models = np.zeros((2, 1, 65))
    cv2.setRNGSeed(0)  # its clustering starts at random; the same click shall give the same object
    try:
        cv2.grabCut(rgb, labels, None, models[0], models[1], 3, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    except cv2.error:
        return False
    return True


def _around_seed(cut: Mask, sure: Mask, seed: Point) -> Mask:
    """The connected part with the click in it, without hairs and holes."""
    opened = cv2.morphologyEx(cut.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) | sure.astype(np.uint8)
    _, parts = cv2.connectedComponents(opened)
    part = (parts == parts[seed[1], seed[0]]).astype(np.uint8)
    outlines, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(part), outlines, -1, 1, cv2.FILLED)).astype(bool)


def _apartness(rgb: Rgb, area: Mask) -> float:
    around = _grown(area, max(2, int(0.15 * np.sqrt(area.sum())))) & ~area
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    inside, outside = (
        cv2.calcHist([lab], [0, 1, 2], where.astype(np.uint8), _COLOURS, [0, 256] * 3) for where in (area, around)
    )
    return float(1 - np.sqrt(inside / max(area.sum(), 1) * outside / max(around.sum(), 1)).sum())


def _merit(cuts: list[_Cut], index: int) -> float:
    """How much like an object a cut is, 0..1."""
    cut = cuts[index]
    return cut.apartness * _stability(cuts, index) ** 2 * min(1.0, float(cut.area.mean()) / LEAST_SHARE)


def _stability(cuts: list[_Cut], index: int) -> float:
    """Largest overlap (intersection over union) with the cut of the window before or after, 0..1."""
    pairs = [cuts[max(0, other) : other + 2] for other in (index - 1, index)]
    return max((_overlap(*pair) for pair in pairs if len(pair) == 2), default=0.0)


def _overlap(one: _Cut, other: _Cut) -> float:
    """Intersection over union of a cut and that of the next larger window, at the larger's working size."""
    height, width = other.area.shape
    across, down = width / other.window.width, height / other.window.height
    left, top = round((one.window.x - other.window.x) * across), round((one.window.y - other.window.y) * down)
    size = (max(1, round(one.window.width * across)), max(1, round(one.window.height * down)))
    smaller = np.asarray(cv2.resize(one.area.astype(np.float32), size, interpolation=cv2.INTER_AREA)) > 0.5
    placed = np.zeros_like(other.area)
    room = placed[top : top + size[1], left : left + size[0]]
    room[:] = smaller[: room.shape[0], : room.shape[1]]
    return float((placed & other.area).sum() / max((placed | other.area).sum(), 1))


def _grown(area: Mask, radius: int) -> Mask:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(area.astype(np.uint8), kernel)).astype(bool)


def _eroded(area: Mask) -> Mask:
    return np.asarray(cv2.erode(area.astype(np.uint8), np.ones((3, 3), np.uint8))).astype(bool)
