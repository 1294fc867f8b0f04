"""Find where in the pictures of a folder a common mark lies, from reduced pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import cast

import cv2
import numpy as np

from inference.unblending.ink import Plane
from inference.unblending.learning.evidence import Agreement, by_chance, edges_of, standing_out
from inference.unblending.learning.placing import Photo, Placing, Size, Window, frame_for, placings, resized
from schemas.errors import BadInput

FEWEST = 5
"""Pictures. Of four, two that are alike are half."""
MOST = 40
"""Pictures that are looked at for the place."""
LARGEST = 900
"""Pixels: longer side of the frame in the search."""
DRAWS = 4
BEYOND_CHANCE = 1.3
"""Times the highest that chance had in all draws."""
ENOUGH = 200.0
"""What stands out beyond chance, summed over pixels, in units of chance. Of 44 folders without a mark the highest had
79; of marks on 5 and 8 photographs the lowest had 1461."""
LEAST_SIDE = 8
TOO_MUCH = 0.75
"""Share of the frame that stands out, from which the pictures themselves are alike."""
MARGIN = 12
"""Pixels of a reduced frame around what stands out."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """A common mark.

    Parameters
    ----------
    placing, frame
        How its place follows from a picture's size, and the size of the frame in which that is told.
    window
        The part of the frame that holds it.
    chance
        What edges that have nothing in common reach, see :meth:`~.evidence.Agreement.significance`.
    """

    placing: Placing
    frame: Size
    window: Window
    chance: float


def sight(photos: Sequence[Photo]) -> Sighting:
    """Find the placing under which the edges of the pictures agree most, and where they do.

    Raises
    ------
    BadInput
        ``too_few_pictures``, ``no_common_mark`` or ``pictures_alike``.
    """
    if len(photos) < FEWEST:
        message = f"{len(photos)} pictures are not enough to tell a mark from what they show: give {FEWEST} or more."
        raise BadInput(message, code="too_few_pictures")
    frame = frame_for([photo.size for photo in photos])
    factor = min(1.0, LARGEST / max(frame))
    found = _best_placing(photos[:: -(-len(photos) // MOST)], frame, factor)
    area = standing_out(found.significance, found.chance)
    if found.weight < ENOUGH * found.chance:
        message = f"These {len(photos)} pictures have no mark in common, or one too faint to be learned from so few."
        raise BadInput(message, code="no_common_mark")
    if area.mean() > TOO_MUCH:
        message = "These pictures are alike all over: what is the mark and what is shown cannot be told apart."
        raise BadInput(message, code="pictures_alike")
    left, top, width, height = cv2.boundingRect(area.astype(np.uint8))
    cut = Window(top, left, top + height, left + width).wider(MARGIN + max(height, width) // 10)
    window = Window(*(int(edge / factor) for edge in (cut.top, cut.left, cut.bottom, cut.right)))
    return Sighting(found.placing, frame, window, found.chance)


@dataclass(frozen=True, eq=False)
class _Tried:
    placing: Placing
    significance: Plane
    chance: float

    @property
    def weight(self) -> float:
        return float(np.maximum(self.significance - self.chance, 0).sum())


def _best_placing(photos: Sequence[Photo], frame: Size, factor: float) -> _Tried:
    """Try all placings on reduced pictures."""
    small = _reduced(frame, factor)
    sizes = [_reduced(photo.size, factor) for photo in photos]
    pictures = [resized(photo.read(), size) for photo, size in zip(photos, sizes, strict=True)]
    fewest = max(FEWEST, len(photos) // 2)
    best: _Tried | None = None
    for _, same_unit in groupby(placings(sizes, small), key=lambda placing: placing.unit):
        tried = list(same_unit)
        edges = [
            edges_of(resized(rgb, tried[0].scaled(size, small))) for rgb, size in zip(pictures, sizes, strict=True)
        ]
        chance = BEYOND_CHANCE * by_chance(edges, small, fewest, DRAWS)
        for placing in tried:
            laid = Agreement.of(small)
            for each, size in zip(edges, sizes, strict=True):
                laid.add(each, placing.corner(size, small))
            found = _Tried(placing, laid.significance(fewest), chance)
            best = found if best is None or found.weight > best.weight else best
    return cast("_Tried", best)


def _reduced(size: Size, factor: float) -> Size:
    return max(LEAST_SIDE, round(size[0] * factor)), max(LEAST_SIDE, round(size[1] * factor))
