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
    """Thresholds and dilates what was given; finds nothing by itself."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        del weights
        self.card = card

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``.

        Parameters
        ----------
        parameters
            ``threshold`` (1..255, default 32) and ``grow`` (pixels; in proportion to the picture when absent).

        Raises
        ------
        BadInput
            ``missing_input`` without a mask, ``mask_covers_everything``, ``parameter``.
        """
        del rgb, box
        if supplied is None:
            raise BadInput("This recipe uses the supplied mask, but none came with the picture.", code="missing_input")
        threshold = whole(parameters, "threshold", THRESHOLD, low=1, high=255)
        grow = whole(parameters, "grow", 0, low=0, high=200) if parameters.get("grow") is not None else None
        return Found(generation_mask(supplied, threshold=threshold, grow=grow))
