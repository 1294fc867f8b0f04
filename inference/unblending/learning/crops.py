"""The pictures of a folder cut to the mark at native size, and brought exactly onto each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb
from inference.unblending.ground import roughness
from inference.unblending.ink import Plane, grown
from inference.unblending.learning.evidence import UNIT, Agreement, edges_of
from inference.unblending.learning.placing import Photo, Size, Window, holds, seen_through
from inference.unblending.learning.sighting import FEWEST, Sighting
from inference.unblending.learning.steps import common_steps, significant
from schemas.errors import BadInput

BUDGET = 400_000_000
"""Bytes of all crops together. Beyond it fewer pictures are used, spread over the folder."""
LEAST_USED = 12
"""Pictures, whatever they take."""
REACH = 8
"""Pixels by which a picture may be off its place."""
TURNS = 2
"""The second finds the places by what the first made of all pictures together."""
ITS_SHARE = 0.3
"""Of the usual likeness to the others: a picture below does not show the mark."""
CALM = 1.0
"""Levels added to a picture's usual step: rounding and compression."""
WITHIN = 0.75
"""Times what chance reaches somewhere in the frame: within the window there is less room for chance."""
NEAR = 4
"""Pixels around edges that agree, in which steps may be the mark's."""
NEXT_TO_NOTHING = 0.15
"""Pixels: smaller shifts are not worth the blur of interpolation."""

Crops = list[Rgb]


@dataclass(frozen=True, eq=False)
class Aligned:
    """Crops of one size that show the mark at one place.

    Parameters
    ----------
    crops
        ``(h, w, 3)`` each.
    steps
        ``(2, h, w, 3)`` float32 levels, downward and rightward to the next pixel: what all crops have in common.
    agreeing
        ``(h, w)``: near edges that agree in more crops than chance explains.
    """

    crops: Crops
    steps: Plane
    agreeing: Mask


def aligned(photos: Sequence[Photo], sighting: Sighting) -> Aligned:
    """Cut the pictures, leave out those that do not show the mark, and shift the others onto each other.

    Marks that are always as large lie on whole pixels, so whole pixels are shifted; others to a fraction.

    Raises
    ------
    BadInput
        ``too_few_pictures`` where not enough of them show the mark wholly.
    """
    height, width = sighting.window.shape
    wide = _cut(photos, sighting)
    if len(wide) < FEWEST:
        message = f"Only {len(wide)} pictures are large enough to show the whole mark: give {FEWEST} or more."
        raise BadInput(message, code="too_few_pictures")
    whole = sighting.placing.unit == "pixels"
    crops = [_inner(crop, (height, width)) for crop in wide]
    for _ in range(TURNS):
        template = _common(crops)
        places = [_place(crop, template) for crop in wide]
        usual = float(np.median([place[2] for place in places]))
        kept = [(crop, place) for crop, place in zip(wide, places, strict=True) if place[2] > ITS_SHARE * usual]
        crops = [_shifted(crop, (height, width), place[:2], whole) for crop, place in kept]
    if len(crops) < FEWEST:
        message = f"Only {len(crops)} of the pictures show the mark: give {FEWEST} or more."
        raise BadInput(message, code="too_few_pictures")
    agreeing = _agreeing(crops, sighting.chance)
    return Aligned(crops, _common(crops) * agreeing[..., None], agreeing)


def _cut(photos: Sequence[Photo], sighting: Sighting) -> Crops:
    placing, frame, window = sighting.placing, sighting.frame, sighting.window
    able = [photo for photo in photos if holds(photo.size, placing, frame, window_in(frame, window))]
    most = max(LEAST_USED, BUDGET // (3 * window.shape[0] * window.shape[1]))
    return [
        seen_through(photo.read(), placing, frame, window.wider(REACH)) for photo in able[:: -(-len(able) // most) or 1]
    ]


def window_in(frame: Size, window: Window) -> Window:
    """Cut a window to the frame."""
    return Window(max(0, window.top), max(0, window.left), min(frame[0], window.bottom), min(frame[1], window.right))


def _common(crops: Crops) -> Plane:
    """Steps that the crops have in common, ``(2, h, w, 3)`` levels; smooth pictures count for more."""
    usual = [roughness(crop.astype(np.float32), np.zeros(crop.shape[:2], bool))[..., 0] + CALM for crop in crops]

    def read(index: int, rows: slice) -> tuple[Plane, Plane]:
        return crops[index][rows].astype(np.float32), np.square(usual[index][rows])

    return significant(*common_steps(len(crops), (crops[0].shape[0], crops[0].shape[1]), read))


def _agreeing(crops: Crops, chance: float) -> Mask:
    laid = Agreement.of((crops[0].shape[0], crops[0].shape[1]))
    for crop in crops:
        laid.add(edges_of(crop), (0, 0))
    return grown(laid.significance(FEWEST) > WITHIN * chance, NEAR)


def _place(wide: Rgb, template: Plane) -> tuple[float, float, float]:
    """Find how far down and right of its place the mark lies in a crop, and how like the template its edges are."""
    edges = edges_of(wide).astype(np.float32) / UNIT
    surface = np.zeros((2 * REACH + 1, 2 * REACH + 1), np.float32)
    for axis in (0, 1):  # edges hold the steps rightward first
        for channel in range(3):
            field = np.ascontiguousarray(edges[..., 3 * (1 - axis) + channel])
            kernel = np.ascontiguousarray(template[axis, ..., channel])
            surface += cv2.matchTemplate(field, kernel, cv2.TM_CCORR)
    row, column = (int(index) for index in np.unravel_index(surface.argmax(), surface.shape))
    peak = float(surface[row, column] - np.median(surface))
    return row - REACH + _top(surface[:, column], row), column - REACH + _top(surface[row], column), peak


def _top(values: NDArray[np.float32], index: int) -> float:
    if not 0 < index < len(values) - 1:
        return 0.0
    before, peak, after = (float(value) for value in values[index - 1 : index + 2])
    curvature = before - 2 * peak + after
    return (before - after) / (2 * curvature) if curvature < 0 else 0.0


def _inner(wide: Rgb, shape: Size) -> Rgb:
    return wide[REACH : REACH + shape[0], REACH : REACH + shape[1]]


def _shifted(wide: Rgb, shape: Size, place: tuple[float, ...], whole: bool) -> Rgb:
    down, right = (round(value) if whole else value for value in place)
    if max(abs(down), abs(right)) < NEXT_TO_NOTHING:
        return _inner(wide, shape)
    matrix = np.array([[1, 0, REACH + right], [0, 1, REACH + down]], np.float32)
    flags = (cv2.INTER_NEAREST if whole else cv2.INTER_CUBIC) | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(wide, matrix, shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)
