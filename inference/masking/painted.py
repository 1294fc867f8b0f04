"""A person's brush strokes, drawn onto a mask."""

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from schemas.errors import BadInput
from schemas.redo import Strokes

_SHIFT = 4
"""Fractional bits of OpenCV's coordinates: a sixteenth of a pixel."""
_SET = 255


def read_strokes(data: bytes) -> Strokes:
    """Read strokes from outside.

    Raises
    ------
    BadInput
        ``strokes`` if they are none, or more than a person paints.
    """
    try:
        return Strokes.model_validate_json(data)
    except ValidationError:
        raise BadInput("The brush strokes cannot be read; paint them again.", code="strokes") from None


def painted(mask: NDArray[np.uint8], strokes: Strokes) -> NDArray[np.uint8]:
    """Draw strokes in their order.

    Parameters
    ----------
    mask
        ``(H, W)`` uint8, left as it is.
    strokes
        In pixels of the same picture, measured from the corner of its first pixel.

    Returns
    -------
    numpy.ndarray
        ``(H, W)`` uint8: 255 where a stroke painted last, 0 where one erased last, else as before.
    """
    drawn = mask.copy()
    for stroke in strokes.strokes:
        # OpenCV measures from the middle of the first pixel. A single point is a line to itself: a dot.
        points = np.array(stroke.points, np.float64) - 0.5
        points = np.vstack([points, points]) if len(points) == 1 else points
        whole = np.round(points * (1 << _SHIFT)).astype(np.int32).reshape(-1, 1, 2)
        thickness = max(1, round(2 * stroke.radius))
        colour = _SET if stroke.paint else 0
        cv2.polylines(drawn, [whole], isClosed=False, color=colour, thickness=thickness, shift=_SHIFT)
    return drawn
