"""Telea's fast marching: a quick, smooth baseline to compare other fills with."""

import cv2
import numpy as np

from inference.inpainting.holes import blank
from inference.parameters import number
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

RADIUS = 5


class TeleaInpainter:
    """OpenCV's ``INPAINT_TELEA`` (Telea 2004: An image inpainting technique based on the fast marching method).

    Parameters it understands: ``radius``, 1 to 50 pixels.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Fill ``hole``; see :class:`inference.protocols.Inpainter`. ``seed`` has no effect.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, ``mask_size`` or ``parameter``.
        """
        return diffuse(rgb, hole, number(parameters, "radius", RADIUS, low=1, high=50))


def diffuse(rgb: Rgb, hole: Mask, radius: float = RADIUS) -> Rgb:
    """Fill ``hole`` smoothly from its border inwards, ``radius`` pixels at a time."""
    known = blank(rgb, hole)
    filled = cv2.inpaint(known, hole.astype(np.uint8), radius, cv2.INPAINT_TELEA)
    known[hole] = filled[hole]
    return known
