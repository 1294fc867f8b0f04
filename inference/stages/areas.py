"""What an edit layer changed, in the words of the answer."""

import cv2
import numpy as np

from inference.compositing.edits import EditLayer, Patch
from schemas.pointers import Box
from schemas.stage import EditedArea


def edited_areas(layer: EditLayer) -> list[EditedArea]:
    """One area a patch that replaces anything: the bounds of its hole, and the crop that the model saw."""
    return [_area(patch) for patch in layer.patches if patch.hole.any()]


def _area(patch: Patch) -> EditedArea:
    left, top, width, height = cv2.boundingRect(patch.hole.astype(np.uint8))
    bounds = Box(x=patch.box.x + left, y=patch.box.y + top, width=width, height=height)
    return EditedArea(box=bounds, crop=patch.box, hole_pixels=int(patch.hole.sum()), model=patch.model)
