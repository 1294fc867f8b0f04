"""One copy of a mark that repeats: it is found anywhere, where a sheet of copies fits pictures of one size."""

from dataclasses import replace

import cv2
import numpy as np

from inference.unblending.ink import Plane
from inference.unblending.learning.layers import Artwork
from inference.unblending.shifts import Shift, repetitions

COPIES = 16
"""Neighbours over which a copy is averaged."""
ALIKE, AGAIN = 0.85, 0.2
"""Correlation with what lies at a shift, and share of the mark that lies there, from which a shift counts: the letters
of a word are like each other as well, but not so many of them."""
NEAR = 0.07
"""Of the shortest shift: what lies nearer together is of one copy."""
PLAIN = 0.2
"""Of the highest opacity: fainter pixels join no copies."""
WHOLE = 0.9
"""Of the heaviest copy: lighter ones are cut by the border."""


def one_copy(artwork: Artwork) -> Artwork:
    """Cut a repeating mark to one copy, each pixel the median of all copies; any other mark is returned as it is."""
    shifts = [shift for shift in repetitions(artwork.opacity) if _repeats(artwork.opacity, shift)]
    if not shifts:
        return artwork
    stack = [artwork.opacity, *(_moved(artwork.opacity, shift, float("nan")) for shift in shifts[:COPIES])]
    opacity = np.asarray(np.nanmedian(stack, axis=0).clip(0, 1), np.float32)
    reach = max(3, int(NEAR * min(np.hypot(shift.down, shift.right) for shift in shifts)))
    joined = cv2.dilate((opacity > PLAIN * opacity.max()).astype(np.uint8), np.ones((reach, reach), np.uint8))
    count, labels, _, centres = cv2.connectedComponentsWithStats(joined)
    weights = np.bincount(labels.ravel(), opacity.ravel(), minlength=count)
    weights[0] = 0
    whole = np.flatnonzero(weights >= WHOLE * weights.max())
    if len(whole) < 2:
        return artwork
    middle = np.array(opacity.shape[::-1]) / 2
    chosen = whole[np.linalg.norm(centres[whole] - middle, axis=1).argmin()]
    return replace(artwork, opacity=np.where(labels == chosen, opacity, 0).astype(np.float32))


def _repeats(opacity: Plane, shift: Shift) -> bool:
    there = _moved(opacity, shift, 0.0)
    energy = float(np.square(there).sum())
    own = float(np.square(opacity[there > 0]).sum())
    alike = float((opacity * there).sum()) / max(np.sqrt(energy * own), 1e-6)
    return alike > ALIKE and energy > AGAIN * float(np.square(opacity).sum())


def _moved(opacity: Plane, shift: Shift, beyond: float) -> Plane:
    """Bring what lies at a shift to this place."""
    matrix = np.array([[1, 0, shift.right], [0, 1, shift.down]], np.float32)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(opacity, matrix, opacity.shape[::-1], flags=flags, borderValue=beyond)
    return np.asarray(moved, np.float32)
