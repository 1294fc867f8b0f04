"""Strokes of a level line of text, and pairs of pixels inside and ground beside them."""

import math
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.overlay import Overlay, evidence, fitted
from inference.protocols import Mask, Rgb

WIDEST_STROKE = 0.4
"""In line heights. Bold letters have stems of 0.2 to 0.25; what is wider is background."""
RUNS_OUT = 0.2
"""Part of a line's upper and lower edge that strokes may touch before they count as ground between strokes."""
FULL, NOTHING, FILLED = (0.7, 1.3), 0.25, (0.04, 0.4)
"""Evidence of a painted pixel and of ground, and the share of a line's pixels that letters fill."""
LIGHT, DARK = 225, 50
"""Marks are white, black or of a strong colour: their strongest channel lies above or below these."""
FEWEST = 24
"""Pairs; fewer fit anything."""


@dataclass(frozen=True)
class Pairs:
    """Strokes of one polarity in a level line.

    Parameters
    ----------
    strokes
        ``(H, W)`` bool.
    clearness
        Between-class share of the variance (Otsu 1979), 0..1, less what runs out of the line above and below.
    inside, ground
        ``(N, 3)`` float32: pixels well inside of strokes, and the ground next to each.
    width
        Of the strokes, pixels.
    """

    strokes: Mask
    clearness: float
    inside: NDArray[np.float32]
    ground: NDArray[np.float32]
    width: float

    @cached_property
    def overlay(self) -> Overlay:
        """The overlay that explains them best."""
        return fitted(self.inside, self.ground)


def readings(level: Rgb) -> list[Pairs]:
    """Strokes of a level line read as light, dark, warm and cool ones, the most convincing first.

    Warm and cool are for stamps: orange digits on a grey wall are neither lighter nor darker than it.
    """
    reach = max(3, round(level.shape[0] * WIDEST_STROKE)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    warmth = np.asarray((level[..., 0].astype(np.int16) - level[..., 2] + 256) // 2, np.uint8)
    # The strongest channel: an orange date on a blue sky is as light as the sky.
    responses = [
        np.asarray(cv2.morphologyEx(values, operation, kernel))
        for values in (level, warmth)
        for operation in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
    ]
    strongest = [response.max(axis=2) if response.ndim == 3 else response for response in responses]
    found = [_pairs(level, np.ascontiguousarray(response, np.uint8)) for response in strongest]
    return sorted((pairs for pairs in found if pairs is not None), key=lambda pairs: _unconvincing(level, pairs))


def _unconvincing(level: Rgb, pairs: Pairs) -> float:
    """Lower is better: clear strokes, explained by one paint, and pixels that have all of it or nothing."""
    overlay = pairs.overlay
    share, told = evidence(level, overlay, max(5, round(level.shape[0] * WIDEST_STROKE) | 1))
    share = share[told]
    full = float(((share > FULL[0]) & (share < FULL[1])).sum()) / told.size
    partly = float((((share > NOTHING) & (share <= FULL[0])) | (share >= FULL[1])).sum()) / told.size
    usual = overlay.colour.max() >= LIGHT or overlay.colour.max() <= DARK
    value = pairs.clearness * math.log(2 + min(overlay.contrast, 30)) * full / (full + partly + 1e-6)
    return -value * (1 if usual else 0.7) * (1 if FILLED[0] <= full <= FILLED[1] else 0.3)


def _pairs(level: Rgb, response: NDArray[np.uint8]) -> Pairs | None:
    threshold, _ = cv2.threshold(response, 0, 255, cv2.THRESH_OTSU)
    strokes = response > threshold
    share, variance = float(strokes.mean()), float(response.var())
    if share in (0.0, 1.0) or variance == 0:
        return None
    between = share * (1 - share) * float(response[strokes].mean() - response[~strokes].mean()) ** 2
    runs_out = max(0.0, float(strokes[[0, -1]].mean()) - RUNS_OUT)
    depth = np.asarray(cv2.distanceTransform(strokes.astype(np.uint8), cv2.DIST_L2, 3))
    width = 2 * float(np.percentile(depth[strokes], 85))
    ground, known = ground_beside(level, strokes, max(2.0, 0.8 * width))
    core = strokes & known & (depth >= min(1.5, float(np.percentile(depth[strokes], 60))))
    if int(core.sum()) < FEWEST:
        return None
    inside = np.asarray(level[core], np.float32)
    return Pairs(strokes, between / variance - runs_out, inside, ground[core], width)


def ground_beside(values: NDArray[np.generic], strokes: Mask, sigma: float) -> tuple[NDArray[np.float32], Mask]:
    """Mean of the pixels nearby that are no strokes nor their soft edge, and where there are any."""
    free = (np.asarray(cv2.dilate(strokes.astype(np.uint8), np.ones((5, 5), np.uint8))) == 0).astype(np.float32)
    weight = np.asarray(cv2.GaussianBlur(free, (0, 0), sigma))
    total = np.asarray(cv2.GaussianBlur(values.astype(np.float32) * free[..., None], (0, 0), sigma))
    return total / np.maximum(weight, 1e-6)[..., None], weight > 0.02
