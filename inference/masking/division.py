"""The surroundings of an outline divided into painted and bare pixels, at a working size."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.regions import as_slices
from inference.masking.beliefs import paint_edges, settled
from inference.masking.outlines import Outline
from inference.masking.overlay import Overlay, fitted
from inference.masking.pairs import ground_beside
from inference.protocols import Mask, Rgb
from inference.unblending.ink import eroded, grown

SIDE = 192
"""Longer side, pixels, of what is divided."""
LEAST_MARGIN = 8
"""Pixels around an outline's box, beside a part of its longer side."""
NOISE, APART, UNLIKELY, RIM = 4.0, 3, 0.05, 3.0
"""See ``lettering``; and what paint costs at the rim of what is looked at."""
COARSE, HINT = 64, 0.3
"""Longer side, pixels, of a first division: in 40 rounds a belief crosses the inside of a shape of that size, and of no
larger one. And how much it says to each pixel of the second; standard deviations."""
BARE = 0.3
"""Share of the step to be expected around an enclosed part from which it is bare."""
REFIT = 0.7
"""Of the outline's contrast, from which the paint as it is fitted to the division is believed: else the division went
wrong, or has more in it than the mark."""

Values = NDArray[np.float32]


class Division:
    """What is painted around an outline.

    Attributes
    ----------
    bounds
        The box of the picture that was looked at.
    scale
        From the picture to what was divided.
    values, painted
        ``(H, W, 3)`` and ``(H, W)`` of what was divided.
    overlay
        The paint: the outline's, or as it is fitted to the division.
    """

    def __init__(self, rgb: Rgb, outline: Outline, margin: float) -> None:
        around = LEAST_MARGIN + round(margin * max(outline.box.width, outline.box.height))
        self.bounds = outline.box.widened(around, *rgb.shape[:2])
        window = rgb[as_slices(self.bounds)]
        self.scale = min(1.0, SIDE / max(window.shape[:2]))
        size = tuple(max(APART + 2, round(side * self.scale)) for side in window.shape[1::-1])
        self.values: Values = np.asarray(cv2.resize(window, size, interpolation=cv2.INTER_AREA), np.float32)
        self.overlay = outline.overlay
        self.painted = _painted(self.values, self.overlay)
        better = _refitted(self.values, self.painted)
        if better is not None and better.contrast >= REFIT * outline.overlay.contrast:
            self.overlay = better
            self.painted = _painted(self.values, better)

    def at_full_size(self, area: Mask) -> Mask:
        """A mask of what was divided as one of ``bounds``."""
        size = (self.bounds.width, self.bounds.height)
        return np.asarray(cv2.resize(area.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)) > 0.5


def rim(shape: tuple[int, ...]) -> Mask:
    """The border of what is looked at, two pixels wide."""
    border = np.ones(shape, bool)
    border[2:-2, 2:-2] = False
    return border


def _painted(values: Values, overlay: Overlay) -> Mask:
    """Divide, and fill."""
    alone = np.where(rim(values.shape[:2]), np.float32(RIM), np.float32(UNLIKELY))
    coarse = COARSE / max(values.shape[:2])
    if coarse < 0.7:
        small = np.asarray(cv2.resize(values, None, fx=coarse, fy=coarse, interpolation=cv2.INTER_AREA), np.float32)
        nothing = np.full(small.shape[:2], np.float32(UNLIKELY))
        belief = settled(nothing, list(paint_edges(small, overlay, NOISE, APART - 1)))
        larger = np.asarray(cv2.resize(belief, values.shape[1::-1], interpolation=cv2.INTER_LINEAR))
        alone += HINT * np.clip(larger, -1, 1)
    seen = settled(alone, list(paint_edges(values, overlay, NOISE, APART))) < 0
    return _filled(values, seen, overlay)


def _filled(values: Values, painted: Mask, overlay: Overlay) -> Mask:
    """Add what is enclosed and shows no step to what encloses it: far from its outline one paint is like no paint."""
    count, labels = cv2.connectedComponents((~grown(painted)).astype(np.uint8), connectivity=4)
    made = overlay.opacity * overlay.colour + (1 - overlay.opacity) * values
    step = np.abs(made - values).mean(axis=2)
    gained, expected, number = np.zeros(count), np.zeros(count), np.zeros(count)
    reach = APART + 2
    for axis in (0, 1):
        for offset in (reach, -reach):
            border = np.roll(painted, offset, axis) & (labels > 0)
            seen = np.roll(values, offset, axis)[border]
            gain = np.abs(seen - values[border]).mean(axis=1) - np.abs(seen - made[border]).mean(axis=1)
            gained += np.bincount(labels[border], gain, count)
            expected += np.bincount(labels[border], step[border], count)
            number += np.bincount(labels[border], minlength=count)
    # Inside of an opaque shape the paint would change nothing, and there is no step to be expected.
    bare = (gained > BARE * expected) & (expected > NOISE * number)
    bare[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1], [0]])] = True
    filled = painted | ~bare[labels]
    return np.asarray(cv2.morphologyEx(filled.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))) > 0


def _refitted(values: Values, painted: Mask) -> Overlay | None:
    """The paint of what is just inside of an outline, from the ground just outside."""
    ground, known = ground_beside(values, painted, APART)
    border = eroded(painted) & ~eroded(painted, 3) & known
    return fitted(values[border], ground[border]) if int(border.sum()) >= 40 else None
