"""Text that was laid over a photograph: watermarks, captions, date stamps."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.compositing.regions import as_slices
from inference.masking.dbnet import TextNet
from inference.masking.line import Line
from inference.masking.strokes import line_strokes
from inference.masking.turning import turned
from inference.parameters import flag, number, whole
from inference.protocols import Found, Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.stage import Detection

SIDES = (736, 1120)
"""Longer sides at which the net looks: the first finds large letters, the second small ones."""
LEAST_SCORE = 0.8
LEAST_ASPECT = 1.8
"""Length to height. Leaves, eyes and bricks that the net takes for text are nearly square; words are not."""
TALLEST = 0.25
"""Of the picture's shorter side; rows of windows and planks are taller than any mark."""
SMALLEST = 7.0
"""Pixels. Below, nothing can be told from texture."""
TILTED = 8.0
"""Degrees from which the picture is turned level and looked at once more: the net reads level text far better."""

LARGE_TILTED = 28.0
"""Pixels of a tilted line's height at the first size, from which the second look need not be at the second size too: it
is the dearest of all, and large letters are read at the first."""

SLANTS = (-25.0, 25.0)
"""Degrees: slanted marks have 10 to 45, and the net reads text up to 20 aside."""

MANY = 6
"""Lines that make a pattern, in which each has to fit."""
ASIDE, LARGER = 20.0, 1.8
"""Degrees from the common direction, and times the common height, up to which a line fits."""


class OverlaidText:
    """Finds lines of text and masks their strokes."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        (path,) = weights.values()
        self._net = TextNet(path)

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``.

        Parameters
        ----------
        parameters
            ``score`` (0..1, default 0.8), ``strokes`` (default true; false masks whole rectangles), ``grow`` (pixels
            added around everything, default 0).
        """
        del supplied, box
        score = number(parameters, "score", LEAST_SCORE, low=0, high=1)
        strokes = flag(parameters, "strokes", True)
        lines = find_lines(self._net, rgb, score)
        mask = np.zeros(rgb.shape[:2], bool)
        kept = [line for line in lines if _draw(mask, rgb, line, lines, strokes=strokes)]
        mask = dilate(mask, whole(parameters, "grow", 0, low=0, high=100))
        found = [Detection(label="text", score=min(1.0, line.score), box=line.bounds(*rgb.shape[:2])) for line in kept]
        return Found(mask, found)


def find_lines(net: TextNet, rgb: Rgb, score: float) -> list[Line]:
    """Lines of text at two sizes, and again in the picture turned level where they are tilted."""
    found = [line for side in SIDES for line in net.lines(rgb, side) if is_a_line(line, rgb, score)]
    tilted = [line for line in found if abs(line.angle) > TILTED]
    if not tilted:
        return found
    canvas = turned(rgb, float(np.median([line.angle for line in tilted])))
    height = float(np.median([line.height for line in tilted])) * SIDES[0] / max(canvas.rgb.shape[:2])
    sides = SIDES[:1] if height >= LARGE_TILTED else SIDES
    again = [canvas.line_back(line) for side in sides for line in net.lines(canvas.rgb, side)]
    return found + [line for line in again if is_a_line(line, rgb, score)]


def slanted_lines(net: TextNet, rgb: Rgb, score: float) -> list[Line]:
    """Slanted lines, in the picture turned by usual angles: over busy ground the net reads only level text."""
    found = []
    for angle in SLANTS:
        canvas = turned(rgb, angle)
        found += [canvas.line_back(line) for line in net.lines(canvas.rgb, SIDES[0])]
    return [line for line in found if abs(line.angle) > TILTED and is_a_line(line, rgb, score)]


def is_a_line(line: Line, rgb: Rgb, score: float) -> bool:
    """Whether score, shape and size are those of overlaid text."""
    height, width = rgb.shape[:2]
    inside = 0 <= line.x < width and 0 <= line.y < height
    shaped = line.length >= LEAST_ASPECT * line.height and line.length <= np.hypot(height, width)
    sized = SMALLEST <= line.height <= TALLEST * min(height, width)
    # What runs from border to border and beyond is a row of the scene: courses of stone, a horizon.
    ends = line.corners()
    runs_through = (ends[:, 0].min() <= 0 and ends[:, 0].max() >= width) or (
        ends[:, 1].min() <= 0 and ends[:, 1].max() >= height
    )
    return line.score >= score and inside and shaped and sized and not runs_through


def _draw(mask: Mask, rgb: Rgb, line: Line, lines: list[Line], *, strokes: bool) -> bool:
    """Add a line to a mask: its strokes, or its rectangle for want of clear ones. Says whether it was taken."""
    clear = line_strokes(rgb, line) if strokes else None
    agreeing = _agreement(line, lines)
    if agreeing == 0 or (clear is None and agreeing < 2):
        return False
    area, bounds = clear or _rectangle(line, *mask.shape)
    mask[as_slices(bounds)] |= area
    return True


def _agreement(line: Line, lines: list[Line]) -> int:
    """In how many of direction and size a line is like most others: a tiled mark has one of each, texture neither.

    What is much taller than the rest is texture, or several lines in one.
    """
    if len(lines) < MANY:
        return 2
    aside = np.median([abs((line.angle - other.angle + 90) % 180 - 90) for other in lines])
    larger = line.height / np.median([other.height for other in lines])
    return 0 if larger > LARGER else int(aside <= ASIDE) + int(larger >= 1 / LARGER)


def _rectangle(line: Line, height: int, width: int) -> tuple[Mask, Box]:
    bounds = line.bounds(height, width)
    area = np.zeros((bounds.height, bounds.width), np.uint8)
    corners = line.corners() - np.array([bounds.x, bounds.y], np.float32)
    cv2.fillConvexPoly(area, np.rint(corners).astype(np.int32), 1)
    return area.astype(bool), bounds
