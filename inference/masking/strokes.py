"""From a line of text to the pixels of its strokes, where they stand out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.masking.emblem import ABOVE, EMBLEM_REACH, emblem_beside
from inference.masking.line import Line
from inference.masking.straighten import Straightened
from inference.protocols import Mask, Rgb
from schemas.pointers import Box

WIDEST_STROKE = 0.4
"""In line heights. Bold letters have stems of 0.2 to 0.25; what is wider is background."""
CLEAR = 0.62
"""Between-class share of the variance (Otsu 1979) from which strokes are believed. Text on a plain ground has 0.8 and
more, texture without text about 0.6."""
SHARES = (0.06, 0.6)
"""Strokes fill this part of a line."""
SPAN = 0.55
"""Strokes reach over this part of a line's length, or they are something else in it."""
RUNS_OUT = 0.2
"""Part of a line's upper and lower edge that strokes may touch before they count as ground between strokes."""
FAINT_STROKE, FAINTEST = 0.5, 0.4
"""The threshold is half of the response nearby, and never below this part of the line's own."""
HALO, LEAST_HALO, LARGEST_HALO = 0.08, 2, 6
"""In line heights, and pixels: antialiasing, JPEG ringing (at most a block), soft shadows."""
OVERHANG = 0.6
"""In line heights: strokes are looked for beyond both ends too, where the net likes to lose the last letter."""


def line_strokes(rgb: Rgb, line: Line) -> tuple[Mask, Box] | None:
    """Strokes of a line and of an emblem beside it, with their halo; ``None`` where the strokes do not stand out.

    Returns
    -------
    tuple of Mask and Box
        ``(box.height, box.width)`` bool, and its place in the picture.
    """
    overhang, above = round(line.height * EMBLEM_REACH), round(line.height * ABOVE)
    window = Straightened(rgb, line, overhang, above)
    rows = slice(above, window.level.shape[0] - above)
    beyond = overhang - round(line.height * OVERHANG)
    columns = slice(beyond, window.level.shape[1] - beyond)
    strokes = clear_strokes(window.level[rows, columns], overhang - beyond)
    if strokes is None:
        return None
    area = np.zeros(window.level.shape[:2], bool)
    area[rows, columns] = strokes
    colour = np.median(window.level[area], axis=0)
    area |= emblem_beside(window.level, colour, overhang, above)
    return window.back(_with_halo(area, line.height)), window.bounds


def clear_strokes(level: Rgb, overhang: int = 0) -> Mask | None:
    """Strokes of a level line, or ``None`` where they do not stand out.

    Parameters
    ----------
    level
        ``(line height, line length + 2 * overhang, 3)``.
    overhang
        Columns at both ends that have no say in the threshold.
    """
    reach = max(3, round(level.shape[0] * WIDEST_STROKE)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    core = slice(overhang, level.shape[1] - overhang)
    candidates = []
    for operation in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):  # light strokes, dark strokes
        # The strongest channel: an orange date on a blue sky is as light as the sky.
        response = np.asarray(cv2.morphologyEx(level, operation, kernel)).max(axis=2)
        clearness, threshold = _otsu(response[:, core])
        strokes = response > _following(response, threshold)
        runs_out = max(0.0, float(strokes[[0, -1], core].mean()) - RUNS_OUT)
        candidates.append((clearness - runs_out, clearness, strokes))
    # Between white letters the ground makes strokes as clear as they are, but runs into the line's edges.
    _, clearness, strokes = max(candidates, key=lambda candidate: candidate[0])
    strokes = _without_texture_beyond(strokes, overhang)
    share, span = float(strokes[:, core].mean()), float(strokes[:, core].any(axis=0).mean())
    believed = clearness >= CLEAR and SHARES[0] <= share <= SHARES[1] and span >= SPAN
    return strokes if believed else None


def _without_texture_beyond(strokes: Mask, overhang: int) -> Mask:
    """Drop parts that lie beyond the ends and touch the margin: letters stand free in their line, texture goes on."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    height, width = strokes.shape
    left, top, right, bottom = stats[:, 0], stats[:, 1], stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]
    beyond = (right <= overhang) | (left >= width - overhang)
    touching = (left == 0) | (top == 0) | (right == width) | (bottom == height)
    kept = ~(beyond & touching)
    kept[0] = False
    return np.asarray(kept[labels]) if count > 1 else strokes


def _following(response: NDArray[np.uint8], threshold: float) -> NDArray[np.float64]:
    """``(1, W)`` threshold that sinks where a line crosses a ground on which it is faint: white letters, white cup."""
    reach = 2 * response.shape[0] + 1
    peak = np.percentile(response, 95, axis=0)[None].astype(np.float32)
    nearby = np.asarray(cv2.dilate(peak, np.ones((1, reach), np.uint8)), np.float64)
    return np.clip(FAINT_STROKE * nearby, FAINTEST * threshold, threshold)


def _otsu(response: NDArray[np.uint8]) -> tuple[float, float]:
    """The share of the variance that Otsu's threshold explains, and the threshold."""
    threshold, _ = cv2.threshold(np.ascontiguousarray(response), 0, 255, cv2.THRESH_OTSU)
    above = response > threshold
    variance = float(response.var())
    if not above.any() or above.all() or variance == 0:
        return 0.0, threshold
    share = float(above.mean())
    between = share * (1 - share) * float(response[above].mean() - response[~above].mean()) ** 2
    return between / variance, threshold


def _with_halo(strokes: Mask, line_height: float) -> Mask:
    return dilate(strokes, int(np.clip(round(line_height * HALO), LEAST_HALO, LARGEST_HALO)))
