"""People, found by their pose and cut out by a segmentation net."""

from collections.abc import Iterator
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.compositing.regions import as_slices
from inference.masking.pose_detector import Person, PoseDetector, distinct
from inference.masking.tflite import TfliteNet
from inference.parameters import number, whole
from inference.protocols import Found, Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.stage import Detection

SIDE = 256
"""Input of the segmentation net, pixels."""
LEAST_SCORE, STRICTER_ON_TILES = 0.65, 0.15
"""The detector's own graph takes 0.5, for a camera that has people before it. Tiles are many looks without context: at
0.5 on all of them, 18 of 35 photographs without people had something in them; at these values none."""
SURE = 0.9
"""Mean probability over a body. Petals and lamps that the detector took for people reach 0.9 rarely, bodies always."""
CENTRE, CENTRE_SHARE = 0.5, 0.25
"""Mean probability over the middle of the square, where the hips are, and the part of its side that this is."""
HALO = 0.03
"""Growth of a person's mask in parts of the square's side: the net's edge is a few of its 256 pixels wide."""
TILE_SHARE = 0.5
"""Tiles are half of the picture's shorter side and overlap by half: people from a tenth of the picture's height."""


class PersonMask:
    """Masks everyone it finds."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        self._detector = PoseDetector(weights["pose_detection.tflite"])
        self._segmentation = TfliteNet(weights["selfie_segmentation.tflite"])

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``.

        Parameters
        ----------
        parameters
            ``score`` (0..1, default 0.65; tiles need 0.15 more), ``largest`` (how many of the largest people to leave
            alone, default 0: a portrait without its photobombers takes 1) and ``grow`` (further pixels, default 0).
        """
        del supplied, box
        score = number(parameters, "score", LEAST_SCORE, low=0, high=1)
        spared = whole(parameters, "largest", 0, low=0, high=100)
        people = sorted(self._people(rgb, score), key=lambda person: -person.half)[spared:]
        mask, detections = np.zeros(rgb.shape[:2], bool), []
        for person in people:
            square = _square(person, *rgb.shape[:2])
            body = self._body(rgb[as_slices(square)])
            if body.any():
                mask[as_slices(square)] |= body
                detections.append(Detection(label="person", score=person.score, box=square))
        return Found(dilate(mask, whole(parameters, "grow", 0, low=0, high=200)), detections)

    def _people(self, rgb: Rgb, score: float) -> list[Person]:
        found = []
        for tile in _tiles(*rgb.shape[:2]):
            whole_picture = tile.width == rgb.shape[1] and tile.height == rgb.shape[0]
            least = score if whole_picture else min(0.99, score + STRICTER_ON_TILES)
            found += [person.moved(tile.x, tile.y, 1) for person in self._detector.people(rgb[as_slices(tile)], least)]
        return distinct([person for person in found if person.half >= 8])

    def _body(self, crop: Rgb) -> Mask:
        """The body in a person's square; all False where the two nets disagree that there is one."""
        resized = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        probability = self._segmentation.run(np.asarray(resized, np.float32) / np.float32(255))[0][..., 0]
        body = probability > 0.5
        margin = round(SIDE * (1 - CENTRE_SHARE) / 2)
        centre = probability[margin:-margin, margin:-margin]
        if not body.any() or probability[body].mean() < SURE or centre.mean() < CENTRE:
            return np.zeros(crop.shape[:2], bool)
        full = cv2.resize(probability, crop.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        return dilate(np.asarray(full) > 0.5, max(2, round(HALO * max(crop.shape[:2]))))


def _tiles(height: int, width: int) -> Iterator[Box]:
    """The whole picture, then tiles of half its shorter side."""
    yield Box(x=0, y=0, width=width, height=height)
    side = round(min(height, width) * TILE_SHARE)
    if side < 64:
        return
    for top, left in product(_starts(height, side), _starts(width, side)):
        yield Box(x=left, y=top, width=side, height=side)


def _starts(length: int, side: int) -> list[int]:
    count = -(-(length - side) * 2 // side) + 1
    return [round(index * (length - side) / max(1, count - 1)) for index in range(count)]


def _square(person: Person, height: int, width: int) -> Box:
    left, top = int(max(0, person.x - person.half)), int(max(0, person.y - person.half))
    left, top = min(left, width - 1), min(top, height - 1)
    right = int(np.clip(person.x + person.half, left + 1, width))
    bottom = int(np.clip(person.y + person.half, top + 1, height))
    return Box(x=left, y=top, width=right - left, height=bottom - top)
