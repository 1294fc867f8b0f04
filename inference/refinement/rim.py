"""The step between a fill and its surroundings: measured along the border, taken out within a band."""

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, distance_outside, mean_near, smoothstep

MAX_STEP = 24.0
"""Levels. A larger step is an edge of the scene or a wrong fill; smearing it over a band would help neither."""

_DOUBTS = 4.0
"""A step counts half at two standard errors; smaller ones are taken for texture."""


def border_step(picture: Plane, hole: Mask, *, layer: float, sigma: float) -> Plane:
    """Measure what the fill lacks at the border, beyond the slope that both sides have anyway.

    The step is averaged along the border: single pixels of texture differ by nature, and only a difference that lasts
    is seen as a seam. It is shrunk where the texture on both sides is strong enough to explain it.

    Parameters
    ----------
    picture
        ``(H, W, 3)`` float32 levels: the source with the fill in the hole.
    hole
        ``(H, W)``.
    layer
        Thickness of the layers on both sides that are compared, pixels.
    sigma
        Deviation of the average along the border, pixels.

    Returns
    -------
    ndarray
        ``(H, W, 3)`` float32 levels, of use within about three ``sigma`` of the border, 0 far from it.
    """
    inside, outside = depth_inside(hole), distance_outside(hole)
    near_out, near_in = (outside > 0) & (outside <= layer), (inside > 0) & (inside <= layer)
    out_mean, out_weight = mean_near(picture, near_out, sigma)
    in_mean, in_weight = mean_near(picture, near_in, sigma)
    slope = _slope(picture, out_mean, (outside > layer) & (outside <= 2 * layer), sigma)
    slope -= _slope(picture, in_mean, (inside > layer) & (inside <= 2 * layer), sigma)
    step = out_mean + slope / 2 - in_mean
    spread = _variance(picture, near_out, out_mean, sigma) + _variance(picture, near_in, in_mean, sigma)
    # Neighbouring pixels of a photograph are not independent: one sample in a block of twice the layer's thickness.
    samples = np.maximum(4 * np.pi * sigma**2 * np.minimum(out_weight, in_weight) / (2 * layer) ** 2, 1)
    step = step**3 / (step**2 + _DOUBTS * spread / samples[..., None] + 1e-3)
    known = (out_weight > 0) & (in_weight > 0)
    return np.where(known[..., None], MAX_STEP * np.tanh(step / MAX_STEP), 0).astype(np.float32)


def take_out(step: Plane, picture: Plane, hole: Mask, *, reach: float) -> Plane:
    """Add the whole ``step`` at the rim, falling to nothing ``reach`` pixels deep in the hole.

    A short-range form of the membrane of Poisson cloning (Perez et al., SIGGRAPH 2003).
    """
    depth = depth_inside(hole)
    band = hole & (depth < reach)
    falloff = 1 - smoothstep((depth - 1) / max(reach - 1, 1))
    corrected = picture.copy()
    corrected[band] += (step * falloff[..., None])[band]
    return corrected


def _slope(picture: Plane, near: Plane, far_layer: Mask, sigma: float) -> Plane:
    """Measure how the mean changes from the far layer to the near one; 0 where there is no far layer."""
    far, weight = mean_near(picture, far_layer, sigma)
    return np.asarray(np.where(weight[..., None] > 0.01, near - far, 0), np.float32)


def _variance(picture: Plane, where: Mask, mean: Plane, sigma: float) -> Plane:
    squares, _ = mean_near(picture**2, where, sigma)
    return np.asarray(np.maximum(squares - mean**2, 0), np.float32)
