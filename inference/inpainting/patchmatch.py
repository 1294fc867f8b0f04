"""PatchMatch: fills areas with patches found elsewhere in the crop, so texture stays true."""

import threading

import numpy as np
import patchmatch

from inference.inpainting.holes import blank
from inference.parameters import whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

_LIBRARY = threading.Lock()
"""The seed is a global of the C library: setting it and filling must be one step."""


class PatchMatchInpainter:
    """Multi-scale fill by PatchMatch (Barnes et al., SIGGRAPH 2009), through ``pypatchmatch``.

    Parameters it understands: ``patch_radius``, 1 to 15; a patch spans ``2 r + 1`` pixels.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        if not patchmatch.patchmatch_available:
            raise PermanentFailure("The PatchMatch library cannot be loaded on this machine.", code="library_missing")
        self.card = card

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Fill ``hole``; see :class:`inference.protocols.Inpainter`.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, ``mask_size`` or ``parameter``.
        """
        radius = whole(parameters, "patch_radius", PATCH_RADIUS, low=1, high=15)
        return synthesise(rgb, hole, seed=seed, patch_radius=radius)


PATCH_RADIUS = 3


def synthesise(rgb: Rgb, hole: Mask, *, seed: int, patch_radius: int = PATCH_RADIUS) -> Rgb:
    """Fill ``hole`` with what the rest of the picture offers. Equal seeds give equal bytes."""
    known = blank(rgb, hole)
    with _LIBRARY:
        patchmatch.set_random_seed(seed)
        filled = patchmatch.inpaint(known, hole, patch_size=patch_radius)
    known[hole] = filled[hole]
    return np.ascontiguousarray(known)
