"""From a line of text and its paint to the pixels that are painted, to the pixel and over any ground.

Of all ways to divide the line's surroundings into painted and bare pixels the one is wanted that explains the steps
between neighbours best: by the paint where it ends, by the scene elsewhere. Where the ground is as light as the paint
no threshold finds the letter's edge; the step there is what the paint makes of it all the same.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.beliefs import paint_edges, settled
from inference.masking.line import Line
from inference.masking.overlay import Overlay, fitted
from inference.masking.pairs import ground_beside
from inference.masking.parts import Parts
from inference.masking.straighten import Straightened
from inference.protocols import Mask, Rgb
from schemas.pointers import Box

ALONG, ACROSS = 1.0, 0.5
"""In line heights: how far around a line letters are looked for."""
STROKE, APART = 8.0, 3
"""Pixels: width that strokes are brought to, where their soft edge is less than one, and distance of the pairs."""
NOISE = 4.0
"""Code values: grain and JPEG residue of a pair."""
UNLIKELY, OUTSIDE, BEYOND = 0.15, 3.0, 0.3
"""What paint costs anywhere, above and below the line, and a line's height beyond its ends; standard deviations."""
BAND = (0.55, 0.65)
"""In line heights from the line's middle: up to the first letters are likely, from the second on they are not."""
OUT_OF_RANGE, WORST = 6.0, 3.0
"""Code values by which a ground may leave 0..255 once the paint is taken off, and what more than that costs."""
TALL = 0.3
"""In line heights: what a line has to go on by to be looked at once more."""
ROUNDS, STRETCHES = 2, 4
"""The second round has the paint as it is fitted to the letters of the first. And looks along a line."""


@dataclass(frozen=True)
class Lettering:
    """Letters of one line.

    Parameters
    ----------
    area
        ``(bounds.height, bounds.width)`` bool, without their soft edge.
    bounds
        The box of the picture that ``area`` is of.
    overlay
        Their paint.
    explained
        0..1: how much of the step that their outline has to show is there, mean over the outline.
    """

    area: Mask
    bounds: Box
    overlay: Overlay
    explained: float


def lettering(rgb: Rgb, line: Line, overlay: Overlay, stroke: float, extent: tuple[float, float] = (0, 0)) -> Lettering:
    """Divide the surroundings of a line, and go on where letters reach beyond its ends.

    Parameters
    ----------
    overlay
        The paint, roughly: it is fitted anew to what is found.
    stroke
        Width of the letters' strokes, pixels.
    extent
        Pixels by which the text is known to go on before and after the line.
    """
    for _ in range(STRETCHES):
        found, wider = _divided(rgb, line, overlay, stroke, extent)
        overlay = found.overlay
        if sum(wider) < sum(extent) + TALL * line.height:
            break
        extent = wider
    return found


def _divided(
    rgb: Rgb, line: Line, overlay: Overlay, stroke: float, extent: tuple[float, float]
) -> tuple[Lettering, tuple[float, float]]:
    """The letters, and how far they go on before and after the line."""
    height = line.height
    along = round(ALONG * height) + math.ceil(max(extent))
    window = Straightened(rgb, line, along, round(ACROSS * height))
    scale = min(1.0, STROKE / stroke)
    size = tuple(max(APART + 1, round(side * scale)) for side in window.level.shape[1::-1])
    small = np.asarray(cv2.resize(window.level, size, interpolation=cv2.INTER_AREA), np.float32)
    ends = (along - extent[0]) * scale, (window.level.shape[1] - along + extent[1]) * scale
    likely = _place(small.shape, height * scale, ends)
    for _ in range(ROUNDS):
        belief = settled(likely + _impossible(small, overlay), list(paint_edges(small, overlay, NOISE, APART)))
        better = _refitted(small, belief < 0)
        if better is None or better.error > 1.3 * overlay.error + 2:
            break
        overlay = better
    parts = Parts(small, belief < 0, overlay)
    start, end = parts.reach(ends, height * scale)
    kept = parts.in_rows(parts.letters(start, end, stroke * scale), height * scale)
    sharp = cv2.resize(np.where(kept[parts.labels], -belief, -abs(belief)), window.level.shape[1::-1]) > 0
    letters = Lettering(window.back(np.asarray(sharp)), window.bounds, overlay, parts.explained(kept))
    return letters, (along - start / scale, end / scale - window.level.shape[1] + along)


def _place(shape: tuple[int, ...], height: float, ends: tuple[float, float]) -> NDArray[np.float32]:
    """What paint costs by where it is."""
    rows = np.abs(np.arange(shape[0]) + 0.5 - shape[0] / 2) / height
    columns = np.arange(shape[1]) + 0.5
    beyond = np.clip(np.maximum(ends[0] - columns, columns - ends[1]) / height, 0, 1)
    outside = np.clip((rows - BAND[0]) / (BAND[1] - BAND[0]), 0, 1)
    return np.asarray(UNLIKELY + OUTSIDE * outside[:, None] + BEYOND * beyond[None], np.float32)


def _impossible(values: NDArray[np.float32], overlay: Overlay) -> NDArray[np.float32]:
    """What paint costs where the ground under it would be blacker than black or whiter than white."""
    lowest, highest = overlay.opacity * overlay.colour, overlay.opacity * overlay.colour + (1 - overlay.opacity) * 255
    off = np.maximum(lowest - values, values - highest).max(axis=2)
    return np.asarray(np.clip((off - OUT_OF_RANGE) / OUT_OF_RANGE, 0, WORST), np.float32)


def _refitted(values: NDArray[np.float32], letters: Mask) -> Overlay | None:
    core = np.asarray(cv2.erode(letters.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0
    ground, known = ground_beside(values, letters, STROKE / 2)
    core &= known
    return fitted(values[core], ground[core]) if int(core.sum()) >= 50 else None
