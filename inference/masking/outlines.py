"""Closed outlines of one paint: along all of them the same colour at the same opacity makes the inside of the outside.

At every edge pixel one asks how opaque a paint of a certain colour would have to be to make one side of it of the
other. Edges of the scene answer something else at every pixel; along the outline of a mark the answer stays the same,
whatever lies under it. So edge pixels of the same answer that hang together are collected, and those kept that close:
whose directions sum up to nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.overlay import Overlay, fitted
from inference.masking.steps import Steps, Values, steps_of
from inference.protocols import Rgb
from schemas.pointers import Box

SIDES = ((1024, False), (512, True), (256, True))
"""Longer sides, pixels, at which outlines are looked for, thin ones at the first, those over busy ground at the last;
and whether hues are tried there: they take twice the time of white and black."""
COLOURS = ((255, 255, 255), (10, 10, 10))
HUES = tuple(
    tuple(round(255 * share) for share in shares)
    for shares in ((1, 0, 0), (1, 0.5, 0), (1, 1, 0), (0, 0.8, 0), (0, 1, 1), (0, 0.4, 1), (0.5, 0, 1), (1, 0, 0.7))
)
"""Paints that are tried: white, black and hues. They need not be met: the paint is fitted
to what is found."""
OPACITIES, WIDTH, WIDTH_OF_HUES = np.arange(0.15, 1.0, 0.05), 0.12, 0.2
"""Lower ends of the intervals of opacity, and their widths."""
OFF, OFF_OF_HUES = (6.0, 0.08), (8.0, 0.25)
"""What a paint may leave unexplained: code values, and a part of the step."""
BALANCED = 0.3
"""Largest length of the mean direction across: it is 0 of a closed outline, and 0.6 of a half one."""
TURNS, A_TURN = 6, 0.02
"""Eighths of a turn that the directions have to cover, and the share of the pixels that covers one."""
FEWEST, SMALLEST, LARGEST = 30, 12, (0.5, 0.6)
"""Edge pixels; pixels of width and height; and the largest width and height in parts of the picture's."""
BRIDGE = 5
"""Pixels."""
LONG = 0.7
"""Of half the box's outline: how many edge pixels a closed outline has."""
SAME = 0.3
"""Intersection over union of boxes, from which two outlines are one seen twice."""


@dataclass(frozen=True)
class Outline:
    """An outline.

    Parameters
    ----------
    box
        What it encloses, pixels of the picture.
    overlay
        The paint that explains it.
    places
        ``(N, 2)``: column and row of its pixels, in pixels of the picture.
    convincing
        Larger is better: contrast of the paint, length, closedness.
    """

    box: Box
    overlay: Overlay
    places: NDArray[np.float64]
    convincing: float


def outlines(rgb: Rgb) -> list[Outline]:
    """Find closed outlines of one paint, the most convincing first."""
    found: list[Outline] = []
    for side, hues in SIDES:
        scale = min(1.0, side / max(rgb.shape[:2]))
        small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else rgb
        steps = steps_of(np.asarray(small))
        for chosen, inwards in _groups(steps, small.shape[:2], hues=hues):
            inside, ground = steps.across(inwards)
            overlay = fitted(inside[chosen], ground[chosen])
            closed = 1 - _imbalance(steps, chosen)
            convincing = overlay.contrast * np.sqrt(len(chosen) / scale) * closed
            places = (np.column_stack([steps.columns[chosen], steps.rows[chosen]]) + 0.5) / scale
            found.append(Outline(_box(places), overlay, places, float(convincing)))
    kept: list[Outline] = []
    for outline in sorted(found, key=lambda each: -each.convincing):
        if all(_shared(outline.box, other.box) < SAME for other in kept):
            kept.append(outline)
    return kept


def _groups(steps: Steps, shape: tuple[int, ...], *, hues: bool) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Edge pixels of closed outlines, and whether their inside is the brighter side (1) or the darker (-1)."""
    white, black = COLOURS
    paints: list[tuple[tuple[int, ...], int, tuple[float, float], float]] = [
        (white, 1, OFF, WIDTH),
        (black, -1, OFF, WIDTH),
    ]
    paints += [(hue, inwards, OFF_OF_HUES, WIDTH_OF_HUES) for hue in HUES for inwards in (1, -1)] if hues else []
    for colour, inwards, off, width in paints:
        inside, ground = steps.across(inwards)
        fits, opacity = _implied(inside, ground, colour, off)
        for low in OPACITIES[:: 1 if width == WIDTH else 2]:
            near = fits[(opacity >= low) & (opacity < low + width)]
            if len(near) >= FEWEST:
                yield from ((chosen, inwards) for chosen in _closed(steps, near, shape))


def _implied(
    inside: Values, ground: Values, colour: tuple[int, ...], off: tuple[float, float]
) -> tuple[NDArray[np.int64], Values]:
    """Which edge pixels a paint can explain, and how opaque it has to be for that."""
    room, step = np.array(colour, np.float32) - ground, inside - ground
    opacity = np.einsum("ij,ij->i", step, room) / np.maximum(np.einsum("ij,ij->i", room, room), 1)
    left = np.abs(step - opacity[:, None] * room).max(axis=1)
    fits = np.flatnonzero((left <= off[0] + off[1] * np.abs(step).max(axis=1)) & (opacity >= OPACITIES[0]))
    return fits, opacity[fits]


def _closed(steps: Steps, near: NDArray[np.int64], shape: tuple[int, ...]) -> Iterator[NDArray[np.int64]]:
    """Of edge pixels those that hang together, gaps of two pixels included, and close."""
    edge = np.zeros(shape, np.uint8)
    edge[steps.rows[near], steps.columns[near]] = 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(edge, np.ones((BRIDGE, BRIDGE), np.uint8)))
    of = labels[steps.rows[near], steps.columns[near]]
    number = np.bincount(of, minlength=count)
    width, height = stats[:, 2], stats[:, 3]
    likely = (number >= FEWEST) & (np.minimum(width, height) >= SMALLEST) & (number >= LONG * (width + height))
    likely &= (width <= LARGEST[0] * shape[1]) & (height <= LARGEST[1] * shape[0])
    likely[0] = False
    for part in np.flatnonzero(likely):
        chosen = near[of == part]
        if _imbalance(steps, chosen) <= BALANCED and _turns(steps, chosen) >= TURNS:
            yield chosen


def _imbalance(steps: Steps, chosen: NDArray[np.int64]) -> float:
    return float(np.hypot(steps.right[chosen].mean(), steps.down[chosen].mean()))


def _turns(steps: Steps, chosen: NDArray[np.int64]) -> int:
    eighths = np.floor((np.arctan2(steps.down[chosen], steps.right[chosen]) / np.pi + 1) * 4).astype(int) % 8
    return int((np.bincount(eighths, minlength=8) >= A_TURN * len(chosen)).sum())


def _box(places: NDArray[np.float64]) -> Box:
    left, top = (int(side) for side in places.min(axis=0))
    right, bottom = (int(side) for side in places.max(axis=0))
    return Box(x=left, y=top, width=right - left + 1, height=bottom - top + 1)


def _shared(one: Box, other: Box) -> float:
    """Intersection over union."""
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    both = max(0, across) * max(0, down)
    return both / (one.width * one.height + other.width * other.height - both)
