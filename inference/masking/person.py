"""People, found by their pose and cut out by a segmentation net."""

from collections.abc import Iterator
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.compositing.regions import as_slices
from inference.masking.pose_detector import Person, PoseDetector, distinct
from inference.masking.shadow import shadow_of
from inference.masking.tflite import TfliteNet
from inference.parameters import flag, number, whole
from inference.protocols import Found, Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.stage import Detection

SIDE = 256
"""Input of the segmentation net, pixels."""
LEAST_SCORE = 0.65
"""The detector's own graph takes 0.5, for a camera that has people before it."""
SURE = 0.9
"""Mean probability over a body. Petals and lamps that the detector took for people reach 0.9 rarely, bodies always."""
HIPS, HIPS_SHARE = 0.6, 0.06
"""Mean probability around the hips, and how far around, in parts of the square's side."""
CENTRE, CENTRE_SHARE = 0.5, 0.25
"""The same over the middle of what the picture has of the square: in portraits the hips are beyond the border."""
HALO = 0.03
"""Growth of a person's mask in parts of the square's side: the net's edge is a few of its 256 pixels wide."""
UPRIGHT = 1.2
"""Height to width of a body that stands: of one who sits or lies no ground is seen where a shadow would begin."""
TILES = ((1.0, 0.05), (0.75, 0.1), (0.5, 0.1))
"""Sides of tiles in parts of the picture's shorter side, and by how much the score has to be higher there: tiles are
many looks without context. They overlap by half. The detector was made for one person: the fewer are in a tile the
better it sees them. The smallest are for people from a tenth of the picture's height."""


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
            ``score`` (0..1, default 0.65; tiles need 0.05 or 0.1 more), ``largest`` (how many of the largest people to
            leave alone, default 0: a portrait without its photobombers takes 1), ``shadow`` (default true: what a
            person who stands in the picture dims goes with them) and ``grow`` (further pixels, default 0).
        """
        del supplied, box
        score = number(parameters, "score", LEAST_SCORE, low=0, high=1)
        spared = whole(parameters, "largest", 0, low=0, high=100)
        people = sorted(self._people(rgb, score), key=lambda person: -person.half)
        squares = [_square(person, *rgb.shape[:2]) for person in people]
        bodies = [
            self._body(rgb[as_slices(box)], each.moved(-box.x, -box.y, 1))
            for each, box in zip(people, squares, strict=True)
        ]
        there = [index for index, body in enumerate(bodies) if body.any()]
        mask, detections = np.zeros(rgb.shape[:2], bool), []
        everyone = np.zeros(rgb.shape[:2], bool)
        for square, body in zip(squares, bodies, strict=True):
            everyone[as_slices(square)] |= body
        shadows = flag(parameters, "shadow", True)
        for index in there[spared:]:
            person, square, body = people[index], squares[index], bodies[index]
            if spared:
                body &= _nearest(person, [people[other] for other in there], square)
            mask[as_slices(square)] |= body
            if shadows and _stands(body, square, rgb.shape[0]):
                around, shadow = _shadow(rgb, body, square)
                mask[around] |= shadow & ~everyone[around]
            detections.append(Detection(label="person", score=person.score, box=square))
        return Found(dilate(mask, whole(parameters, "grow", 0, low=0, high=200)), detections)

    def _people(self, rgb: Rgb, score: float) -> list[Person]:
        found = []
        for tile, stricter in _tiles(*rgb.shape[:2]):
            least = min(0.99, score + stricter)
            found += [person.moved(tile.x, tile.y, 1) for person in self._detector.people(rgb[as_slices(tile)], least)]
        return distinct([person for person in found if person.half >= 8])

    def _body(self, crop: Rgb, person: Person) -> Mask:
        """The body in a person's square; all False where the two nets disagree that there is one."""
        resized = cv2.resize(crop, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        probability = self._segmentation.run(np.asarray(resized, np.float32) / np.float32(255))[0][..., 0]
        body = probability > 0.5
        margin = round(SIDE * (1 - CENTRE_SHARE) / 2)
        central = probability[margin:-margin, margin:-margin].mean() >= CENTRE
        placed = central or _at_hips(probability, crop, person) >= HIPS
        if not body.any() or probability[body].mean() < SURE or not placed:
            return np.zeros(crop.shape[:2], bool)
        full = cv2.resize(probability, crop.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        return dilate(np.asarray(full) > 0.5, max(2, round(HALO * max(crop.shape[:2]))))


def _stands(body: Mask, square: Box, height: int) -> bool:
    """Whether a body is upright and its feet are in the picture: only there its shadow is looked for."""
    _, top, across, down = cv2.boundingRect(body.astype(np.uint8))
    return down >= UPRIGHT * across > 0 and square.y + top + down < height - 1


def _shadow(rgb: Rgb, body: Mask, square: Box) -> tuple[tuple[slice, slice], Mask]:
    """The shadow of the body in a square, and the part of the picture that it is a mask of."""
    around = square.widened(max(square.width, square.height), *rgb.shape[:2])
    place = as_slices(around)
    thing = np.zeros((around.height, around.width), bool)
    thing[square.y - around.y :, square.x - around.x :][: square.height, : square.width] = body
    return place, shadow_of(rgb[place], thing)


def _at_hips(probability: NDArray[np.float32], crop: Rgb, person: Person) -> float:
    """Mean around a person's hips, which a picture's border may cut out of the middle of the square."""
    across, down = person.x / crop.shape[1] * SIDE, person.y / crop.shape[0] * SIDE
    reach = HIPS_SHARE * SIDE
    rows = slice(max(0, round(down - reach)), max(1, round(down + reach)))
    columns = slice(max(0, round(across - reach)), max(1, round(across + reach)))
    around = probability[rows, columns]
    return float(around.mean()) if around.size else 0.0


def _nearest(person: Person, people: list[Person], square: Box) -> Mask:
    """Where in a person's square nobody else is nearer: the net does not tell one body from the next."""
    rows, columns = np.ogrid[square.y : square.y + square.height, square.x : square.x + square.width]
    apart = [np.hypot(columns - other.x, rows - other.y) / other.half for other in people]
    return np.asarray(np.hypot(columns - person.x, rows - person.y) / person.half <= np.min(apart, axis=0))


def _tiles(height: int, width: int) -> Iterator[tuple[Box, float]]:
    """The whole picture, then squares of it, each with what its people's score has to have more."""
    yield Box(x=0, y=0, width=width, height=height), 0
    for share, stricter in TILES:
        side = round(min(height, width) * share)
        if side < 64 or side == max(height, width):
            continue
        for top, left in product(_starts(height, side), _starts(width, side)):
            yield Box(x=left, y=top, width=side, height=side), stricter


def _starts(length: int, side: int) -> list[int]:
    count = -(-(length - side) * 2 // side) + 1
    return [round(index * (length - side) / max(1, count - 1)) for index in range(count)]


def _square(person: Person, height: int, width: int) -> Box:
    left, top = int(max(0, person.x - person.half)), int(max(0, person.y - person.half))
    left, top = min(left, width - 1), min(top, height - 1)
    right = int(np.clip(person.x + person.half, left + 1, width))
    bottom = int(np.clip(person.y + person.half, top + 1, height))
    return Box(x=left, y=top, width=right - left, height=bottom - top)
