"""Too much grain is taken away: patches from a noisier place, a model's own noise, the joints of a patchwork."""

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, mean_near, smoothstep
from inference.refinement.curve import at_brightness
from inference.refinement.quiet import look_at
from inference.refinement.ring import Grain, level_of
from inference.refinement.samples import sample
from inference.refinement.spectrum import filtered, kernel_of
from inference.refinement.tiles import Place, tile_by_tile

FEWEST_WINDOWS = 8
"""A smaller fill says too little of its own spectrum."""

WEAKEST_GAIN = 0.5
"""Half the grain may be too much. What would have to lose more is texture that was taken for grain."""

_LOUDEST = 2.0
"""Times the ring's noise that the fill's may have; if its flat places hold more, they are texture."""

_HARMLESS = 1.4
"""Levels. What is fainter counts as noise even beside a clean ring, where every texture is stronger than the grain."""


def take_away(picture: Plane, hole: Mask, grain: Grain, *, strength: float) -> Plane:
    """Filter a fill's noise down to the spectrum of the ring's, where nothing but noise is; ``(H, W, 3)`` levels.

    A Wiener-like gain at each frequency that never lifts. Places that are livelier than noise are texture and stay.
    """
    seen = sample(picture, hole, hole & (depth_inside(hole) > 2))
    if len(seen.windows) < FEWEST_WINDOWS:
        return picture
    gains = [
        np.clip(np.sqrt(wanted / np.maximum(present, 1e-9)), WEAKEST_GAIN, 1)
        for wanted, present in zip(grain.spectra, grain.spectra_of(seen), strict=True)
    ]
    present = level_of(seen, grain.axes)
    if present is None:
        return picture
    kernels = [kernel_of(1 - gain) for gain in gains]

    def calmer(piece: Plane, inside: Mask, place: Place) -> Plane:
        side = look_at(piece, inside)
        own = np.sum(side.bands, axis=0) @ grain.axes
        due = grain.level(side.brightness)
        noise = np.clip(at_brightness(present, side.brightness), due, _LOUDEST * due)
        power, _ = mean_near((own / np.maximum(noise, _HARMLESS)) ** 2, inside, 2.0)
        excess = np.stack([filtered(own[..., axis], kernel) for axis, kernel in enumerate(kernels)], axis=-1)
        excess *= 1 - smoothstep((power - np.float32(1.5)) / np.float32(2))
        return piece - strength * (excess @ grain.axes.T)

    return tile_by_tile(calmer, picture, hole)
