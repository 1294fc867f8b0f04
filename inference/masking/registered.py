"""Marks whose artwork came with the request."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.protocols import Found, Mark, Parameters, Rgb, Weights
from inference.unblending.registered import find_marks, support
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.stage import Detection

GROWTH = 2
"""Pixels around a mark: what resampling and JPEG made of its edge."""


class RegisteredMark:
    """Finds nothing by itself: registered marks are looked for beside every detector, and this one adds nothing."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``; the mask is empty."""
        return Found(np.zeros(rgb.shape[:2], bool))


def with_registered(found: Found, rgb: Rgb, marks: list[Mark]) -> Found:
    """Add all copies of registered marks to what a detector found."""
    places = find_marks(rgb, marks)
    if not places:
        return found
    mask = found.mask | dilate(support(places, rgb.shape), GROWTH)
    detections = [
        Detection(
            label=f"mark {place.name}",
            score=min(place.explained, 1.0),
            box=_bounds(place.left, place.top, place.opacity),
        )
        for place in places
    ]
    return Found(mask, [*found.detections, *detections])


def _bounds(left: int, top: int, opacity: NDArray[np.float32]) -> Box:
    x, y, width, height = cv2.boundingRect((opacity > 0).astype(np.uint8))
    return Box(x=left + x, y=top + y, width=width, height=height)
