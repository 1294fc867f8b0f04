"""The mask that came with the picture."""

import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import THRESHOLD, generation_mask
from inference.parameters import whole
from inference.protocols import Found, Parameters, Rgb, Weights
from schemas.errors import BadInput
from schemas.model_card import ModelCard
from schemas.pointers import Box


class SuppliedMask:
    """Takes the given mask at its word; finds nothing by itself.

    Unlike a detector's, a person's mask is not grown: who marks an area wants every pixel outside of it untouched.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        del weights
        self.card = card

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``.

        Parameters
        ----------
        parameters
            ``threshold`` (1..255, default 8) and ``grow`` (pixels, default 0).

        Raises
        ------
        BadInput
            ``missing_input`` without a mask, ``mask_covers_everything``, ``parameter``.
        """
        del rgb, box
        if supplied is None:
            raise BadInput("This recipe uses the supplied mask, but none came with the picture.", code="missing_input")
        threshold = whole(parameters, "threshold", THRESHOLD, low=1, high=255)
        grow = whole(parameters, "grow", 0, low=0, high=200)
        return Found(generation_mask(supplied, threshold=threshold, grow=grow))
