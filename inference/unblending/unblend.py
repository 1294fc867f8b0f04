"""The restorer: understand the mark, take it off, and let a fill invent the rest."""

import numpy as np

from inference.compositing.masks import check_something_is_left
from inference.compositing.regions import as_slices, regions
from inference.protocols import Fill, Mark, Mask, Parameters, Restored, Rgb, Weights
from inference.refinement.bands import around
from inference.unblending.choice import better_invented, expected_fill_error, left_over
from inference.unblending.copies import agreed
from inference.unblending.coverage import CALM, find_coverage
from inference.unblending.ground import roughness
from inference.unblending.ink import Plane
from inference.unblending.removal import Overlay, take_off
from schemas.model_card import ModelCard

CONTEXT = 48
"""Pixels around the mask that tell how rough the picture is: four deviations of that average."""


class Unblend:
    """Computes back what a half-transparent mark covers; see :class:`inference.protocols.Restorer`."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def restore(
        self, rgb: Rgb, hole: Mask, marks: list[Mark], *, fill: Fill, seed: int, parameters: Parameters
    ) -> Restored:
        """Repair ``hole``; what cannot be computed back is filled.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, or what the fill refuses.
        """
        check_something_is_left(hole)
        result, measured = rgb.copy(), np.zeros_like(hole)
        if hole.any():
            near = around(hole, CONTEXT)
            result[near], measured[near] = _repaired(rgb[near], hole[near])
        invented = hole & ~measured
        if invented.any():
            result = np.where(invented[..., None], fill(result, invented), result)
        return Restored(result, measured)


def _repaired(rgb: Rgb, hole: Mask) -> tuple[Rgb, Mask]:
    """Take the mark off, and say which pixels may be kept."""
    picture = rgb.astype(np.float32)
    step = roughness(picture, hole)[..., 0]
    found = agreed(picture, hole, find_coverage(picture, hole), step)
    overlay = Overlay(found.share * found.ink.opacity, found.doubt * found.ink.opacity, found.ink.colour)
    bare, error = take_off(picture, overlay, hole, step)
    return np.rint(bare).astype(np.uint8), hole & ~_unsure(bare, error, overlay, hole, step)


def _unsure(bare: Plane, error: Plane, overlay: Overlay, hole: Mask, step: Plane) -> Mask:
    """Choose region by region what is invented."""
    fill_error = expected_fill_error(hole, step)
    unsure = np.zeros_like(hole)
    for region in regions(hole):
        near, own = as_slices(region.crop), region.hole
        left = left_over(bare[near], overlay.opacity[near], step[near] + CALM, own)
        unsure[near] |= better_invented(error[near], left, own, fill_error[near])
    return unsure
