"""Faces, by CenterFace (Xu et al., CenterFace: joint face detection and alignment using face as point, 2020)."""

from dataclasses import dataclass
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Rgb, Weights
from schemas.model_card import ModelCard
from schemas.pointers import Box

SURE = 0.55
"""Score from which a face counts. At 0.5 two of 110 photographs had one where there is none."""
SMALLEST = 14
"""Pixels of its shorter side; smaller things that it takes for faces are not."""

_MULTIPLE = 32
_STRIDE = 4
_TOGETHER = 0.3
_OUTPUTS = ("537", "538", "539", "540")
"""Heat, logarithm of the size, offset of the middle, and landmarks: the file's own names."""


@dataclass(frozen=True)
class Face:
    """A face: ``score`` 0..1, ``box`` in pixels."""

    score: float
    box: Box


class FaceFinder:
    """Finds faces from 14 pixels up, seen from the front or from the side."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        (path,) = weights.values()
        # OpenCV and not ONNX Runtime: the file fixes its input at 32 pixels, which OpenCV lets one change.
        self._net = cv2.dnn.readNetFromONNX(str(path))
        self._lock = Lock()  # the net keeps its input between two calls

    def find(self, rgb: Rgb) -> list[Face]:
        """Find faces, the surest first."""
        height, width = rgb.shape[:2]
        size = (_up(width), _up(height))
        blob = cv2.dnn.blobFromImage(rgb, 1.0, size)
        with self._lock:
            self._net.setInput(blob)
            heat, scale, offset, _ = (np.asarray(each)[0] for each in self._net.forward(_OUTPUTS))
        rows, columns = np.nonzero(heat[0] >= SURE)
        scores = heat[0, rows, columns]
        tall, broad = (np.exp(scale[axis, rows, columns]) * _STRIDE for axis in (0, 1))
        top = (rows + offset[0, rows, columns] + 0.5) * _STRIDE - tall / 2
        left = (columns + offset[1, rows, columns] + 0.5) * _STRIDE - broad / 2
        boxes = np.stack([left, top, broad, tall], axis=1) * np.tile([width / size[0], height / size[1]], 2)
        return _faces(boxes, scores, height, width)


def _faces(boxes: NDArray[np.floating], scores: NDArray[np.floating], height: int, width: int) -> list[Face]:
    if not len(boxes):
        return []
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.astype(float).tolist(), SURE, _TOGETHER)
    found = []
    for number in np.asarray(kept).ravel():
        left, top, right, bottom = _clipped(boxes[number], height, width)
        if min(right - left, bottom - top) >= SMALLEST:
            box = Box(x=left, y=top, width=right - left, height=bottom - top)
            found.append(Face(min(1.0, float(scores[number])), box))
    return found


def _clipped(box: NDArray[np.floating], height: int, width: int) -> tuple[int, int, int, int]:
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    return left, top, min(width, int(np.ceil(box[0] + box[2]))), min(height, int(np.ceil(box[1] + box[3])))


def _up(side: int) -> int:
    return -(-side // _MULTIPLE) * _MULTIPLE
