"""What is left of a mark's colour where the wrong ink was taken off: a tint that begins and ends with its strokes."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.unblending.edges import pairs_across
from inference.unblending.ink import Plane, grown

COVERED, BARE = 0.6, 0.02
"""Of the highest opacity: what counts as within a stroke, and as beside it."""
FEWEST = 40
"""Pairs across a stroke's edges from which its tint is known."""
CHANCE = 2.0
"""Standard errors by which the two sides of a stroke differ anyway; neighbouring pairs show much the same."""
ALIKE = 0.25
"""Share of the pairs that count as independent."""


def left_tint(bare: Plane, opacity: Plane, area: Mask) -> Plane:
    """Measure the tint that each stroke still has against what is beside it, ``(H, W)`` levels; 0 where none is sure.

    Steps in brightness do not show it: a grey taken off where red was leaves a tint and hardly an edge.

    Parameters
    ----------
    bare
        ``(H, W, 3)``, with the mark taken off.
    opacity
        ``(H, W)``, the mark's.
    """
    highest = float(opacity[area].max()) if area.any() else 0.0
    covered = area & (opacity > COVERED * highest) & (opacity > BARE)
    count, labels = cv2.connectedComponents(covered.astype(np.uint8))
    stacked = np.dstack([bare, labels.astype(np.float32)])
    within, beside = pairs_across(stacked, covered, ~grown(opacity > BARE))
    tints = np.zeros(count, np.float32)
    for label in range(1, count):
        own = within[:, 3] == label
        if own.sum() >= FEWEST:
            tints[label] = _tint(within[own, :3] - beside[own, :3])
    return np.asarray(cv2.dilate(tints[labels], np.ones((7, 7), np.uint8)) * area, np.float32)


def _tint(differences: Plane) -> float:
    """Median difference of the two sides, over the channels, beyond what chance makes of it."""
    middle = np.median(differences, axis=0)
    spread = 1.48 * np.median(np.abs(differences - middle), axis=0)
    error = CHANCE * spread / np.sqrt(ALIKE * len(differences))
    return float(np.sqrt(np.square(np.maximum(np.abs(middle) - error, 0)).mean()))
