"""People, by BlazePose's detector (Bazarevsky et al., 2020), decoded as in MediaPipe 0.10's pose detection graph."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.tflite import TfliteNet
from inference.protocols import Rgb

SIDE = 224
"""The net's input, pixels."""

_STRIDES = (8, 16, 32, 32, 32)
_ANCHORS_A_CELL = 2  # aspect ratio 1 and the interpolated one; with fixed sizes both are the same square
_LARGEST_LOGIT = 100.0
_WHOLE_BODY = 1.25
"""Times the distance from hip centre to the body circle's rim, on each side: MediaPipe's own enlargement."""
_SAME = 0.4  # distance, see _apart, up to which two detections are one person


@dataclass(frozen=True)
class Person:
    """A person: the square that holds the whole body.

    Parameters
    ----------
    score
        0..1.
    x, y
        Centre of the hips, pixels.
    half
        Half the square's side, pixels.
    """

    score: float
    x: float
    y: float
    half: float

    def moved(self, left: float, top: float, scale: float) -> "Person":
        """From pixels of a resized crop to those of the picture."""
        return Person(self.score, self.x * scale + left, self.y * scale + top, self.half * scale)


class PoseDetector:
    """The detector behind plain arrays."""

    def __init__(self, path: Path) -> None:
        self._net = TfliteNet(path)

    def people(self, rgb: Rgb, least_score: float) -> list[Person]:
        """Find people in a crop, which is letterboxed to the net's square."""
        height, width = rgb.shape[:2]
        scale = SIDE / max(height, width)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        square = np.zeros((SIDE, SIDE, 3), np.float32)
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        square[: size[1], : size[0]] = cv2.resize(rgb, size, interpolation=interpolation)
        boxes, logits = self._net.run(square / 127.5 - 1)
        return [person.moved(0, 0, 1 / scale) for person in _decode(boxes, logits[:, 0], least_score)]


def distinct(people: list[Person]) -> list[Person]:
    """Keep the best of detections that lie together (non-maximum suppression)."""
    kept: list[Person] = []
    for person in sorted(people, key=lambda each: -each.score):
        if all(_apart(person, other) > _SAME for other in kept):
            kept.append(person)
    return kept


def _decode(boxes: NDArray[np.float32], logits: NDArray[np.float32], least_score: float) -> list[Person]:
    """Boxes are ``(2254, 12)``: centre x, y, width, height, then four points x, y, all relative to their anchor.

    Point 0 is the centre of the hips, point 1 lies on the rim of the circle around the whole body.
    """
    scores = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -_LARGEST_LOGIT, _LARGEST_LOGIT)))
    people = []
    for index in np.flatnonzero(scores >= least_score):
        hip = boxes[index, 4:6] + _anchors()[index] * SIDE
        rim = boxes[index, 6:8] + _anchors()[index] * SIDE
        radius = float(np.hypot(*(rim - hip)))
        people.append(Person(float(scores[index]), float(hip[0]), float(hip[1]), _WHOLE_BODY * radius))
    return distinct(people)


@cache
def _anchors() -> NDArray[np.float32]:
    """``(2254, 2)``: centres in 0..1. Layers of one stride share a grid and interleave their anchors (SSD)."""
    centres = []
    for stride in sorted(set(_STRIDES)):
        cells = math.ceil(SIDE / stride)
        axis = (np.arange(cells, dtype=np.float32) + 0.5) / cells
        grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        centres.append(np.repeat(grid, _ANCHORS_A_CELL * _STRIDES.count(stride), axis=0))
    return np.concatenate(centres)


def _apart(one: Person, two: Person) -> float:
    """Distance of their hips in halves of the larger square: people who stand together are most of a body apart."""
    return math.hypot(one.x - two.x, one.y - two.y) / max(one.half, two.half, 1e-9)
