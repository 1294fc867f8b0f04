"""Marks that were laid over a photograph: watermarks, tiled or alone, logos with a name, captions, date stamps."""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.compositing.regions import as_slices
from inference.masking.dbnet import TextNet
from inference.masking.detections import detection_of, rescaled
from inference.masking.drawn import drawn
from inference.masking.families import families
from inference.masking.lettering import Lettering
from inference.masking.line import Line
from inference.masking.lone import LoneMark, examined, is_laid_over, is_stamp
from inference.masking.rings import logo, rings
from inference.masking.shapes import with_shapes
from inference.masking.slanted import is_large_slanted, is_paint, slanted_letters
from inference.masking.text import find_lines, slanted_lines
from inference.masking.tiled import tiled_mark
from inference.parameters import number, whole
from inference.protocols import Found, Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard
from schemas.pointers import Box

WORKING_SIDE = 2048
"""Longer side at which marks are looked for. A larger picture is made smaller, and the mask larger again: memory
and time are bounded, and what was drawn over 60 megapixels is many pixels wide there."""
LEAST_SCORE = 0.6
"""Of a line; what is less than sure of itself has to be confirmed by its overlay or its copies."""
TILED_HALO, HALO, LARGEST_HALO = 2, 3, 6
"""Pixels: antialiasing and JPEG ringing. The average of many copies shows the soft edge, one line does not."""
EXPLAINED = 0.6
"""How much of its outline's step the paint explains when the letters are believed: wrong paints reach 0.5."""
THOROUGH = 6
"""Lines, the most convincing first, whose paint is searched for pixel by pixel: a tiled word of which no pattern was
found has a hundred of them, at a quarter of a second each."""
SAME = 0.5
"""Share of the smaller of two lines' boxes that both cover, when they are one line seen twice."""


class OverlaidMarks:
    """Finds lines of text, keeps those that were laid over the picture, and masks all that was drawn with them."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        (path,) = weights.values()
        self._net = TextNet(path)

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``.

        Parameters
        ----------
        parameters
            ``score`` (0..1, default 0.6: least score of a line that is looked at) and ``grow`` (pixels added around
            everything, default 0).
        """
        del supplied, box
        score = number(parameters, "score", LEAST_SCORE, low=0, high=1)
        grow = whole(parameters, "grow", 0, low=0, high=100)
        scale = working_scale(*rgb.shape[:2])
        small = _resized(rgb, scale)
        lines = find_lines(self._net, small, score)
        found = marks_of(small, lines)
        if not found.detections:
            found = marks_of(small, slanted_lines(self._net, small, score))
        found = with_shapes(small, found)
        return Found(
            dilate(brought_back(found.mask, *rgb.shape[:2]), grow),
            [rescaled(detection, 1 / scale, *rgb.shape[:2]) for detection in found.detections],
        )


def working_scale(height: int, width: int) -> float:
    """By how much a picture is made smaller before marks are looked for; 1 where it is not."""
    return min(1.0, WORKING_SIDE / max(height, width))


def brought_back(mask: Mask, height: int, width: int) -> Mask:
    """A mask of the smaller picture at the picture's own size, grown by what a pixel of the smaller one leaves open."""
    if mask.shape == (height, width):
        return mask
    back = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return dilate(np.asarray(back) > 0, math.ceil(0.5 * height / mask.shape[0]))


def _resized(rgb: Rgb, scale: float) -> Rgb:
    if scale == 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


def marks_of(rgb: Rgb, lines: list[Line]) -> Found:
    """From lines of text to the marks they belong to."""
    mask, detections, lone = np.zeros(rgb.shape[:2], bool), [], []
    for family in families(lines):
        area = tiled_mark(rgb, family)
        if area is None:
            lone += family
        else:
            mask |= dilate(area, TILED_HALO)
            detections.append(detection_of("tiled-mark", max(line.score for line in family), area))
    if not any(detection.label == "tiled-mark" for detection in detections):
        for ring in rings(rgb):
            area = logo(rgb, ring)
            if mask[area].mean() < SAME:
                mask |= dilate(area, HALO)
                detections.append(detection_of("logo", 1.0, area))
    marks = _distinct([mark for mark in (examined(rgb, line) for line in lone) if mark is not None])
    for rank, mark in enumerate(marks):
        among_tiles = bool(detections) and detections[0].label == "tiled-mark"
        if _is_covered(mark.line, mask) or (among_tiles and not is_stamp(mark.line, rgb)):
            continue
        painted = _painted(rgb, mark, _extent(mark.line, lone), thorough=rank < THOROUGH)
        if painted is not None:
            area, bounds, halo = painted
            whole_picture = np.zeros(mask.shape, bool)
            whole_picture[as_slices(bounds)] = area
            mask |= dilate(whole_picture, halo)
            detections.append(detection_of("mark", mark.line.score, whole_picture))
    return Found(mask, detections)


def _painted(rgb: Rgb, mark: LoneMark, extent: tuple[float, float], *, thorough: bool) -> tuple[Mask, Box, int] | None:
    """A mark's pixels, the box they are in, and their halo; ``None`` of what is lettering of the scene.

    Large slanted words stand alone and cross all kinds of ground: their edge is found by what the paint explains. Small
    level ones have emblems and rings beside them, and strokes too thin for that.
    """
    believed = is_laid_over(mark, rgb)
    if thorough and is_large_slanted(mark):
        letters = slanted_letters(rgb, mark, extent)
        explained = letters.explained >= EXPLAINED
        # What explains the letters to the pixel knows their opacity better than the first look did.
        believed = believed and (not explained or is_laid_over(replace(mark, overlay=letters.overlay), rgb))
        if (is_paint(letters) and not _runs_out(letters, rgb)) or (believed and explained):
            return letters.area, letters.bounds, HALO
    if not believed:
        return None
    area, bounds = drawn(rgb, mark, extent)
    return area, bounds, int(np.clip(round(0.05 * mark.line.height), HALO, LARGEST_HALO))


def _runs_out(letters: Lettering, rgb: Rgb) -> bool:
    """Whether letters reach the picture's border: ridges and branches do, words are laid inside of it."""
    x, y, width, height = cv2.boundingRect(letters.area.astype(np.uint8))
    left, top = x + letters.bounds.x, y + letters.bounds.y
    return min(left, top) <= 0 or left + width >= rgb.shape[1] or top + height >= rgb.shape[0]


def _distinct(marks: list[LoneMark]) -> list[LoneMark]:
    """One of several sightings of the same line: the one whose overlay explains it best."""
    kept: list[LoneMark] = []
    for mark in sorted(marks, key=lambda mark: -mark.line.score * mark.pairs.clearness * _explains(mark)):
        if all(_shared(mark.line, other.line) < SAME for other in kept):
            kept.append(mark)
    return kept


def _explains(mark: LoneMark) -> float:
    return math.log(2 + min(mark.overlay.contrast, 20)) * math.sqrt(mark.line.length / mark.line.height)


def _shared(line: Line, other: Line) -> float:
    """Overlap of two lines as a share of the smaller."""
    one, two = (((found.x, found.y), (found.length, found.height), found.angle) for found in (line, other))
    _, corners = cv2.rotatedRectangleIntersection(one, two)
    if corners is None:
        return 0.0
    smaller = min(line.length * line.height, other.length * other.height)
    return float(cv2.contourArea(cv2.convexHull(corners))) / max(smaller, 1e-6)


def _extent(line: Line, others: list[Line]) -> tuple[float, float]:
    """How far other sightings of the same line reach beyond both of its ends, pixels."""
    along = line.corners()[1] - line.corners()[0]
    along = along / max(float(np.linalg.norm(along)), 1e-6)
    centre = np.array([line.x, line.y])
    before = after = 0.0
    for other in others:
        offsets = (
            np.array([other.corners()[[0, 3]].mean(axis=0), other.corners()[[1, 2]].mean(axis=0)]) - centre
        ) @ along
        aside = abs(along[0] * (other.y - line.y) - along[1] * (other.x - line.x))
        alike = abs((line.angle - other.angle + 90) % 180 - 90) < 6 and 0.6 < line.height / other.height < 1.7
        gap = max(offsets.min() - line.length / 2, -line.length / 2 - offsets.max())
        if alike and aside < 0.35 * line.height and gap < 0.8 * line.height:
            before = max(before, -offsets.min() - line.length / 2)
            after = max(after, offsets.max() - line.length / 2)
    return max(0.0, float(before)), max(0.0, float(after))


def _is_covered(line: Line, mask: Mask) -> bool:
    return bool(mask[as_slices(line.bounds(*mask.shape))].mean() > 0.25)
