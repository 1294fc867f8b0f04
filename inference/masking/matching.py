"""Places in a map of evidence that look like a template: a matched filter, and the order that copies keep."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask

Map = NDArray[np.float32]
"""``(H, W)``: evidence, see ``inference.masking.overlay.evidence``."""

MATCHED_AT = 14.0
"""Height of a line, pixels, at which copies are looked for; places are then refined at full size."""
SURE, LIKELY = 6.0, 3.5
"""Evidence in a copy's strokes less evidence around them, in standard deviations of what chance brings: enough by
itself, and enough where the pattern wants a copy."""
LARGEST_DEVIATION = 0.09
"""Where copies stand close together most places see parts of one, and that is not chance."""
FEWEST, MOST = 4, 400
"""Sure copies that make a pattern; and copies that are looked at: wallpaper has thousands."""
STROKE, GAP = 0.34, 0.2
"""Mean evidence over all copies, between that of the ground (0) and of the strokes (1), from which a pixel belongs to
the strokes (half would lose their soft edge), and to which it belongs to the ground."""
_SLACK = 3  # pixels at the matching size
_STEPS = 60  # most frequent steps from copy to copy that count


def places_of(share: Map, told: Mask, template: Map, line_height: float) -> NDArray[np.int64]:
    """Where copies are, refined at full size."""
    scale = min(1.0, MATCHED_AT / line_height)
    score, margin = _score(share * told, told, template, scale)
    apart = (max(3, round(0.5 * template.shape[1] * scale)), max(3, round(0.7 * line_height * scale)))
    peaks = _peaks(score, apart)
    values = score[peaks[:, 1], peaks[:, 0]]
    best_first = peaks[np.argsort(-values)]
    sure = best_first[: min(int((values >= SURE).sum()), MOST)]
    if len(sure) < FEWEST:
        return np.zeros((0, 2), np.int64)
    weak = best_first[len(sure) : MOST]
    kept = np.vstack([sure, weak[_wanted(weak, sure)]])
    rough = np.rint((kept - margin) / scale).astype(np.int64)
    return np.array([_refined(share, template, place, int(np.ceil(1 / scale)) + 1) for place in rough])


def _score(known: Map, told: Mask, template: Map, scale: float) -> tuple[Map, NDArray[np.int64]]:
    """Contrast of a copy at each place of the window's corner, and the margin that was added before the picture."""
    size = tuple(max(4, round(side * scale)) for side in template.shape[::-1])
    small = normal(np.asarray(cv2.resize(template, size, interpolation=cv2.INTER_AREA)))
    strokes = np.where(small > STROKE, small, 0).astype(np.float32)
    gaps = (small < GAP).astype(np.float32)
    margin = np.array(size)
    border = (size[1], size[1], size[0], size[0])
    maps = []
    for layer in (known, told.astype(np.float32)):
        shrunk = cv2.resize(layer, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        maps.append(np.asarray(cv2.copyMakeBorder(shrunk, *border, cv2.BORDER_CONSTANT, value=0), np.float32))
    covered = _correlated(maps[1], strokes)
    inside = _correlated(maps[0], strokes) / np.maximum(covered, 1e-3)
    outside = _correlated(maps[0], gaps) / np.maximum(_correlated(maps[1], gaps), 1e-3)
    # What is mostly outside of the picture, or on a ground of the mark's own colour, says little.
    trust = np.clip(covered / (0.3 * max(float(strokes.sum()), 1e-3)), 0, 1)
    contrast = trust * (inside - outside)
    chance = np.abs(contrast[trust == 1]) if (trust == 1).any() else np.abs(contrast)
    deviation = np.clip(1.48 * float(np.median(chance)), 1e-3, LARGEST_DEVIATION)
    return (contrast / deviation).astype(np.float32), margin


def normal(template: Map) -> Map:
    """0 in the ground, which has a little evidence where it is textured, and 1 in the strokes."""
    ground, strokes = np.median(template), np.percentile(template, 97)
    return np.asarray((template - ground) / max(float(strokes - ground), 1e-3), np.float32)


def _correlated(layer: Map, kernel: Map) -> Map:
    return np.asarray(cv2.filter2D(layer, cv2.CV_32F, kernel, anchor=(0, 0), borderType=cv2.BORDER_CONSTANT))


def _peaks(score: Map, apart: tuple[int, int]) -> NDArray[np.int64]:
    """``(N, 2)``: x and y of local maxima that are likely copies."""
    kernel = np.ones((2 * apart[1] + 1, 2 * apart[0] + 1), np.uint8)
    highest = np.asarray(cv2.dilate(score, kernel))
    rows, columns = np.nonzero((score >= highest) & (score >= LIKELY))
    return np.column_stack([columns, rows]).astype(np.int64)


def _wanted(weak: NDArray[np.int64], sure: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the weak places lie where the pattern has a copy: as far from two sure ones as other sure ones are."""
    steps = (sure[:, None] - sure[None]).reshape(-1, 2)
    steps, counts = np.unique(np.rint(steps / _SLACK).astype(np.int64), axis=0, return_counts=True)
    common = (counts >= 2) & (np.abs(steps).max(axis=1) > 1)
    steps = steps[common][np.argsort(-counts[common])[:_STEPS]] * _SLACK
    if not len(steps) or not len(weak):
        return np.zeros(len(weak), bool)
    votes = np.zeros(len(weak), np.int64)
    for step in steps:
        near = np.abs((weak[:, None] - step) - sure[None]).max(axis=2) <= _SLACK
        votes += near.any(axis=1)
    return votes >= 2


def _refined(share: Map, template: Map, place: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    height, width = template.shape
    window = cut(share, int(place[0]) - reach, int(place[1]) - reach, width + 2 * reach, height + 2 * reach)
    centred = (template - template.mean()).astype(np.float32)
    match = np.asarray(cv2.matchTemplate(window, centred, cv2.TM_CCORR))
    row, column = np.unravel_index(int(match.argmax()), match.shape)
    return np.asarray(place + np.array([column, row]) - reach, np.int64)


def cut(layer: Map, left: int, top: int, width: int, height: int) -> Map:
    """A window of a map; zero outside of it."""
    window = np.zeros((height, width), np.float32)
    x, y = max(0, left), max(0, top)
    right, bottom = min(layer.shape[1], left + width), min(layer.shape[0], top + height)
    if right > x and bottom > y:
        window[y - top : bottom - top, x - left : right - left] = layer[y:bottom, x:right]
    return window
