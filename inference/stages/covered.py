"""What a mask covers, in the words of the answer."""

import cv2
import numpy as np

from inference.protocols import Mask
from schemas.pointers import Box
from schemas.stage import MOST_MASKED_AREAS, MaskedArea

_GAP = 32
"""Of a picture's longer side: what is nearer than this part of it is one area, as the letters of a line are."""


def masked_areas(mask: Mask) -> list[MaskedArea]:
    """Find the places that a mask covers, the largest first; letters of a line are one place."""
    covered = (mask > 0).astype(np.uint8)
    reach = max(3, max(covered.shape) // _GAP)
    grown = cv2.dilate(covered, np.ones((reach, reach), np.uint8))
    _, labels = cv2.connectedComponents(grown)
    labels[covered == 0] = 0
    pixels = np.bincount(labels.ravel())
    pixels[0] = 0
    largest = [int(label) for label in np.argsort(-pixels, kind="stable")[:MOST_MASKED_AREAS] if pixels[label]]
    return [MaskedArea(box=_bounds(labels == label), share=float(pixels[label] / covered.size)) for label in largest]


def _bounds(place: np.ndarray) -> Box:
    left, top, width, height = cv2.boundingRect(place.astype(np.uint8))
    return Box(x=left, y=top, width=width, height=height)
