"""Sketches as ControlNets were shown them: white lines on black, at the size of the picture to be made."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.nets.sizes import resized
from inference.protocols import Rgb

PAPER_SHARE = 1 / 12
"""Of the shorter side: what varies over a longer distance than this is paper and its light, not a line."""
FAINT, CLEAR = 0.12, 0.4
"""Contrast to the paper below which a pixel is its grain, and from which it is a line. A soft pencil on white paper has
0.3 to 0.5, the tooth of the paper and JPEG ringing up to 0.1."""
THINNEST = 2.0
"""Pixels at the working size. Thinner lines are lost in the first convolutions, which look at every second pixel."""
GRAIN = 1.0
"""Pixels over which the grain of a large scan is averaged before lines are thickened; a line of one outlasts it."""
THICKEST = 1 / 24
"""Of the shorter side. Anything wider is an area, and an area is drawn by its outline."""
CANNY = (100.0, 200.0)
"""Gradients of an 8-bit picture between which an edge is carried on and from which it starts; those that the canny
ControlNets were trained with."""

Plane = NDArray[np.float32]


def scribble(sketch: Rgb, size: tuple[int, int]) -> Rgb:
    """Lines of a drawing, whatever its paper, its ink and its light.

    Parameters
    ----------
    sketch
        A scan, a photograph of a page or a drawing; dark on light or light on dark.
    size
        Height and width of the picture to be made. The sketch is laid in its middle, whole.

    Returns
    -------
    ndarray
        ``(height, width, 3)`` uint8, white lines on black.
    """
    ink = _ink(sketch)
    shrink = ink.shape[0] / _inner(ink.shape[:2], size)[0]
    if shrink > 1:  # averaging would fade lines away: they are cleared of grain and thickened first
        ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), min(GRAIN, 0.4 * shrink)), np.float32)
        reach = round(shrink * THINNEST / 2)
        ink = np.asarray(cv2.dilate(ink, np.ones((reach, reach), np.uint8)), np.float32)
    lines = (_outlined(_placed(ink, size, 0.0)) - FAINT) / (CLEAR - FAINT)
    return _three(lines.clip(0, 1) * 255)


def canny(sketch: Rgb, size: tuple[int, int], thresholds: tuple[float, float] = CANNY) -> Rgb:
    """Edges of a drawing or a photograph (Canny 1986, OpenCV).

    Returns
    -------
    ndarray
        ``(height, width, 3)`` uint8, white edges of one pixel on black.
    """
    # Edges are looked for before the sketch is laid on anything: its own border is none.
    edges = cv2.Canny(resized(sketch, _inner(sketch.shape[:2], size)), *thresholds)
    return _three(_placed(np.asarray(edges), size, 0))


def contained(sketch: Rgb, size: tuple[int, int]) -> Rgb:
    """The whole sketch in the middle of a picture of this size, on its own paper: ``(height, width, 3)`` uint8."""
    return _placed(sketch, size, np.median(sketch.reshape(-1, 3), axis=0))


def _ink(sketch: Rgb) -> Plane:
    """How far each pixel is from the paper around it, ``(H, W)``, 0 to 1, in the channel that shows it best.

    The paper is what is left when everything narrower than ``PAPER_SHARE`` is taken away (a morphological closing of
    dark lines on light paper): shadows of a photographed page go with it. A light drawing is turned into a dark one.
    """
    light = sketch if np.median(sketch) >= 128 else 255 - sketch
    scale = min(1.0, 512 / max(sketch.shape[:2]))
    small = np.asarray(cv2.resize(light, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    reach = max(3, round(PAPER_SHARE * min(small.shape[:2])))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, disc), (0, 0), reach / 2)
    full = np.asarray(cv2.resize(paper, sketch.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(((full - light) / np.maximum(full, 64)).max(axis=2).clip(0, 1), np.float32)


def _outlined(ink: Plane) -> Plane:
    """Leave the sharp border of what is wider than any line; where it fades, as a shadow does, it has none."""
    reach = max(2, round(THICKEST * min(ink.shape) / 2))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    areas = cv2.morphologyEx(ink, cv2.MORPH_OPEN, disc)
    borders = cv2.morphologyEx(areas, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    return np.asarray(np.maximum(ink - areas, borders), np.float32)


def _inner(shape: tuple[int, ...], size: tuple[int, int]) -> tuple[int, int]:
    """The largest size of this shape that fits."""
    scale = min(size[0] / shape[0], size[1] / shape[1])
    return (max(1, min(size[0], round(shape[0] * scale))), max(1, min(size[1], round(shape[1] * scale))))


def _placed(values: NDArray[Any], size: tuple[int, int], around: Any) -> NDArray[Any]:
    inner = _inner(values.shape[:2], size)
    canvas = np.empty((*size, *values.shape[2:]), values.dtype)
    canvas[:] = around
    top, left = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    canvas[top : top + inner[0], left : left + inner[1]] = resized(values, inner)
    return canvas


def _three(gray: NDArray[Any]) -> Rgb:
    return np.ascontiguousarray(np.repeat(np.rint(gray).astype(np.uint8)[..., None], 3, axis=2))
