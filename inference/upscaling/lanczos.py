"""Lanczos: enlargement without a model, as a baseline and as the last resort."""

from typing import cast

import cv2

from inference.protocols import Parameters, Samples, Weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard


class LanczosUpscaler:
    """OpenCV's ``INTER_LANCZOS4``, 8 x 8 neighbours. Takes no parameters."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        if card.scale is None:
            raise PermanentFailure(f"The card of {card.name} names no scale.", code="model_card")
        self.card = card
        self.scale = card.scale

    def enlarge(self, rgb: Samples, *, parameters: Parameters) -> Samples:
        """Enlarge; see :class:`inference.protocols.Upscaler`."""
        size = rgb.shape[1] * self.scale, rgb.shape[0] * self.scale
        return cast(Samples, cv2.resize(rgb, size, interpolation=cv2.INTER_LANCZOS4))
