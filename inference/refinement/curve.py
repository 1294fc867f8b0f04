"""Noise as a function of brightness."""

import numpy as np
from numpy.typing import NDArray

from inference.refinement.bands import Plane

Curve = NDArray[np.float32]
"""``(BINS, bands, 3)``: deviations in levels by brightness, band of fineness and colour direction."""

BINS = 16
"""Of 16 levels each: noise changes slowly with brightness, and a bin of a small ring still has a few hundred pixels."""

FEWEST = 64
"""Pixels from which on a deviation means anything."""

_REACH = 0.7
"""Bins over which neighbours help. An exponential never ends: what is not there has the noise of the nearest."""

_STEEPEST = 1.07
"""A bin's noise may exceed its neighbour's by this. Noise whose power is linear in brightness rises by 1.04 a bin; what
is much steeper is texture: white boards beside a grey wall gave the boards' joints to the fill as speckles."""

_LOUDEST_NEIGHBOUR = 1.2
"""Before neighbours are averaged a bin may exceed another by this for each bin between them. Held to 1.07 already, real
noise lost a quarter of its strength to the chance of small bins; at 1.2 and 1.4 it kept 95 % and more (6 grains)."""

_SURE = 512
"""Pixels from which on a bin may hold others back: with 64 one fill's noise fell from 0.88 of the truth's to 0.73."""

_APART = np.abs(np.arange(BINS)[:, None] - np.arange(BINS)[None, :])
_FINE_BANDS = 2
_TYPICAL, _QUIET = (0.5, 0.6745), (0.25, 0.3186)
"""Quantiles of the size of noise, and where a normal distribution has them in deviations. Slow bands hold more of the
scene than fine ones, so the quieter quarter speaks for them."""


def bins(brightness: NDArray[np.float32]) -> NDArray[np.intp]:
    """Give the bin of each brightness."""
    return np.asarray(np.clip(brightness * (BINS / 256), 0, BINS - 1), np.intp)


def flatter_half(brightness: NDArray[np.float32], slope: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Select the half with the smaller slope, in each bin of brightness by itself.

    Noise is everywhere, structure is not: what the fine bands hold where the slow luma does not change is noise (after
    Immerkaer 1996 and Liu et al., CVPR 2006). By brightness, because a quiet sky says nothing of dark leaves.
    """
    owners = bins(brightness)
    limit = np.zeros(BINS, np.float32)
    for index in np.unique(owners):
        limit[index] = np.median(slope[owners == index])
    return np.asarray(slope <= limit[owners])


def noise_curve(bands: NDArray[np.float32], brightness: NDArray[np.float32]) -> Curve | None:
    """Measure the curve from ``(N, bands, 3)`` samples of flat places; ``None`` where there are too few to say."""
    if len(bands) < FEWEST:
        return None
    owners = bins(brightness)
    counts = np.bincount(owners, minlength=BINS)
    own = np.zeros((BINS, *bands.shape[1:]), np.float32)
    for index in np.flatnonzero(counts):
        sizes = np.abs(bands[owners == index])
        for number in range(bands.shape[1]):
            share, deviations = _TYPICAL if number < _FINE_BANDS else _QUIET
            own[index, number] = np.quantile(sizes[:, number], share, axis=0) / deviations
    return _smoothed(own, counts)


def _smoothed(own: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Average with neighbouring bins, and keep to what a bin may exceed them by.

    Before the average as well: two thousand pixels of texture raised the noise of a sky of 36,000 pixels in the bins
    next to theirs from 0.4 levels to 0.8, and a fill copied from that sky was given twice the grain of the truth.
    """
    held = _held(own, np.flatnonzero(counts >= _SURE), _LOUDEST_NEIGHBOUR)
    weights = np.exp(-_APART / _REACH) * counts
    smooth = np.tensordot(weights / weights.sum(axis=1, keepdims=True), held, axes=1)
    return _held(np.asarray(smooth, np.float32), np.arange(BINS), _STEEPEST)


def _held(own: NDArray[np.float32], by: NDArray[np.intp], steepest: float) -> NDArray[np.float32]:
    """Keep every bin to ``steepest`` times those of ``by`` for each bin between."""
    # Black and white are clipped and have less noise than they are due: they hold nobody back.
    by = by[(by > 0) & (by < BINS - 1)]
    ceilings = (steepest ** _APART[:, by]).reshape(BINS, len(by), *([1] * (own.ndim - 1))) * own[None, by]
    return np.asarray(np.minimum(own, ceilings.min(axis=1, initial=np.inf)), np.float32)


def at_brightness(curve: NDArray[np.float32], brightness: Plane) -> NDArray[np.float32]:
    """Look a curve up, with straight lines between the middles of its bins: brightness's shape and the curve's."""
    place = np.clip(brightness * (BINS / 256) - 0.5, 0, BINS - 1)
    low = np.minimum(place.astype(np.intp), BINS - 2)
    part = (place - low).astype(np.float32).reshape(*brightness.shape, *([1] * (curve.ndim - 1)))
    return np.asarray(curve[low] * (1 - part) + curve[low + 1] * part, np.float32)
