"""A mark of several inks in several places, part by part: a red disc beside white letters."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.unblending.ink import Plane, grown

COVERED = 0.05
"""Of the mark's highest opacity, on average over a part of the mask: a part below has a mark that was not understood.
Hairlines in a mask five times as wide have 0.2."""
TOGETHER = 5
"""Pixels by which parts are grown: what meets then is of one part, as the letters of a word are."""
SMALLEST = 300
"""Pixels of a part: below, an ink is a guess."""
MOST = 4
WHOLE = 0.95
"""Share of the area from which a part is all of it."""


def parts_left(left: Mask, area: Mask) -> list[Mask]:
    """Choose what is worth another look by itself, largest first.

    Parameters
    ----------
    left
        ``(H, W)``, what was not computed back when all of ``area`` was taken for one ink.
    area
        ``(H, W)``. Nothing is returned if a part of ``left`` is all of it: the same question has the same answer.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(grown(left, TOGETHER).astype(np.uint8))
    largest = np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:MOST] + 1
    parts = [left & (labels == label) for label in largest[: count - 1]]
    whole = int(area.sum())
    return [part for part in parts if SMALLEST <= int(part.sum()) < WHOLE * whole]


def unseen(opacity: Plane, hole: Mask) -> Mask:
    """Find connected parts of a mask in which hardly anything was found, ``(H, W)``.

    They look like bare ground, exactly repaired, and are not: where the one ink was taken for white letters, the red
    disc beside them stayed in the picture (7 of 12 such marks, up to 12 dB worse than a fill).
    """
    count, labels = cv2.connectedComponents(hole.astype(np.uint8))
    pixels = np.maximum(np.bincount(labels.ravel(), minlength=count), 1)
    mean = np.bincount(labels.ravel(), opacity.ravel(), minlength=count) / pixels
    return np.asarray(hole & (mean < COVERED * float(opacity.max()))[labels], bool)
