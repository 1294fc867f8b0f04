"""Jumps between neighbouring pixels: across the border of a hole, and beside it."""

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, blur, distance_outside

_ALONG = 8.0
"""Pixels, deviation of the averages along the border. Over fewer pairs of pixels chance alone makes seams."""

_NEAR = 4.0
"""Width in pixels of the strip beyond the border whose jumps are the usual ones."""

_DOUBT = 1.15
"""Jumps across the border may be larger than the usual ones by this; two averages of noise differ as much by chance."""

_BEFORE, _AFTER = slice(None, -1), slice(1, None)
_AXES = (((_BEFORE, slice(None)), (_AFTER, slice(None))), ((slice(None), _BEFORE), (slice(None), _AFTER)))
"""For each axis, where the first and the second of all pairs of neighbours lie."""


def excess_jump(luma: Plane, hole: Mask) -> Plane:
    """Measure the share of the jump across the border that the jumps beside it do not explain: ``(H, W)``, 0..1."""
    beyond = ~hole & (distance_outside(hole) <= _NEAR)
    across, pairs, beside, others = (np.zeros_like(luma) for _ in range(4))
    for first, second in _AXES:
        size = np.abs(luma[second] - luma[first])
        crossing, usual = hole[first] != hole[second], beyond[first] & beyond[second]
        across[first] += crossing * size
        pairs[first] += crossing
        beside[first] += usual * size
        others[first] += usual
    jump = blur(across, _ALONG) / np.maximum(blur(pairs, _ALONG), 1e-6)
    usual_jump = blur(beside, _ALONG) / np.maximum(blur(others, _ALONG), 1e-6)
    return np.asarray(np.clip(1 - _DOUBT * usual_jump / np.maximum(jump, 1e-3), 0, 1), np.float32)


def step_at_rim(picture: Plane, hole: Mask) -> tuple[Plane, Mask]:
    """Subtract each rim pixel of the fill from the mean of its neighbours beyond the border.

    Returns
    -------
    step
        ``(H, W, 3)`` float32 levels, 0 off the rim.
    rim
        ``(H, W)`` bool: the pixels of the hole with a neighbour outside.
    """
    sums, counts = np.zeros_like(picture), np.zeros(hole.shape, np.float32)
    for first, second in _AXES:
        for own, other in ((first, second), (second, first)):
            known = hole[own] & ~hole[other]
            sums[own] += known[..., None] * picture[other]
            counts[own] += known
    rim = counts > 0
    step = np.where(rim[..., None], sums / np.maximum(counts, 1)[..., None] - picture, 0)
    return step.astype(np.float32), rim
