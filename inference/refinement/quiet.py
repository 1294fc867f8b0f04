"""One side of a hole's border by itself, in bands of fineness."""

from dataclasses import dataclass

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, mean_near
from inference.refinement.noise import BAND_EDGES

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Rec. 601."""


@dataclass(frozen=True, eq=False)
class Side:
    """One side of the border in a tile, split into bands without a look at the other side.

    Parameters
    ----------
    bands
        ``(H, W, 3)`` float32 each, finest first; 0 on the other side.
    brightness, slope
        ``(H, W)`` float32: slow luma and its gradient, levels and levels per pixel.
    """

    bands: list[Plane]
    brightness: Plane
    slope: Plane


def look_at(picture: Plane, where: Mask) -> Side:
    """Split the pixels of ``where`` alone, so that neither side's noise leaks into what is measured on the other."""
    bands, rest = [], picture
    for sigma in BAND_EDGES:
        smooth, _ = mean_near(picture, where, sigma)
        bands.append(np.where(where[..., None], rest - smooth, np.float32(0)))
        rest = smooth
    brightness = np.asarray(rest @ LUMA, np.float32)
    down, right = _gradient(brightness)
    return Side(bands, brightness, np.hypot(down, right))


def _gradient(values: Plane) -> tuple[Plane, Plane]:
    mirrored: Plane = np.pad(values, 1, mode="edge")
    half = np.float32(0.5)
    return (mirrored[2:, 1:-1] - mirrored[:-2, 1:-1]) * half, (mirrored[1:-1, 2:] - mirrored[1:-1, :-2]) * half
