"""Text detection with a differentiable-binarization net (Liao et al., AAAI 2020), as PP-OCR ships it."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.line import Line
from inference.nets.onnx_session import session
from inference.protocols import Rgb

THRESHOLD = 0.3
"""Probability from which a pixel belongs to the core of a line; the authors' value."""
UNCLIP = 1.6
"""The net marks lines shrunk by area * r / perimeter; this is how far they are grown again (the authors: 1.5)."""

_MULTIPLE = 32
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_LEAST_AREA = 6  # of a core, in the net's pixels


class TextNet:
    """The net behind plain arrays. Safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        self._session = session(path)
        self._input = self._session.get_inputs()[0].name

    def lines(self, rgb: Rgb, longer_side: int) -> list[Line]:
        """Find lines in a picture that is brought to this longer side for the net."""
        height, width = rgb.shape[:2]
        scale = longer_side / max(height, width)
        size = tuple(max(_MULTIPLE, round(side * scale / _MULTIPLE) * _MULTIPLE) for side in (width, height))
        resized = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        # The net was trained on BGR in OpenCV's order with ImageNet's RGB statistics; PP-OCR's own code does the same.
        samples = (resized[..., ::-1].astype(np.float32) / 255 - _MEAN) / _DEVIATION
        batch = np.ascontiguousarray(samples.transpose(2, 0, 1)[None])
        (probability,) = self._session.run(None, {self._input: batch})
        return _lines(np.asarray(probability)[0, 0], width / size[0], height / size[1])


def _lines(probability: NDArray[np.float32], scale_x: float, scale_y: float) -> list[Line]:
    cores = (probability > THRESHOLD).astype(np.uint8)
    contours, _ = cv2.findContours(cores, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [
        _line(np.asarray(contour, np.int32), probability, scale_x, scale_y)
        for contour in contours
        if cv2.contourArea(contour) >= _LEAST_AREA
    ]


def _line(contour: NDArray[np.int32], probability: NDArray[np.float32], scale_x: float, scale_y: float) -> Line:
    left, top, width, height = cv2.boundingRect(contour)
    core = np.zeros((height, width), np.uint8)
    cv2.drawContours(core, [contour], -1, 1, cv2.FILLED, offset=(-left, -top))
    score = float(probability[top : top + height, left : left + width][core > 0].mean())
    # Scaled before fitting: the two scales differ by a few percent, which would shear a rotated rectangle.
    points = (contour.reshape(-1, 2) + 0.5) * np.array([scale_x, scale_y])
    (x, y), (w, h), angle = cv2.minAreaRect(points.astype(np.float32))
    if w < h:
        w, h, angle = h, w, angle + 90
    grown = w * h * UNCLIP / max(w + h, 1e-6)
    angle = (angle + 90) % 180 - 90
    return Line(score, x, y, w + grown, h + grown, 90.0 if angle == -90 else angle)
