"""The edges of a picture: where they are, which way they step, and what lies on both sides."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Rgb

BLUR = 0.8
"""Standard deviation before differences are taken, pixels: grain makes no edges."""
FAINTEST = 3.0
"""Code values a pixel; the steps of marks are steeper."""
ASIDE = 2.0
"""Pixels from an edge to what is looked at on both of its sides: beyond its soft part, within a line of three."""
ALONG = (-1.0, 0.0, 1.0)
"""Pixels along the edge: the mean of three halves the grain."""
_ROW = 1024  # OpenCV's remap takes maps of less than 32768 columns

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Steps:
    """Edge pixels, one wide.

    Parameters
    ----------
    columns, rows
        ``(N,)``: where.
    right, down
        ``(N,)``: the unit vector across the edge, to its brighter side.
    bright, dark
        ``(N, 3)`` code values on both sides.
    """

    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    right: Values
    down: Values
    bright: Values
    dark: Values

    def across(self, inwards: int) -> tuple[Values, Values]:
        """Inside and outside of something that is brighter than what is around it (1), or darker (-1)."""
        return (self.bright, self.dark) if inwards > 0 else (self.dark, self.bright)


def steps_of(rgb: Rgb) -> Steps:
    """Find the edges by the steepest channel's gradient, thinned across (Canny 1986), faint ones too."""
    smooth = cv2.GaussianBlur(rgb.astype(np.float32), (0, 0), BLUR)
    across, downwards = (cv2.Sobel(smooth, cv2.CV_32F, *order, ksize=3, scale=1 / 8) for order in ((1, 0), (0, 1)))
    steepest = (across**2 + downwards**2).argmax(axis=2)[..., None]
    across, downwards = (np.take_along_axis(each, steepest, 2)[..., 0] for each in (across, downwards))
    slope = np.asarray(np.hypot(across, downwards), np.float32)
    rows, columns = np.nonzero(slope >= FAINTEST)
    here = slope[rows, columns]
    right, down = across[rows, columns] / here, downwards[rows, columns] / here
    ahead, behind = (_sampled(slope, columns + side * right, rows + side * down) for side in (1, -1))
    crest = (here >= ahead) & (here > behind)
    rows, columns, right, down = rows[crest], columns[crest], right[crest], down[crest]
    values = rgb.astype(np.float32)
    bright, dark = (
        sum(
            _sampled(values, columns + side * right - along * down, rows + side * down + along * right)
            for along in ALONG
        )
        / len(ALONG)
        for side in (ASIDE, -ASIDE)
    )
    return Steps(columns, rows, right, down, np.asarray(bright), np.asarray(dark))


def _sampled(values: Values, columns: NDArray[np.floating], rows: NDArray[np.floating]) -> Values:
    """Values between pixels, ``(N,)`` or ``(N, 3)``; the picture's border goes on beyond it."""
    count = len(columns)
    shape = (-(-count // _ROW), _ROW)
    across, down = (np.resize(each.astype(np.float32), shape) for each in (columns, rows))
    if not count:
        return np.zeros((0, *values.shape[2:]), np.float32)
    found = cv2.remap(values, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32).reshape(-1, *values.shape[2:])[:count]
