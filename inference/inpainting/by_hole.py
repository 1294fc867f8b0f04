"""Chooses by the hole: FSR for strokes, PatchMatch for areas, both where one crop has both."""

import numpy as np

from inference.inpainting.fsr import QUALITIES, reconstruct
from inference.inpainting.holes import areas
from inference.inpainting.patchmatch import PATCH_RADIUS, synthesise
from inference.parameters import choice, number, whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

STROKE_WIDTH = 12
"""Pixels. Measured on 13 photographs with text and strokes of known ground: up to here FSR has the higher SSIM by
0.06 to 0.09 and 1 to 3 dB; from 16 on PatchMatch has the better colour and twice the texture, from 24 on all."""

MOST_STROKE_PIXELS = 300_000
"""FSR takes a minute for these on two cores, and its time grows with them; PatchMatch's grows with the crop only."""


class ByHoleInpainter:
    """Fills each part of the hole with what suits its width.

    Parameters it understands: ``stroke_width`` in pixels, up to which a part counts as a stroke; ``quality`` of
    :class:`~inference.inpainting.fsr.FsrInpainter`; ``patch_radius`` of
    :class:`~inference.inpainting.patchmatch.PatchMatchInpainter`.
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
            filled = synthesise(rgb, hole, seed=seed, patch_radius=radius)
        strokes = hole & ~wide
        return reconstruct(filled, strokes, quality) if strokes.any() else filled
