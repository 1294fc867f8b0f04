"""What a mask says about itself: labelled boxes, at any size of the picture."""

import math

import cv2
import numpy as np

from inference.protocols import Mask
from schemas.pointers import Box
from schemas.stage import Detection


def detection_of(label: str, score: float, area: Mask) -> Detection:
    """The box around a mask."""
    left, top, width, height = cv2.boundingRect(area.astype(np.uint8))
    return Detection(
        label=label, score=min(1.0, score), box=Box(x=left, y=top, width=max(1, width), height=max(1, height))
    )


def rescaled(detection: Detection, factor: float, height: int, width: int) -> Detection:
    """A detection in a picture of another size, whose height and width are given; it covers all that it did."""
    box = detection.box
    left, top = min(width - 1, int(box.x * factor)), min(height - 1, int(box.y * factor))
    right = min(width, max(left + 1, math.ceil((box.x + box.width) * factor)))
    bottom = min(height, max(top + 1, math.ceil((box.y + box.height) * factor)))
    larger = Box(x=left, y=top, width=right - left, height=bottom - top)
    return detection.model_copy(update={"box": larger})
