"""What still stands where a mark was taken off: levels that begin and end with it. No truth is needed to see that."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.unblending.edges import pairs_across
from inference.unblending.ink import Plane, eroded, grown

LEFT_AT_RIM = 0.33
"""Share of a mark's own step from which it is still to be seen. Of 40 marks of thirteen sorts, what was computed back
well kept 0 to 0.25, and plates and shadows of two inks 0.28 to 0.83."""
LEFT_IN_ISLANDS = 0.25
"""The same of an island, which lies between what is understood; and the share of the covered pixels from which islands
speak for the whole mark."""
REACH = 12.0
"""Pixels between the two of a pair: across the mark's edge and what labels make of it."""
CELL = 24
"""Pixels of a square whose pairs speak as one: they show one thing."""
FEWEST_IN_CELL, FEWEST_CELLS = 12, 4
INNER = (3.5, 7.0)
"""Pixels of depth in a mask at which its mark is looked at: masks are some pixels wider than marks."""
CHANCE = 2.0
"""Standard errors in which the two sides differ anyway."""
BY_NATURE = 3.0
"""Steps nearby by which they differ anyway, divided by the root of the cells: of 150 outlines laid over photographs at
random, 19 in 20 differed by less."""
HOLLOW = (2, 1)
"""Radii at which bare islands are told from each other and from the rim of masks: broad ones, and thin strokes."""
COVERED, BARE = 0.6, 0.02
"""Of the highest opacity, and opacity: what counts as covered, and as bare."""
FEWEST, ALIKE = 40, 0.25
"""Pairs from which an island's step is known, and the share of them that counts as independent."""


def left_at_the_rim(picture: Plane, bare: Plane, step: Plane, area: Mask, hole: Mask) -> float:
    """Measure which share of a mark's step at the rim of its mask is left; 0 where chance may have made it.

    A grey that was taken off where white was leaves the mark to be read, and may still be nearer to the truth than a
    fill is expected to come: so this is asked apart from the expected errors.

    Parameters
    ----------
    picture, bare
        ``(H, W, 3)``, with the mark and without.
    step
        ``(H, W)``, usual step of luma between neighbours.
    area
        ``(H, W)``, the region that is asked about.
    hole
        ``(H, W)``, all regions: what is beside lies in none.
    """
    depth = cv2.distanceTransform(area.astype(np.uint8), cv2.DIST_L2, 5)
    nearest = min(INNER[0], 0.5 * float(np.percentile(depth[area], 95)))
    rows, columns = np.mgrid[: area.shape[0], : area.shape[1]] // CELL
    cells = (rows * area.shape[1] + columns).astype(np.float32)
    stacked = np.dstack([picture, bare, cells])
    within, beside = pairs_across(stacked, area & (depth > nearest) & (depth <= INNER[1]), ~hole, REACH)
    medians = _cell_by_cell(within[:, :6] - beside[:, :6], within[:, 6])
    if len(medians) < FEWEST_CELLS:
        return 0.0
    before, after = medians[:, :3], medians[:, 3:]
    made = np.abs([np.median(before, axis=0), np.median(before - after, axis=0)]).max()
    by_nature = BY_NATURE * float(step[area].mean()) / np.sqrt(len(after))
    return _sure_step(after, len(after), by_nature) / max(float(made), 1.0)


def islands_left(picture: Plane, bare: Plane, opacity: Plane, area: Mask) -> Mask:
    """Find parts of a mask that were taken for bare and yet differ from what is beside them, ``(H, W)``.

    A dark disc behind white letters is one: taken for the ground, it stays, and nothing else tells.

    Parameters
    ----------
    picture, bare, area
        As of :func:`left_at_the_rim`.
    opacity
        ``(H, W)``, of the mark.
    """
    covered = area & (opacity > max(COVERED * float(opacity[area].max()), BARE))
    if not covered.any():
        return np.zeros_like(area)
    taken = float(np.abs(np.median(bare[covered] - picture[covered], axis=0)).max())
    standing = np.zeros_like(area)
    for radius in HOLLOW:
        standing |= _islands(bare, area & (opacity < BARE), ~area | covered, LEFT_IN_ISLANDS * taken, radius)
    return area if (standing & area).sum() > LEFT_IN_ISLANDS * covered.sum() else area & standing


def _islands(bare: Plane, idle: Mask, beside: Mask, most: float, radius: int) -> Mask:
    """Find the parts of ``idle``, wider than twice the radius, whose step to what is beside exceeds ``most``."""
    kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    solid = cv2.morphologyEx(idle.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    count, labels = cv2.connectedComponents(solid)
    stacked = np.dstack([bare, labels.astype(np.float32)])
    within, without = pairs_across(stacked, eroded(solid > 0, radius), beside, REACH)
    left = np.zeros(count, bool)
    for label in range(1, count):
        own = within[:, 3] == label
        if own.sum() >= FEWEST:
            left[label] = _sure_step(within[own, :3] - without[own, :3], ALIKE * int(own.sum())) > most
    return grown(left[labels], radius + 1)


def _cell_by_cell(differences: Plane, cells: Plane) -> Plane:
    """Median of each cell that has pairs enough, ``(cells, C)``."""
    order = np.argsort(cells, kind="stable")
    starts = np.flatnonzero(np.diff(cells[order])) + 1
    groups = np.split(differences[order], starts)
    medians = [np.median(group, axis=0) for group in groups if len(group) >= FEWEST_IN_CELL]
    return np.asarray(medians, np.float32).reshape(-1, differences.shape[1])


def _sure_step(differences: Plane, independent: float, least: float = 0) -> float:
    """Median difference in the channel that has most of it, beyond what chance makes (``least``, or more), levels."""
    middle = np.median(differences, axis=0)
    spread = 1.48 * np.median(np.abs(differences - middle), axis=0)
    chance = np.maximum(CHANCE * spread / np.sqrt(independent), least)
    return float(np.maximum(np.abs(middle) - chance, 0).max())
