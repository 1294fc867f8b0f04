"""Copies of one mark in one picture speak for each other: what hides a letter here leaves it plain there."""

from dataclasses import replace

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import blur
from inference.unblending.coverage import Coverage
from inference.unblending.ink import Plane, opacity_seen, unblended
from inference.unblending.removal import EDGE
from inference.unblending.shifts import Shift, repetitions

WINDOW = 10.0
"""Deviation in pixels of the window in which two copies are compared."""
UNLIKE, LIKE = 0.6, 0.9
"""Local correlation from which a copy counts, and from which it counts fully: at the end of a row there is none."""
MOST_TRUST, LEAST_TRUST = 10.0, 0.02
"""Bounds of a pixel's weight, in means."""
LEAST_DOUBT = 0.02
FEWEST = 3.0
"""Copies on average, the pixel's own among them, from which the copies are believed."""
MOST_WORK, FEWEST_USED = 160_000_000, 12
"""Pixels that are moved in all, and copies that are used whatever that takes: 40 up to 4 megapixels, 12 from 13."""
STRIP = 512
"""Rows that are averaged at a time: what is held for all copies goes by the strip, not by the picture."""


def agreed(picture: Plane, mask: Mask, found: Coverage, step: Plane) -> Coverage:
    """Average the coverage over all copies of a mark, each pixel by how well it shows the mark.

    On tiled text this is worth 4 dB more than any copy by itself (31.7 to 36.8 dB, 10 photographs). A mark that does
    not repeat is returned as it is.

    Parameters
    ----------
    step
        ``(H, W)``, usual step of luma between neighbours.
    """
    shifts = repetitions(found.share)[: max(FEWEST_USED, MOST_WORK // mask.size)]
    if not shifts:
        return found
    seen, contrast = _edges_seen_again(picture, mask, found)
    trust = np.where(mask, contrast / np.square(step + 1), 1)
    trust = np.clip(trust / trust[mask].mean(), LEAST_TRUST, MOST_TRUST).astype(np.float32)
    share, copies = _averaged(found.share, seen, trust, mask, shifts)
    if copies[mask].mean() < FEWEST:
        return found
    partly = mask & (share > 0.02) & (share < 0.98)
    doubt = np.where(partly, np.maximum(found.doubt / np.sqrt(copies), LEAST_DOUBT), 0)
    return replace(found, share=np.where(mask, share, 0).astype(np.float32), doubt=doubt.astype(np.float32))


def _edges_seen_again(picture: Plane, mask: Mask, found: Coverage) -> tuple[Plane, Plane]:
    """Measure the coverage of edges anew, between the two sides that are known by now; and their contrast."""
    bare = unblended(picture, found.share * np.float32(found.ink.opacity), found.ink.colour).clip(0, 255)
    band = mask & (found.share > 0.02) & (found.share < 0.98)
    ground = cv2.inpaint(np.rint(bare).astype(np.uint8), band.astype(np.uint8), EDGE, cv2.INPAINT_NS)
    opacity, contrast = opacity_seen(picture, ground.astype(np.float32), found.ink.colour)
    return np.where(band, opacity / found.ink.opacity, found.share).astype(np.float32), contrast


def _averaged(share: Plane, seen: Plane, trust: Plane, mask: Mask, shifts: list[Shift]) -> tuple[Plane, Plane]:
    """Weighted mean of ``seen`` over all copies, 0..1, and the number of copies that counted at each pixel."""
    mean, copies = np.empty_like(share), np.empty_like(share)
    planes = (share, seen * trust, trust, mask.astype(np.float32))
    margin = int(4 * WINDOW)
    for top in range(0, share.shape[0], STRIP):
        bottom = min(top + STRIP, share.shape[0])
        rows = slice(max(top - margin, 0), min(bottom + margin, share.shape[0]))
        inner = slice(top - rows.start, bottom - rows.start)
        total, weight, count = _summed(planes, shifts, rows)
        mean[top:bottom] = np.clip(total / weight, 0, 1)[inner]
        copies[top:bottom] = count[inner]
    return mean, copies


def _summed(planes: tuple[Plane, ...], shifts: list[Shift], rows: slice) -> tuple[Plane, Plane, Plane]:
    """Sum up over all copies in some rows: weighted values, their weights, and how many counted."""
    share, total, weight = planes[0][rows], planes[1][rows].copy(), planes[2][rows].copy()
    copies, own = np.ones_like(share), blur(share * share, WINDOW)
    for shift in shifts:
        there, value, trust, inside = (_moved(plane, shift, rows) for plane in planes)
        like = blur(share * there, WINDOW) / np.sqrt(np.maximum(own * blur(there * there, WINDOW), 1e-6))
        counts = np.clip((like - UNLIKE) / (LIKE - UNLIKE), 0, 1) * (inside > 0.99)
        total += counts * value
        weight += counts * np.maximum(trust, 0)
        copies += counts
    return total, weight, copies


def _moved(values: Plane, shift: Shift, rows: slice) -> Plane:
    """Bring what lies at a shift to this place, in some rows; 0 from beyond the border."""
    matrix = np.array([[1, 0, shift.right], [0, 1, shift.down + rows.start]], np.float32)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    size = (values.shape[1], rows.stop - rows.start)
    return np.asarray(cv2.warpAffine(values, matrix, size, flags=flags), np.float32)
