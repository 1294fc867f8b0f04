"""The grain of a picture around a hole."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.refinement.bands import Plane, distance_outside
from inference.refinement.curve import FEWEST, Curve, at_brightness, flatter_half, noise_curve
from inference.refinement.quiet import LUMA
from inference.refinement.samples import WINDOW, Samples, sample
from inference.refinement.spectrum import Spectrum, spectrum_of

CLEAN_BELOW = 0.5
"""Levels of luma. Rounding and JPEG alone leave about half a level: a ring below this has no grain to continue."""

STRONGEST = 30.0
"""Levels, per band and colour direction: ISO 12,800 and pushed film stay below it."""

RING = 48.0
"""Width in pixels of the surroundings in which the grain is measured."""

SOFTEST = (1.6, 0.92)
"""Most of the third band beside the finer two, and of the fourth beside the third: white noise blurred by 0.9 pixels.
What goes beyond it is slow structure of the scene; added to a blurred background it showed as mottling."""

_QUIETEST = 0.1


@dataclass(frozen=True, eq=False)
class Grain:
    """What is known of the noise around a hole.

    Parameters
    ----------
    axes
        ``(3, 3)`` float32, columns: directions in RGB in which the noise is uncorrelated. Film's are grey and two
        colours, a sensor's nearly red, green and blue.
    curve
        Deviations in these directions.
    levels
        ``(BINS, 3)`` float32, deviations of all bands together: more than their parts add up to, because bands overlap.
    spectra
        Shape of the spectrum in each direction, of noise divided by its own deviation.
    clean
        Whether there is too little noise to continue it.
    """

    axes: NDArray[np.float32]
    curve: Curve
    levels: NDArray[np.float32]
    spectra: list[Spectrum]
    clean: bool

    def level(self, brightness: Plane) -> NDArray[np.float32]:
        """Give the deviation of all bands together: the shape of ``brightness`` and 3 directions."""
        return at_brightness(self.levels, brightness)

    def spectra_of(self, samples: Samples) -> list[Spectrum]:
        """Measure the spectra of samples in this grain's directions and units, in the flatter half of the windows."""
        flat = np.argsort(samples.window_slope, kind="stable")[: max(len(samples.windows) // 2, 1)]
        level = self.level(samples.window_brightness[flat])
        units = samples.windows[flat] @ self.axes / level[:, None, None]
        return [spectrum_of(units[..., direction]) for direction in range(3)]


def measure(picture: Plane, hole: Mask) -> Grain | None:
    """Measure the grain of the ring around ``hole``; ``None`` where the ring is too small to say."""
    distance = distance_outside(hole)
    seen = sample(picture, ~hole, (distance > 2) & (distance <= RING))
    flat = flatter_half(seen.brightness, seen.slope)
    if np.count_nonzero(flat) < FEWEST:
        return None
    axes = np.linalg.eigh(np.cov(seen.bands[flat, :3].sum(axis=1).T))[1].astype(np.float32)
    curve, level = curve_of(seen, axes), level_of(seen, axes)
    if curve is None or level is None:
        return None
    luma = np.sqrt(((curve[:, :3] * (LUMA @ axes)) ** 2).sum(axis=(1, 2)))
    curve, level = np.minimum(curve, STRONGEST), np.clip(level, _QUIETEST, 2 * STRONGEST)
    curve[:, 2] = np.minimum(curve[:, 2], SOFTEST[0] * np.hypot(curve[:, 0], curve[:, 1]))
    curve[:, 3] = np.minimum(curve[:, 3], SOFTEST[1] * curve[:, 2])
    white = [np.ones((WINDOW, WINDOW), np.float32)] * 3
    grain = Grain(axes, curve, level, white, bool(luma.max() < CLEAN_BELOW))
    return replace(grain, spectra=grain.spectra_of(seen)) if len(seen.windows) else grain


def curve_of(samples: Samples, axes: NDArray[np.float32]) -> Curve | None:
    """Measure the noise of each band in the flat places of ``samples``, along ``axes``."""
    flat = flatter_half(samples.brightness, samples.slope)
    return noise_curve(samples.bands[flat] @ axes, samples.brightness[flat])


def level_of(samples: Samples, axes: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Measure the noise of all bands together: ``(BINS, 3)``."""
    flat = flatter_half(samples.brightness, samples.slope)
    curve = noise_curve(samples.bands[flat].sum(axis=1, keepdims=True) @ axes, samples.brightness[flat])
    return None if curve is None else curve[:, 0]
