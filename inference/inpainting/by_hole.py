"""Chooses by the hole: waves for letters, with patches beside them for strokes, patches from all over for areas."""

import numpy as np

from inference.inpainting.exemplar.adapter import PATCH_RADIUS, compose
from inference.inpainting.fsr import QUALITIES, reconstruct
from inference.inpainting.holes import areas
from inference.inpainting.strokes import bridge
from inference.parameters import choice, number, whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

STROKE_WIDTH = 56
"""Pixels. Measured on 25 photographs with holes of all shapes, part by part: up to 24 :func:`bridge` has 2.6 dB more
PSNR than patches alone (better in 7 of 7 holes) and two thirds of their texture distance, up to 40 1.6 dB (10 of 13)
at the same texture distance, up to 56 PSNR alone is better (3 of 4), from there on nothing."""

LETTER_WIDTH = 12
"""Pixels, up to which waves alone are taken, at full size: patches after them cost eight words on held-out photographs
0.6 dB, and a date stamp 4 dB."""

MOST_STROKE_PIXELS = 500_000
"""Half a minute on one core, which grows with them. That of patches alone hardly does."""


class ByHoleInpainter:
    """Fills each part of the hole with what suits its width.

    Parameters it understands: ``stroke_width`` and ``letter_width``, pixels up to which a part counts as a stroke and
    as one of a letter; ``quality`` of
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
        letter_width = number(parameters, "letter_width", LETTER_WIDTH, low=0, high=10_000)
        quality = choice(parameters, "quality", "fast", QUALITIES)
        radius = whole(parameters, "patch_radius", PATCH_RADIUS, low=1, high=7)
        narrow = hole & ~areas(hole, stroke_width)
        if np.count_nonzero(narrow) > MOST_STROKE_PIXELS:
            narrow = np.zeros_like(hole)
        thin = narrow & ~areas(hole, letter_width)
        filled = rgb
        if (hole & ~narrow).any():  # with the strokes blanked as well, so that no patch is copied out of them
            filled = compose(rgb, hole, seed=seed, patch_radius=radius)
        if (narrow & ~thin).any():
            filled = bridge(filled, narrow, seed=seed, quality=quality, patch_radius=radius)
        return reconstruct(filled, thin, quality) if thin.any() else filled
