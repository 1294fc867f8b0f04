"""Chooses by the hole: waves for strokes, patches for areas, and the likelier of the two for what is between."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from inference.assessment.choice import judge
from inference.inpainting.exemplar.adapter import PATCH_RADIUS, compose
from inference.inpainting.fsr import QUALITIES, reconstruct
from inference.inpainting.holes import areas, widths
from inference.parameters import choice, number, whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

STROKE_WIDTH = 12
"""Pixels. Measured on 13 photographs with text and strokes of known ground: up to here FSR has the higher SSIM by
0.06 to 0.09 and 1 to 3 dB; from 16 on patches have the better colour and twice the texture, from 24 on all."""

MOST_STROKE_PIXELS = 300_000
"""FSR takes a minute for these on two cores, and its time grows with them; that of patches hardly does."""

CANDIDATES = 2
"""Fills of the areas that are tried: by patches, and by FSR where it can be the better one. On 35 holes of all shapes
the mean rank of seven measures (0 to 3 among these two, PatchMatch and Telea) is 0.90 for patches and 0.87 with FSR as
well. Alone PatchMatch has 1.51, Telea 1.78 and FSR 1.80. A judge among patches, PatchMatch and Telea came to 1.14: it
takes PatchMatch too often."""

FSR_WIDEST = 64
"""Pixels. On seven thin holes, 71 pixels where strokes cross, FSR as a second fill brought the mean rank from 0.94
to 0.80. Areas it fills slowly, and worse: 1.8 to 2.1."""


class ByHoleInpainter:
    """Fills each part of the hole with what suits its width.

    Parameters it understands: ``stroke_width`` in pixels, up to which a part counts as a stroke; ``quality`` of
    :class:`~inference.inpainting.fsr.FsrInpainter`; ``patch_radius`` of
    :class:`~inference.inpainting.exemplar.adapter.ExemplarInpainter`; ``candidates``, 1 or 2, how many fills of the
    areas are tried where they are narrow: 1 halves the time there.
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
        candidates = whole(parameters, "candidates", CANDIDATES, low=1, high=CANDIDATES)
        wide = areas(hole, stroke_width)
        if np.count_nonzero(hole & ~wide) > MOST_STROKE_PIXELS:
            wide = hole
        filled = rgb
        if wide.any():  # with the strokes blanked as well, so that no patch is copied out of them
            narrow = candidates > 1 and widths(hole).max() <= FSR_WIDEST
            filled = _filled_areas(rgb, hole, wide, seed=seed, radius=radius, quality=quality if narrow else None)
        strokes = hole & ~wide
        return reconstruct(filled, strokes, quality) if strokes.any() else filled


def _filled_areas(rgb: Rgb, hole: Mask, part: Mask, *, seed: int, radius: int, quality: str | None) -> Rgb:
    """Fill ``hole`` by patches; with a ``quality`` by FSR as well, and keep what is better in ``part`` of it."""
    if quality is None:
        return compose(rgb, hole, seed=seed, patch_radius=radius)
    with ThreadPoolExecutor(1) as pool:
        continued = pool.submit(reconstruct, rgb, hole, quality)
        tried = [compose(rgb, hole, seed=seed, patch_radius=radius), continued.result()]
    # What else lies in the hole is the same for both: the unwanted thing must not be taken for surroundings.
    return tried[judge(tried[0], tried, part).index]
