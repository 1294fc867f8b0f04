"""The inpainter that stands for this folder."""

import cv2
import numpy as np

from inference.inpainting.exemplar.complete import complete
from inference.inpainting.exemplar.layer import usable_patches
from inference.inpainting.holes import blank
from inference.inpainting.telea import diffuse
from inference.parameters import whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

PATCH_RADIUS = 3

SMALLEST_SIDE = 6
"""Times the patch radius: narrower crops are mirrored to this."""

FEWEST_SOURCES = 50
"""Patches free of the hole. With fewer there is nothing to take a texture from."""


class ExemplarInpainter:
    """Coarse-to-fine fill with patches of the crop.

    Parameters it understands: ``patch_radius``, 1 to 7; a patch spans ``2 r + 1`` pixels.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Fill ``hole``; see :class:`inference.protocols.Inpainter`.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, ``mask_size`` or ``parameter``.
        """
        return compose(
            rgb, hole, seed=seed, patch_radius=whole(parameters, "patch_radius", PATCH_RADIUS, low=1, high=7)
        )


def compose(rgb: Rgb, hole: Mask, *, seed: int, patch_radius: int = PATCH_RADIUS) -> Rgb:
    """Fill ``hole`` with what the rest of the picture offers. Equal seeds give equal bytes.

    A crop that is nearly all hole is filled smoothly instead: there is nothing to take patches from.
    """
    known = blank(rgb, hole)
    missing = [max(0, SMALLEST_SIDE * patch_radius - side) for side in hole.shape]
    border = (0, missing[0], 0, missing[1], cv2.BORDER_REFLECT)
    mirrored = np.asarray(cv2.copyMakeBorder(known, *border), np.uint8)
    mirrored_hole = cv2.copyMakeBorder(hole.astype(np.uint8), *border).astype(bool)
    if not hole.any():
        return known
    if np.count_nonzero(usable_patches(mirrored_hole, patch_radius)[0]) < FEWEST_SOURCES:
        return diffuse(known, hole)
    filled = complete(mirrored, mirrored_hole, seed=seed, radius=patch_radius)
    return np.ascontiguousarray(filled[: hole.shape[0], : hole.shape[1]])
