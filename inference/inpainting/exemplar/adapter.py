"""The inpainter that stands for this folder."""

from typing import Protocol

import cv2
import numpy as np

from inference.inpainting.exemplar.complete import complete
from inference.inpainting.exemplar.follow import follow
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


class _Fill(Protocol):
    def __call__(self, rgb: Rgb, hole: Mask, /, *, seed: int, radius: int) -> Rgb: ...


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
    return _patched(complete, known, hole, seed, patch_radius) if _offers(hole, patch_radius) else diffuse(known, hole)


def retextured(guess: Rgb, hole: Mask, *, seed: int, patch_radius: int = PATCH_RADIUS) -> Rgb:
    """Replace a smooth guess in ``hole`` by what is like it in the rest of the picture. Equal seeds give equal bytes.

    In a crop that is nearly all hole the guess stays.
    """
    return _patched(follow, guess, hole, seed, patch_radius) if _offers(hole, patch_radius) else guess


def _offers(hole: Mask, radius: int) -> bool:
    """Tell whether there is something to fill, and enough to take patches from."""
    free, _ = usable_patches(_mirrored(hole, radius), radius)
    return bool(hole.any() and np.count_nonzero(free) >= FEWEST_SOURCES)


def _patched(fill: _Fill, shown: Rgb, hole: Mask, seed: int, radius: int) -> Rgb:
    filled = fill(_mirrored(shown, radius), _mirrored(hole, radius), seed=seed, radius=radius)
    return np.ascontiguousarray(filled[: hole.shape[0], : hole.shape[1]])


def _mirrored(values: np.ndarray, radius: int) -> np.ndarray:
    """Mirror what is narrower than :data:`SMALLEST_SIDE` at its bottom and right."""
    missing = [max(0, SMALLEST_SIDE * radius - side) for side in values.shape[:2]]
    border = (0, missing[0], 0, missing[1], cv2.BORDER_REFLECT)
    return np.asarray(cv2.copyMakeBorder(values.astype(np.uint8), *border)).astype(values.dtype)
