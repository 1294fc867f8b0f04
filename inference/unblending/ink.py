"""The model of an overlay: one colour at one opacity, and how much of each pixel it covers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask

Plane = NDArray[np.float32]
"""``(H, W)`` or ``(H, W, C)`` float32; pictures in levels 0..255."""

LEAST_THROUGH = 0.02
"""Share of the ground that has to shine through before it is divided by: below it, rounding alone is 15 levels."""


@dataclass(frozen=True, eq=False)
class Ink:
    """What a mark is painted with.

    Parameters
    ----------
    colour
        ``(3,)`` float32, levels 0..255.
    opacity
        0..1, of a pixel that is covered wholly.
    """

    colour: NDArray[np.float32]
    opacity: float


def opacity_seen(picture: Plane, ground: Plane, colour: NDArray[np.float32]) -> tuple[Plane, Plane]:
    """Estimate the opacity of each pixel from what was there before, by least squares over the channels.

    Returns
    -------
    opacity
        Same shape less the channels, unbounded.
    contrast
        Squared distance of the colour from the ground: how much the estimate can be trusted.
    """
    towards = colour - ground
    contrast = np.einsum("...c,...c->...", towards, towards)
    return np.einsum("...c,...c->...", picture - ground, towards) / np.maximum(contrast, 1), contrast


def unblended(picture: Plane, opacity: Plane, paint: NDArray[np.float32]) -> Plane:
    """Take an overlay off: ``(I - a W) / (1 - a)``, in levels that may lie outside of 0..255.

    Parameters
    ----------
    picture
        ``(..., 3)``.
    opacity
        ``(...)``, 0..1.
    paint
        The colour ``W``, ``(3,)`` or ``(..., 3)``.
    """
    share = opacity[..., None]
    return np.asarray((picture - share * paint) / np.maximum(1 - share, LEAST_THROUGH), np.float32)


def eroded(area: Mask, radius: int = 1) -> Mask:
    """Take ``radius`` pixels off all around; the border of the picture is no edge."""
    return ~grown(~area, radius)


def grown(area: Mask, radius: int = 1) -> Mask:
    """Add ``radius`` pixels all around, diagonals included."""
    import cv2

    kernel = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    return np.asarray(cv2.dilate(area.astype(np.uint8), kernel)).astype(bool)
