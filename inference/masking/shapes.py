"""Marks without letters: solid shapes, shapes cut out of them, and outlines, in one paint.

An outline of one paint (`outlines.py`) says what the paint is and where. Around it the picture is divided into painted
and bare pixels (`division.py`). It is a mark where all of what is painted ends there, with the step that the paint has
to make: things of the scene that have some edge like paint go on beyond it, or end otherwise.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.compositing.masks import dilate
from inference.compositing.regions import as_slices
from inference.masking.detections import detection_of
from inference.masking.division import Division, rim
from inference.masking.outlines import Outline, outlines
from inference.masking.overlay import Overlay
from inference.masking.parts import Parts
from inference.protocols import Found, Mask, Rgb
from inference.unblending.ink import eroded, grown
from schemas.pointers import Box

KNOWN = 0.1
"""Share of a shape that is masked already, from which it is a part of that mark: the letter O is a closed outline."""
HALO, SMALL_HALO, LARGE = 2, 1, 64
"""Pixels: the soft edge of marks, of small ones, and width and height of those that are not small."""
MOST = 8
"""Outlines, the most convincing first, that are looked at closely."""
MARGINS = (0.15, 0.6)
"""In longer sides of an outline's box: what is looked at around it, and around one that is part of a larger one."""
CRUMB = 12
"""Pixels; smaller parts are none."""
PART = 0.4
"""Least share of its outline's step that is explained, of one part of a mark."""
AT_RIM, COVERED = 0.1, 0.75
"""Share of what is painted that may reach beyond what is looked at: things of the scene do. And the share of the
outline that the rest has to have."""
SMALLEST = 16, 0.035
"""Pixels, and parts of the picture's shorter side, of a mark's width and height."""
TRANSPARENT = 0.8
"""Largest opacity that counts as transparent."""
EXPLAINED, CONTRAST = (0.55, 0.9), (10.0, 35.0)
"""Least share of the step, and least contrast of the outline's paint: of transparent marks, and of opaque ones."""
CONVINCING, DARK = (10.3, 12.0), 128
"""Least product of both, of light paint and of dark: shadows are dark and transparent too. Of 74 light and dark marks
the least had 10.7; the most painted light things in clean photographs and cuts out of them 8.4 and 10.2, dark 10.7.
And the code value of its strongest channel below which paint is dark."""
UNEVEN, GRAIN = (2.6, 1.8), 3.0
"""How much more uneven than its ground seen through the paint a mark may be, transparent or opaque, and code values of
noise: the paint itself is even, things have shape and shade. Coins and roofs had 2.7 to 4.1, an opaque panel 2.4."""
CORNER, MIDDLE = 0.12, 0.025
"""In parts of width and height: opaque marks are this near to a corner, or their middle to the picture's. Elsewhere
they cannot be told from a lamp, a ball, a sign; a clock's hour was 0.033 from it."""


@dataclass(frozen=True)
class Shape:
    """A mark, or what may be one.

    Parameters
    ----------
    area
        ``(bounds.height, bounds.width)`` bool, without its soft edge.
    bounds
        The box of the picture that ``area`` is of.
    overlay
        Its paint.
    explained
        0..1: how much of the step that its outline has to show is there.
    contrast
        Of the paint along the outline that was seen first.
    unevenness
        Standard deviation inside of it, without outliers, of the channel that has most; code values.
    """

    area: Mask
    bounds: Box
    overlay: Overlay
    explained: float
    contrast: float
    unevenness: float

    def is_mark(self, height: int, width: int) -> bool:
        """Whether a picture of this size has it as a mark, and not as a thing of the scene."""
        left, top, across, down = cv2.boundingRect(self.area.astype(np.uint8))
        if min(across, down) < max(SMALLEST[0], SMALLEST[1] * min(height, width)):
            return False
        opaque = self.overlay.opacity > TRANSPARENT
        dark = float(self.overlay.colour.max()) < DARK
        through = (1 - self.overlay.opacity) * self.overlay.spread
        painted = (
            self.unevenness <= UNEVEN[opaque] * (through + GRAIN)
            and self.explained * self.contrast >= CONVINCING[dark]
            and self.explained >= EXPLAINED[opaque]
            and self.contrast >= CONTRAST[opaque]
        )
        if not (painted and opaque):
            return painted
        left, top = left + self.bounds.x, top + self.bounds.y
        apart = min(left, width - left - across) / width, min(top, height - top - down) / height
        aside = abs((left + across / 2) / width - 0.5), abs((top + down / 2) / height - 0.5)
        return max(apart) <= CORNER or max(aside) <= MIDDLE


def shapes(rgb: Rgb) -> list[Shape]:
    """Find marks without letters."""
    likely = [outline for outline in outlines(rgb) if outline.overlay.contrast >= CONTRAST[0]][:MOST]
    found = [divided(rgb, outline) for outline in likely]
    return [shape for shape in found if shape is not None and shape.is_mark(*rgb.shape[:2])]


def with_shapes(rgb: Rgb, found: Found) -> Found:
    """Add marks without letters to what was found with letters; a tiled mark is all that a picture has."""
    if any(detection.label == "tiled-mark" for detection in found.detections):
        return found
    mask, detections = found.mask.copy(), list(found.detections)
    for shape in shapes(rgb):
        area = np.zeros(mask.shape, bool)
        area[as_slices(shape.bounds)] = shape.area
        if mask[area].mean() < KNOWN:
            smaller = min(cv2.boundingRect(area.astype(np.uint8))[2:])
            mask |= dilate(area, HALO if smaller >= LARGE else SMALL_HALO)
            detections.append(detection_of("logo", shape.explained, area))
    return Found(mask, detections)


def divided(rgb: Rgb, outline: Outline) -> Shape | None:
    """What is painted around an outline; ``None`` where that does not end there."""
    near, far = MARGINS
    return _shape(Division(rgb, outline, near), outline) or _shape(Division(rgb, outline, far), outline)


def _shape(division: Division, outline: Outline) -> Shape | None:
    parts = Parts(division.values, division.painted, division.overlay)
    kept = parts.explained_each() >= PART
    kept &= np.bincount(parts.labels.ravel(), minlength=len(kept)) >= CRUMB
    kept[0] = False
    whole = int(kept[parts.labels].sum())
    kept[parts.labels[rim(parts.labels.shape)]] = False
    area = kept[parts.labels]
    if int(area.sum()) < (1 - AT_RIM) * max(whole, 1) or _covered(outline, area, division) < COVERED:
        return None
    inside = eroded(area)
    low, high = np.percentile(division.values[inside if inside.any() else area], (16, 84), axis=0)
    uneven = float((high - low).max() / 2)
    full, contrast = division.at_full_size(area), outline.overlay.contrast
    return Shape(full, division.bounds, division.overlay, parts.explained(kept), contrast, uneven)


def _covered(outline: Outline, area: Mask, division: Division) -> float:
    """Share of an outline's pixels that lie at or in an area."""
    near = grown(area, 2)
    columns, rows = ((outline.places - (division.bounds.x, division.bounds.y)) * division.scale).astype(int).T
    return float(near[np.clip(rows, 0, area.shape[0] - 1), np.clip(columns, 0, area.shape[1] - 1)].mean())
