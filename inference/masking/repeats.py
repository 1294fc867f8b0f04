"""A word that is repeated all over a picture: every copy is found with the help of all the others.

A single faint copy drowns in texture. Aligned and averaged, the copies' ground cancels out and the strokes stay; the
average is then a matched filter that finds copies which no text detector sees, and says what their strokes are.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.matching import FEWEST, STROKE, Map, cut, normal, places_of
from inference.protocols import Mask

CLEAR, PURE, PAINT = 0.85, 0.55, (0.6, 1.4)
"""Between-class share of the variance of the average, and the share of a usual copy's strokes whose evidence is that of
paint. Marks have 0.87 and 0.65 at least, rows of windows and lettering of the scene 0.83 and 0.5 at most."""
FULLEST = 0.27
"""Largest share of strokes in their window."""


@dataclass(frozen=True)
class Copies:
    """Where copies are, and what each looks like.

    Parameters
    ----------
    places
        ``(N, 2)``: left and top of the window of each copy; it may reach over the border.
    strokes
        ``(h, w)`` bool of a window.
    """

    places: NDArray[np.int64]
    strokes: Mask


def copies(share: Map, told: Mask, window: tuple[int, int, int, int], line_height: float) -> Copies | None:
    """Find the copies of what is in a window.

    Parameters
    ----------
    share, told
        Evidence of the overlay in a level picture, see ``inference.masking.overlay.evidence``.
    window
        Left, top, width, height of one copy with its margin.
    line_height
        Pixels.

    Returns
    -------
    Copies or None
        ``None`` where there is no pattern.
    """
    left, top, width, height = window
    template, places = cut(share, left, top, width, height), np.array([[left, top]])
    for _ in range(3):
        places = places_of(share, told, template, line_height)
        if len(places) < FEWEST:
            return None
        template = _mean(share, told, places, (height, width))
    strokes = normal(template) > STROKE
    return Copies(places, strokes) if _are_drawn(share, told, template, strokes, places) else None


def _are_drawn(share: Map, told: Mask, template: Map, strokes: Mask, places: NDArray[np.int64]) -> bool:
    """Whether the average is a drawing, and the copies have its paint: windows of a house repeat too."""
    grey = np.asarray(np.clip(normal(template), 0, 1.5) * 170, np.uint8)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    above = grey > threshold
    part = float(above.mean())
    if not 0 < part <= FULLEST or grey.var() == 0:
        return False
    between = part * (1 - part) * float(grey[above].mean() - grey[~above].mean()) ** 2
    core = np.asarray(cv2.erode(strokes.astype(np.uint8), np.ones((3, 3), np.uint8))) > 0
    pure = []
    for left, top in places:
        window = (int(left), int(top), strokes.shape[1], strokes.shape[0])
        seen = core & (cut(told.astype(np.float32), *window) > 0)
        if seen.sum() > 0.5 * core.sum():
            evidence = cut(share, *window)[seen]
            pure.append(float(((evidence >= PAINT[0]) & (evidence <= PAINT[1])).mean()))
    return bool(pure and between / grey.var() >= CLEAR and np.median(pure) >= PURE)


def painted(found: Copies, shape: tuple[int, ...]) -> Mask:
    """The strokes of all copies in a picture of this shape."""
    height, width = found.strokes.shape
    area = np.zeros((shape[0] + 2 * height, shape[1] + 2 * width), bool)
    for left, top in found.places:
        x, y = np.clip([left + width, top + height], 0, (area.shape[1] - width, area.shape[0] - height))
        area[y : y + height, x : x + width] |= found.strokes
    return area[height:-height, width:-width]


def _mean(share: Map, told: Mask, places: NDArray[np.int64], size: tuple[int, int]) -> Map:
    """Mean evidence over the copies, where it could be told."""
    height, width = size
    total, known = np.zeros(size, np.float32), np.full(size, 1e-3, np.float32)
    layer = told.astype(np.float32)
    for left, top in places:
        weight = cut(layer, int(left), int(top), width, height)
        total += np.minimum(cut(share, int(left), int(top), width, height), 1.2) * weight
        known += weight
    return total / known
