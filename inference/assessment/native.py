"""Signals of an edit at native size. Facts; the confidence made of them stands in another file."""

import cv2
import numpy as np

from inference.protocols import Alpha, Mask, Rgb
from inference.refinement.bands import Plane, depth_inside, distance_outside, mean_near
from inference.refinement.noise import noise_level

RING = 16.0
"""Width in pixels of the surroundings that a fill is compared with."""


def luminance(rgb: Rgb) -> Plane:
    """Give ``(H, W)`` float32 levels 0..255, Rec. 601."""
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32)


def changed_outside(source: Rgb, result: Rgb, alpha: Alpha) -> int:
    """Count pixels that differ although the composite mask is 0 there."""
    return int(np.count_nonzero((source != result).any(axis=2) & (alpha == 0)))


def seam_ratio(luma: Plane, hole: Mask, scale: float = 1) -> float | None:
    """Compare the mean jump across the border with that across parallel lines 2, 4 and 6 native pixels outside.

    ``scale`` is how many times the picture was enlarged. The border lies between two native pixels, where an
    enlargement is steepest, and so must the lines.
    """
    outside = distance_outside(hole)
    jumps = [_jump_across(luma, outside > distance) for distance in (0, 2 * scale, 4 * scale, 6 * scale)]
    if any(jump is None for jump in jumps):
        return None
    border, *lines = (jump for jump in jumps if jump is not None)
    return float((border + 0.5) / (np.mean(lines) + 0.5))


def _jump_across(luma: Plane, region: Mask) -> float | None:
    """Average the absolute difference of neighbours of which one lies in ``region``."""
    across = np.abs(np.diff(luma, axis=1))[region[:, 1:] != region[:, :-1]]
    down = np.abs(np.diff(luma, axis=0))[region[1:] != region[:-1]]
    count = across.size + down.size
    return float((across.sum() + down.sum()) / count) if count else None


def ring_colour_delta(result: Rgb, hole: Mask) -> float | None:
    """Average CIE76 delta E along the border between slow colours of the rim inside and of the ring outside."""
    inside, outside = depth_inside(hole), distance_outside(hole)
    lab = np.asarray(cv2.cvtColor(result.astype(np.float32) / 255, cv2.COLOR_RGB2Lab), np.float32)
    within, _ = mean_near(lab, (inside > 0) & (inside <= 8), 6.0)
    around, weight = mean_near(lab, (outside > 0) & (outside <= 8), 6.0)
    border = (inside > 0) & (inside < 2) & (weight > 0)
    return float(np.linalg.norm(within[border] - around[border], axis=1).mean()) if border.any() else None


def noise_ratio(luma: Plane, hole: Mask, reach: float = RING) -> float | None:
    """Compare the noise of the fill with that of a ring of ``reach`` pixels; ``None`` for holes too small to say."""
    outside = distance_outside(hole)
    fill = noise_level(luma, depth_inside(hole) > 1)
    ring = noise_level(luma, (outside > 1) & (outside <= reach))
    return None if fill is None or ring is None else (fill + 0.15) / (ring + 0.15)


def sharpness_ratio(luma: Plane, hole: Mask, reach: float = RING) -> float | None:
    """Compare the gradient energy of the fill with that of a ring of ``reach`` pixels."""
    gx, gy = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.125)
    energy = gx**2 + gy**2
    outside = distance_outside(hole)
    ring = (outside > 1) & (outside <= reach)
    inner = depth_inside(hole) > 1
    inner = inner if inner.any() else hole
    return float((energy[inner].mean() + 0.1) / (energy[ring].mean() + 0.1)) if ring.any() else None
