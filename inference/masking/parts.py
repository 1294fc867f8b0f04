"""Parts of what may be a line's letters: of which size they are, and how well the paint explains their outline."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.overlay import Overlay
from inference.protocols import Mask

APART = 3
"""Pixels from one side of an outline to the other: more than its soft edge."""
CRUMB = 0.4
"""In squared stroke widths: smaller parts are no letters, and no dots of an i either."""
GAP, TALL, WIDE = 0.9, 0.3, 2.5
"""In line heights: from letter to letter beyond the line's ends, and least height and largest width of a letter."""
EXPLAINED = 0.5
"""Share of the step along its outline that the paint explains, of a letter beyond the ends: the net saw none there."""

ENOUGH, RAISED, DOT, WITHIN = 4, 0.5, 0.45, 0.3
"""Letters from which the rows of a word are known; in parts of their height how far letters reach above and below the
most usual ones, and the height of dots and accents, which stand that far outside of them; and the least share of a
part's height, or of theirs, that is in the rows."""


class Parts:
    """Connected parts of a level map.

    Parameters
    ----------
    values
        ``(H, W, 3)`` code values.
    painted
        ``(H, W)`` bool.
    overlay
        The paint.

    Attributes
    ----------
    labels
        ``(H, W)``: number of each pixel's part, 0 outside of all.
    """

    def __init__(self, values: NDArray[np.float32], painted: Mask, overlay: Overlay) -> None:
        _, self.labels, self._stats, _ = cv2.connectedComponentsWithStats(painted.astype(np.uint8), connectivity=8)
        self._lefts, self._rights = self._stats[:, 0], self._stats[:, 0] + self._stats[:, 2]
        self._gained, self._expected = self._outline(values, overlay)

    def reach(self, ends: tuple[float, float], height: float) -> tuple[float, float]:
        """Where the text begins and ends that goes on letter by letter beyond both ends of a line."""
        letters = (self._stats[:, 3] >= TALL * height) & (self._stats[:, 2] <= WIDE * height)
        letters &= self._gained >= EXPLAINED * self._expected
        letters[0] = False
        spans = sorted(zip(self._lefts[letters].tolist(), self._rights[letters].tolist(), strict=True))
        start, end = ends
        for left, right in spans:
            end = max(end, right) if start < left < end + GAP * height else end
        for left, right in reversed(spans):
            start = min(start, left) if start - GAP * height < right < end else start
        return float(start), float(end)

    def letters(self, start: float, end: float, stroke: float) -> NDArray[np.bool_]:
        """``(parts,)``: which are large enough and lie between both ends."""
        kept = (self._stats[:, 4] >= CRUMB * stroke**2) & (self._rights > start) & (self._lefts < end)
        kept[0] = False
        return np.asarray(kept)

    def in_rows(self, kept: NDArray[np.bool_], height: float) -> NDArray[np.bool_]:
        """Which of these stand in the rows of the word: things of the scene in its colour are above and below too.

        The rows are those of the better explained half of the tall ones; to reach above or below needs two letters.
        """
        tops, heights = self._stats[:, 1].astype(float), self._stats[:, 3].astype(float)
        tall = kept & (heights >= TALL * height) & (self._stats[:, 2] <= WIDE * height)
        if int(tall.sum()) < ENOUGH:
            return kept
        each = self.explained_each()
        good = tall & (each >= np.median(each[tall]))
        ups, downs = np.sort(tops[good]), np.sort(-(tops + heights)[good])
        top, bottom = np.median(ups), -np.median(downs)
        size = bottom - top
        ups, downs = ups[ups >= top - RAISED * size], -downs[-downs <= bottom + RAISED * size]
        top, bottom = min(top, ups[min(1, len(ups) - 1)]), max(bottom, downs[min(1, len(downs) - 1)])
        inside = np.minimum(tops + heights, bottom) - np.maximum(tops, top)
        apart = np.where(heights < DOT * size, inside < -DOT * size, inside < WITHIN * np.minimum(heights, size))
        return np.asarray(kept & ~(apart & (each < np.median(each[good]))))

    def explained(self, kept: NDArray[np.bool_]) -> float:
        """How much of the step that the outline of these parts has to show is there, 0..1."""
        return max(0.0, float(self._gained[kept].sum() / max(self._expected[kept].sum(), 1e-6)))

    def explained_each(self) -> NDArray[np.float64]:
        """``(parts,)``: the same of each part."""
        return np.asarray(np.maximum(self._gained, 0) / np.maximum(self._expected, 1e-6))

    def _outline(
        self, values: NDArray[np.float32], overlay: Overlay
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """``(parts,)`` each: the step along the outline that the paint explains, and the step that it has to make."""
        count = len(self._stats)
        gained, expected = np.zeros(count), np.zeros(count)
        made = overlay.opacity * overlay.colour + (1 - overlay.opacity) * values
        ahead, behind = slice(APART, None), slice(None, -APART)
        for one, other in ((ahead, behind), (behind, ahead)):
            for inside, outside in (((one,), (other,)), ((slice(None), one), (slice(None), other))):
                border = (self.labels[inside] > 0) & (self.labels[outside] == 0)
                numbers = self.labels[inside][border]
                paint, seen = made[outside][border], values[inside][border]
                step = np.abs(paint - values[outside][border]).mean(axis=1)
                gain = np.maximum(step - np.abs(seen - paint).mean(axis=1), -step)
                gained += np.bincount(numbers, gain, count)
                expected += np.bincount(numbers, step, count)
        return gained, expected
