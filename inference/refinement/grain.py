"""Grain pass: the noise of the surroundings continues in the fill, in strength, fineness and colour."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, distance_outside, mean_near, smoothstep
from inference.refinement.noise import quiet_deviation, split

CLEAN_BELOW = 0.8
"""Levels. JPEG and rounding alone leave about half a level: a ring below this has no grain to continue."""

STRONGEST = 12.0
"""Levels, per band: ISO 12,800 and pushed film stay below it. A ring that is nowhere quieter is texture, not grain."""

RING = 24.0
"""Width in pixels of the surroundings in which the grain is measured."""


def continue_grain(picture: Plane, hole: Mask, *, seed: int, strength: float = 1.0) -> Plane:
    """Add noise inside the hole, where and as far as the fill has less than the ring around it.

    Brightness and the two colour differences are treated apart, because film grain is mostly brightness and sensor
    noise is not; each of three bands of fineness is treated apart, so the grain keeps its size.

    Parameters
    ----------
    picture
        ``(H, W, 3)`` float32 RGB levels: the source with the fill in the hole.
    hole
        ``(H, W)``.
    seed
        Of the noise; equal seeds give equal bytes.
    strength
        0..1, share of the missing noise that is added.
    """
    planes = np.asarray(cv2.cvtColor(picture / 255, cv2.COLOR_RGB2YCrCb) * 255, np.float32)
    bands = split(planes)
    targets = _targets(bands, hole)
    if np.hypot(targets[0][0], targets[1][0]) < CLEAN_BELOW:
        return picture
    noise = _missing(bands, targets, hole, seed)
    grain = cv2.cvtColor((planes + strength * noise) / 255, cv2.COLOR_YCrCb2RGB) * 255 - picture
    result = picture.copy()
    result[hole] += grain[hole]
    return result


def _targets(bands: list[Plane], hole: Mask) -> list[np.ndarray]:
    """Measure the deviation of each band and channel in the ring; 0 where the ring is too small to say."""
    outside = distance_outside(hole)
    ring = (outside > 2) & (outside <= RING)
    levels = [quiet_deviation(band, ring) for band in bands]
    fine, film, coarse = (np.zeros(3) if level is None else np.where(level > STRONGEST, 0, level) for level in levels)
    # Blurred white noise has film/fine from 0.39 to 1.95 and coarse/film 0.3 + 0.6 times that. What the coarse band
    # has beyond it is slow structure of the scene: added to a blurred background it showed as mottling.
    return [fine, film, np.minimum(coarse, film * (0.3 + 0.6 * film / np.maximum(fine, 0.1)))]


def _missing(bands: list[Plane], targets: list[np.ndarray], hole: Mask, seed: int) -> Plane:
    """Make noise that brings each band in the hole up to its target."""
    white = np.random.default_rng(seed).standard_normal(bands[0].shape, dtype=np.float32)
    noise = np.zeros_like(white)
    rim = smoothstep(depth_inside(hole) * np.float32(0.5))[..., None]
    for band, own, target in zip(bands, split(white), targets, strict=True):
        present, _ = mean_near(band**2, hole, 6.0)
        lacking = np.sqrt(np.maximum(target**2 - present, 0))
        noise += rim * lacking / own.std(axis=(0, 1)) * own
    return noise
