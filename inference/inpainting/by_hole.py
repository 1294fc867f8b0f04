"""Chooses by the hole: FSR for strokes, PatchMatch for areas, both where one crop has both."""

from inference.inpainting.fsr import reconstruct
from inference.inpainting.holes import areas
from inference.inpainting.patchmatch import PATCH_RADIUS, synthesise
from inference.parameters import choice, number, whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard


class ByHoleInpainter:
    """Fills each connected part of the hole with what is known to suit its width.

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
        stroke_width = number(parameters, "stroke_width", 24, low=0, high=10_000)
        quality = choice(parameters, "quality", "auto", ("auto", "fast", "best"))
        radius = whole(parameters, "patch_radius", PATCH_RADIUS, low=1, high=15)
        wide = areas(hole, stroke_width)
        filled = rgb
        if wide.any():  # with the strokes blanked as well, so that no patch is copied out of them
            filled = synthesise(rgb, hole, seed=seed, patch_radius=radius)
        strokes = hole & ~wide
        return reconstruct(filled, strokes, quality) if strokes.any() else filled
