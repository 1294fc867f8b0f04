"""The refiner that needs no model: structure first, then colour, then grain."""

import numpy as np

from inference.parameters import flag, number
from inference.protocols import Alpha, Mask, Parameters, Rgb, Weights
from inference.refinement.bands import around
from inference.refinement.colour import match_colour
from inference.refinement.grain import continue_grain
from inference.refinement.structure import close_seam
from schemas.model_card import ModelCard

CONTEXT = 64
"""Pixels around the hole that the passes look at: four deviations of the slowest average."""


class ClassicalRefiner:
    """Three small passes, each of which can be switched off.

    Parameters it understands: ``structure``, ``colour``, ``grain``, true or false; ``strength``, 0..1, of all three.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def refine(self, rgb: Rgb, fill: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> tuple[Rgb, Alpha]:
        """Improve ``fill``; see :class:`inference.protocols.Refiner`.

        The composite mask is the hole itself: the passes blend inside of it, so that nothing outside changes and the
        unwanted thing is never seen through.

        Raises
        ------
        BadInput
            ``parameter``.
        """
        strength = number(parameters, "strength", 1.0, low=0, high=1)
        better, alpha = rgb.copy(), hole.astype(np.float32)
        if strength == 0 or hole.all() or not hole.any():
            better[hole] = fill[hole]
            return better, alpha
        near = around(hole, CONTEXT)
        inside = hole[near]
        picture = np.where(inside[..., None], fill[near], rgb[near]).astype(np.float32)
        if flag(parameters, "structure", True):
            picture = close_seam(picture, inside, strength=strength)
        if flag(parameters, "colour", True):
            picture = match_colour(picture, inside, strength=strength)
        if flag(parameters, "grain", True):
            picture = continue_grain(picture, inside, seed=seed, strength=strength)
        better[near][inside] = np.rint(picture[inside]).clip(0, 255).astype(np.uint8)
        return better, alpha
