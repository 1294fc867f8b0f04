"""Chooses by the hole: waves and patches beside them for what is narrow, patches from all over for what is wide."""

import numpy as np

from inference.inpainting.exemplar.adapter import PATCH_RADIUS, compose
from inference.inpainting.fsr import QUALITIES
from inference.inpainting.holes import areas
from inference.inpainting.strokes import bridge
from inference.parameters import choice, number, whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

STROKE_WIDTH = 56
"""Pixels. Measured on 25 photographs with holes of all shapes, part by part: up to 24 :func:`bridge` has 2.6 dB more
PSNR than patches alone (better in 7 of 7 holes) and two thirds of their texture distance, up to 40 1.6 dB (10 of 13)
at the same texture distance, up to 56 PSNR alone is better (3 of 4), from there on nothing."""

MOST_STROKE_PIXELS = 500_000
"""Half a minute on one core, which grows with them. That of patches alone hardly does."""


class ByHoleInpainter:
    """Fills each part of the hole with what suits its width.

    Parameters it understands: ``stroke_width`` in pixels, up to which a part counts as a stroke; ``quality`` of
    :class:`~inference.inpainting.fsr.FsrInpainter`; ``patch_radius`` of
    :class:`~inference.inpainting.exemplar.adapter.ExemplarInpainter`.
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
        stroke_width = number(parameters, "stroke_width", STROKE_WIDTH, low=0, high=10_000)
        quality = choice(parameters, "quality", "fast", QUALITIES)
        radius = whole(parameters, "patch_radius", PATCH_RADIUS, low=1, high=7)
        wide = areas(hole, stroke_width)
        if np.count_nonzero(hole & ~wide) > MOST_STROKE_PIXELS:
            wide = hole
        filled = rgb
        if wide.any():  # with the strokes blanked as well, so that no patch is copied out of them
            filled = compose(rgb, hole, seed=seed, patch_radius=radius)
        strokes = hole & ~wide
        return bridge(filled, strokes, seed=seed, quality=quality, patch_radius=radius) if strokes.any() else filled
