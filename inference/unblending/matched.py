"""The evidence for known marks at all places of a picture at once: a matched filter, by fast Fourier transforms.

The picture is cut into blocks that overlap by a mark, and transformed once for all marks, turns and paints
(overlap-save; Oppenheim and Schafer 1975). Each of these costs one transform back: the two correlations that it needs
lie in the real and the imaginary part of one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.unblending.evidence import LEVELS, Field, Trace
from inference.unblending.ink import Plane
from schemas.sighting import Paint

LEAST_CONTRAST = 12.0
"""Levels between a mark and its ground below which nothing is seen."""
BLOCK = 256
"""Pixels a side: half a megabyte of a transform stays in the cache."""
Spectrum = NDArray[np.complex64]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a mark's filter says in one block.

    Parameters
    ----------
    top, left
        Where the middle of the mark is for the first of ``values``, in places of the field; halves for odd sizes.
    paint
        Of the mark.
    values
        ``(h, w)``: the product of what is seen and what the mark would leave, in units of the usual gradient times the
        root of the energy.
    """

    top: float
    left: float
    paint: Paint
    values: Plane


class Sought:
    """A field prepared for marks.

    Parameters
    ----------
    field
        ``(H, W)``. The whitening is taken once instead of twice: then every pixel has the same weight, and one sum
        serves all.
    largest
        Height and width of the largest mark, in pixels of the field. Middles of marks are places of the field that are
        at least :func:`border` away from its edges.
    around
        Side of the square over which the ground under a mark is averaged.
    """

    def __init__(self, field: Field, largest: tuple[int, int], around: int) -> None:
        known = field.weight > 0
        gradient = field.gradient / np.sqrt(np.where(known, field.weight, 1))
        ground = np.where(known, field.ground, np.float32(field.ground[known].mean()))
        self._border = border(largest)
        self.shape = tuple(side - 2 * edge for side, edge in zip(ground.shape, self._border, strict=True))
        """Rows and columns of places."""
        self._size = tuple(_side(count, 2 * edge) for count, edge in zip(self.shape, self._border, strict=True))
        self._step = tuple(side - 2 * edge for side, edge in zip(self._size, self._border, strict=True))
        places = tuple(slice(edge, edge + count) for edge, count in zip(self._border, self.shape, strict=True))
        nearby = (
            cv2.blur(each, (around, around), borderType=cv2.BORDER_REFLECT) for each in (ground, np.square(ground))
        )
        self._ground, self._square = (np.ascontiguousarray(each[places]) for each in nearby)
        self._units: dict[float, Plane] = {}
        self._planes = [np.dstack([way, way * ground]) for way in gradient]
        """What is to be correlated with a mark's steps, and the same times the ground, as one complex plane."""
        self._spectra: dict[tuple[int, int], list[Spectrum]] = {}

    def answers(self, trace: Trace, paints: list[Paint]) -> Iterator[Answer]:
        """Weigh a mark of one size and turn at all places, block by block."""
        tall, wide = trace.size
        first = (self._border[0] - tall // 2, self._border[1] - wide // 2)
        energy = float(np.vdot(trace.shape, trace.shape))
        shape = self._template(trace.shape / np.float32(np.sqrt(energy)))
        levels = {paint: LEVELS.get(paint, trace.level) for paint in paints}
        own = self._template(trace.paint / np.float32(np.sqrt(energy))) if None in levels.values() else None
        for top, left in product(*(range(0, side, step) for side, step in zip(self.shape, self._step, strict=True))):
            place = (slice(top, top + self._step[0]), slice(left, left + self._step[1]))
            ground = self._ground[place]
            here = (slice(first[0], first[0] + ground.shape[0]), slice(first[1], first[1] + ground.shape[1]))
            both = self._correlated(top, left, shape)[here]
            for paint, level in levels.items():
                if own is None or level is not None:
                    values = both[..., 0] * np.float32(level or 0) - both[..., 1]
                    values *= self._unit(level or 0)[place]
                else:
                    values = self._correlated(top, left, own)[here][..., 0] - both[..., 1]
                    values *= self._many(trace, energy, place)
                yield Answer(top + tall % 2 / 2, left + wide % 2 / 2, paint, values)

    def _unit(self, level: float) -> Plane:
        """One by the contrast of a mark of one level to what is nearby, root of the mean square."""
        if level not in self._units:
            square = self._square - np.float32(2 * level) * self._ground + np.float32(level**2 + LEAST_CONTRAST**2)
            self._units[level] = np.asarray(1 / np.sqrt(square), np.float32)
        return self._units[level]

    def _many(self, trace: Trace, shape: float, place: tuple[slice, ...]) -> Plane:
        """Give the same for a mark of many levels, whose coverage has the energy ``shape``."""
        own, cross = (float(np.vdot(trace.paint, steps)) / shape for steps in (trace.paint, trace.shape))
        square = self._square[place] - np.float32(2 * cross) * self._ground[place] + np.float32(own)
        return np.asarray(1 / np.sqrt(np.maximum(square, 0.05 * own) + np.float32(LEAST_CONTRAST**2)), np.float32)

    def _template(self, steps: Plane) -> list[Spectrum]:
        """Transform a mark's steps, conjugated: a product with it correlates."""
        planes = [
            np.zeros((*self._size, 2), np.float32) for _ in (0, 1)
        ]  # of complex ones OpenCV is three times faster
        for way, plane in enumerate(planes):
            plane[: steps.shape[1], : steps.shape[2], 0] = steps[way]
        return [np.conj(_complex(cv2.dft(plane))) for plane in planes]

    def _correlated(self, top: int, left: int, template: list[Spectrum]) -> Plane:
        spectra = self._block(top, left)
        both = spectra[0] * template[0]
        both += spectra[1] * template[1]
        parts = both.view(np.float32).reshape(*self._size, 2)
        return np.asarray(cv2.dft(parts, flags=cv2.DFT_INVERSE | cv2.DFT_SCALE), np.float32)

    def _block(self, top: int, left: int) -> list[Spectrum]:
        if (top, left) not in self._spectra:
            window = (slice(top, top + self._size[0]), slice(left, left + self._size[1]))
            padded = [np.zeros((*self._size, 2), np.float32) for _ in self._planes]
            for plane, block in zip(self._planes, padded, strict=True):
                crop = plane[window]
                block[: crop.shape[0], : crop.shape[1]] = crop
            self._spectra[top, left] = [_complex(cv2.dft(block)) for block in padded]
        return self._spectra[top, left]


def border(largest: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns at the edges of a field in which no mark's middle is looked for."""
    return largest[0] // 2 + 1, largest[1] // 2 + 1


def answer_map(sought: Sought, trace: Trace, paint: Paint) -> Plane:
    """Weigh a mark in one paint at all places; see :class:`Answer`."""
    whole = np.zeros(sought.shape, np.float32)
    for answer in sought.answers(trace, [paint]):
        height, width = answer.values.shape
        top, left = int(answer.top), int(answer.left)
        whole[top : top + height, left : left + width] = answer.values
    return whole


def _side(places: int, overlap: int) -> int:
    """Choose the side of equal blocks that overlap and cover all places with the fewest pixels."""
    sides = ((count, cv2.getOptimalDFTSize(-(-places // count) + overlap)) for count in range(1, places + 1))
    least, side = next((count, side) for count, side in sides if side <= max(BLOCK, 2 * overlap))
    finer = cv2.getOptimalDFTSize(-(-places // (least + 1)) + overlap)
    return finer if (least + 1) * finer < least * side else side


def _complex(parts: NDArray[Any]) -> Spectrum:
    return np.asarray(np.ascontiguousarray(parts, np.float32).view(np.complex64)[..., 0])
