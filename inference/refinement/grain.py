"""Grain pass: the noise of the surroundings continues in the fill, in strength, fineness and colour."""

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, mean_near
from inference.refinement.continuation import continued
from inference.refinement.curve import Curve, at_brightness
from inference.refinement.excess import take_away
from inference.refinement.noise import split
from inference.refinement.quiet import Side, look_at
from inference.refinement.ring import Grain, curve_of, measure
from inference.refinement.samples import sample
from inference.refinement.spectrum import colouring, correlation, filtered
from inference.refinement.tiles import Place, tile_by_tile, white_noise

_OUTLIER = 4.5
"""Deviations from which on what lies beyond the border is an edge and not noise to be continued."""

_LARGEST = 3.5
"""Deviations. An edge at the border that is taken for noise after all must not leave a speck in the fill."""

_MASKED = 4.0
"""Times the power of grain that a texture needs to count as grain itself."""

_DOUBT = 1.5
"""In power. Two measurements of the same noise differ by less, and the grain that a fill was copied with is to stay:
with 1.15 copied fills went from 0.94 of the truth's noise to 1.10 (medium holes) and 1.09 (thin), with 1.5 to 0.96 and
1.07."""

_NEARBY = 6.0
"""Pixels, deviation of the window in which a fill's own noise is measured."""


def continue_grain(picture: Plane, hole: Mask, *, seed: int, strength: float = 1.0) -> Plane:
    """Bring the noise of the fill to that of the ring around it: what is too much goes, what lacks is added.

    Noise is described by brightness, by four bands of fineness with the ring's own spectrum, and along the three
    directions of colour in which it is uncorrelated: so sensor noise, film grain and what a camera's software left of
    them all continue as they are. At the border it continues the very grains beyond it.

    Parameters
    ----------
    picture
        ``(H, W, 3)`` float32 RGB levels: the source with the fill in the hole.
    hole
        ``(H, W)``.
    seed
        Of the noise; equal seeds give equal bytes.
    strength
        0..1, share of the difference that is taken away or added.
    """
    grain = measure(picture, hole)
    if grain is None:
        return picture
    calm = take_away(picture, hole, grain, strength=strength)
    if grain.clean:
        return calm
    present = curve_of(sample(calm, hole, hole & (depth_inside(hole) > 2)), grain.axes)
    kernels = [(colouring(power), correlation(power)) for power in grain.spectra]
    trial = white_noise((slice(0, 256), slice(0, 256)), seed)
    fresh = np.stack([filtered(trial[..., axis], kernel) for axis, (kernel, _) in enumerate(kernels)], axis=-1)
    deviations = [np.maximum(band.std(axis=(0, 1)), 1e-6) for band in split(fresh)]

    def grainy(piece: Plane, inside: Mask, place: Place) -> Plane:
        fill, around = look_at(piece, inside), look_at(piece, ~inside)
        brightness = np.where(inside, fill.brightness, around.brightness)
        known = (np.sum(around.bands, axis=0) @ grain.axes) / grain.level(brightness)
        known *= np.maximum(1 - (known / _OUTLIER) ** 2, 0) ** 2  # Tukey's biweight
        white = white_noise(place, seed)
        unit = np.stack(
            [
                continued(filtered(white[..., axis], kernel), known[..., axis], inside, lags)
                for axis, (kernel, lags) in enumerate(kernels)
            ],
            axis=-1,
        )
        lacking = _lacking(fill, inside, brightness, grain, present)
        noise = np.zeros_like(unit)
        for band, deviation, lack in zip(split(unit), deviations, lacking, strict=True):
            noise += lack * np.clip(band / deviation, -_LARGEST, _LARGEST)
        return piece + strength * (noise @ grain.axes.T)

    return tile_by_tile(grainy, calm, hole)


def _lacking(fill: Side, hole: Mask, brightness: Plane, grain: Grain, present: Curve | None) -> list[Plane]:
    """Give the deviation of what each band lacks, ``(H, W, 3)`` levels in the grain's directions.

    What is present is what the fill has nearby; where it has texture, what it has in its flat places, or a quarter of
    the texture if that is more: under texture nobody sees that grain is missing.
    """
    wanted = at_brightness(grain.curve, brightness) ** 2
    known = None if present is None else at_brightness(present, brightness) ** 2
    lacks = []
    for number, band in enumerate(fill.bands):
        own, _ = mean_near((band @ grain.axes) ** 2, hole, _NEARBY)
        if known is not None:
            own = np.minimum(own, np.maximum(known[..., number, :], own / _MASKED))
        lacks.append(np.sqrt(np.maximum(wanted[..., number, :] - _DOUBT * own, 0)))
    return lacks
