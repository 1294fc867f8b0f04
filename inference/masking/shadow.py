"""The shadow that a thing casts on its ground: darker, of the same hue, and attached to its foot."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.protocols import Mask, Rgb

ASIDE, BELOW, FOOT = 0.75, 0.15, 0.5
"""In heights of the thing: how far to its sides and below it a shadow is looked for, and from which part of it down."""
DARKER = 0.1
"""Least drop in the logarithm of the brightness: a tenth. Less is not seen once the thing is gone."""
UNEVEN = 1.0
"""Standard deviations of the ground's own brightness by which a shadow has to be darker than it."""
SAME_HUE = 0.12
"""Largest change of the logarithm of a ratio of channels. A shadow dims all channels; another material does not."""
PENUMBRA = 0.035
"""In heights of the thing: the shadow's soft edge, in which it is fainter than what can be told from the ground."""
STANDS, THIN = 0.88, 0.03
"""In heights of the thing: a shadow begins where it stands, and reaches down to here at least; and what is narrower is
a rope or a rail. A hull, a shore or a fence behind the thing does neither, or goes on beyond what is looked at."""
LARGEST = 1.2
"""In areas of the thing; what is larger is a dark ground."""
_SMOOTH = 0.02  # of the thing's longer side: texture of the ground is no shadow


def shadow_of(rgb: Rgb, thing: Mask) -> Mask:
    """Find the shadow of a thing; all False where the ground is too uneven to show one.

    The ground's brightness is taken row by row from both ends of the area that is looked at.

    Parameters
    ----------
    rgb
        ``(H, W, 3)``; with some ground around the thing.
    thing
        ``(H, W)`` bool.
    """
    found = np.zeros(thing.shape, bool)
    if not thing.any():
        return found
    left, top, width, height = cv2.boundingRect(thing.astype(np.uint8))
    rows = slice(top + round(FOOT * height), min(thing.shape[0], top + round((1 + BELOW) * height) + 1))
    aside = round(ASIDE * height)
    columns = slice(max(0, left - aside), min(thing.shape[1], left + width + aside))
    free = ~thing[rows, columns]
    bright, hue = _logarithms(rgb[rows, columns], free, max(1.0, _SMOOTH * max(width, height)))
    ground = _ends(left - columns.start, columns.stop - left - width, free)
    if int(ground.sum()) < 50:
        return found
    level, spread = np.median(bright[ground]), float(bright[ground].std())
    usual_hue = np.median(hue[ground], axis=0)
    darker = bright < level - max(DARKER, UNEVEN * spread)
    alike = np.abs(hue - usual_hue).max(axis=2) <= SAME_HUE
    low = top + round(STANDS * height) - rows.start
    found[rows, columns] = _attached(darker & alike & free, thing[rows, columns], low, round(THIN * height))
    return dilate(found, round(PENUMBRA * height)) if found.sum() <= LARGEST * thing.sum() else found & False


def _logarithms(rgb: Rgb, free: Mask, sigma: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Logarithms of the brightness, ``(H, W)``, and of red and blue against green, smoothed past the thing."""
    weight = cv2.GaussianBlur(free.astype(np.float32), (0, 0), sigma)[..., None]
    mean = cv2.GaussianBlur(rgb.astype(np.float32) * free[..., None], (0, 0), sigma) / np.maximum(weight, 1e-3)
    log = np.log(np.maximum(mean, 0) + 4)
    return log.mean(axis=2), log[..., (0, 2)] - log[..., 1:2]


def _ends(before: int, after: int, free: Mask) -> Mask:
    """The outer third of what lies at both sides: a shadow falls to one of them at most."""
    ground = np.zeros(free.shape, bool)
    ground[:, : before // 3] = True
    ground[:, free.shape[1] - after // 3 :] = True
    return ground & free


def _attached(dark: Mask, thing: Mask, low: int, thin: int) -> Mask:
    """The dark parts that touch the thing, reach down to where it stands, and end before both sides."""
    kernel = np.ones((max(3, thin), max(3, thin)), np.uint8)
    broad = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(broad, connectivity=8)
    near = np.asarray(cv2.dilate(thing.astype(np.uint8), np.ones((9, 9), np.uint8))) > 0
    touching = np.zeros(count, bool)
    touching[np.unique(labels[near])] = True
    ends = (stats[:, 0] > 0) & (stats[:, 0] + stats[:, 2] < dark.shape[1])
    touching &= ends & (stats[:, 1] + stats[:, 3] >= low)
    touching[0] = False
    return np.asarray(touching[labels])
