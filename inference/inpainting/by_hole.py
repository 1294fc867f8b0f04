"""Chooses by the hole: waves for strokes, patches for areas; and of several fills of the areas, the likeliest."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from inference.assessment.choice import judge
from inference.inpainting.exemplar.adapter import PATCH_RADIUS, compose
from inference.inpainting.fsr import QUALITIES, reconstruct
from inference.inpainting.holes import areas
from inference.inpainting.patchmatch import synthesise
from inference.inpainting.telea import diffuse
from inference.parameters import choice, number, whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

STROKE_WIDTH = 12
"""Pixels. Measured on 13 photographs with text and strokes of known ground: up to here FSR has the higher SSIM by
0.06 to 0.09 and 1 to 3 dB; from 16 on patches have the better colour and twice the texture, from 24 on all."""

MOST_STROKE_PIXELS = 300_000
"""FSR takes a minute for these on two cores, and its time grows with them; that of patches hardly does."""

CANDIDATES = 3
"""Fills of the areas that are tried: two with patches, 40 s a megapixel of hole each, and a smooth one, which is hardly
ever taken but costs next to nothing and tells which of the two has the likelier colours. On 22 holes of all shapes this
came nearest to the truth (mean rank of six measures, 0 to 4): 1.51, against 1.79 and 2.14 for either alone, 1.64 with a
third fill by patches and 1.92 for the two without the smooth one."""

LARGEST_TRIED = 1_000_000
"""Pixels of a crop in which PatchMatch is tried as well: its time grows with the crop, ``exemplar``'s with the hole."""

Fill = Callable[[Rgb, Mask], Rgb]


class ByHoleInpainter:
    """Fills each part of the hole with what suits its width.

    Parameters it understands: ``stroke_width`` in pixels, up to which a part counts as a stroke; ``quality`` of
    :class:`~inference.inpainting.fsr.FsrInpainter`; ``patch_radius`` of
    :class:`~inference.inpainting.exemplar.adapter.ExemplarInpainter`; ``candidates``, 1 to 3, how many fills of the
    areas are tried: 1 halves the time.
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
            fills = _fills_of_areas(hole, seed=seed, radius=radius)[:candidates]
            filled = _best(rgb, hole, wide, fills)
        strokes = hole & ~wide
        return reconstruct(filled, strokes, quality) if strokes.any() else filled


def _fills_of_areas(hole: Mask, *, seed: int, radius: int) -> list[Fill]:
    """List what is tried, the best on its own first."""
    other: Fill = partial(compose, seed=seed, patch_radius=max(1, radius - 1))
    if hole.size <= LARGEST_TRIED:
        other = partial(synthesise, seed=seed, patch_radius=radius)
    return [partial(compose, seed=seed, patch_radius=radius), other, diffuse]


def _best(rgb: Rgb, hole: Mask, part: Mask, fills: Sequence[Fill]) -> Rgb:
    """Fill ``hole`` in every way and keep what is best in ``part`` of it."""
    if len(fills) == 1:
        return fills[0](rgb, hole)
    with ThreadPoolExecutor(len(fills)) as pool:
        tried: list[Rgb] = list(pool.map(lambda fill: fill(rgb, hole), fills))
    # What else lies in the hole is the same for all: the unwanted thing must not be taken for surroundings.
    return tried[judge(tried[0], tried, part).index]
