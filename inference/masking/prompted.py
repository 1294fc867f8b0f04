"""Masks what a prompt names: Grounding DINO finds it, SAM 2 cuts it out."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.masking.grounding_dino import GroundingDinoNet, phrases_of
from inference.masking.sam2 import Sam2Net, growth
from inference.masking.shadow import shadow_of
from inference.nets.folder import pretrained_folder
from inference.parameters import flag, number, text
from inference.protocols import Found, Parameters, Rgb, Weights
from schemas.errors import BadInput
from schemas.model_card import ModelCard
from schemas.pointers import Box

SCORE = 0.4
"""Least probability of a box. Published for removal by prompt: from 0.25 to 0.60 precision rises from 0.50 to 0.63, and
at 0.60 the detector abstains on half of the pictures. In between, because what is not found goes to a person anyway."""
LOWEST, HIGHEST = 0.25, 0.6
LARGEST = 0.9
"""Of the picture's area. A box around everything means that the net recognised the scene and not a thing."""


class PromptedObject:
    """Two nets in one store: the folders ``detector`` and ``segmenter``."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        self._detector = GroundingDinoNet(_part(weights, "detector"), card.defaults)
        self._segmenter = Sam2Net(_part(weights, "segmenter"), card.defaults)
        self.device = self._segmenter.device
        self.held_bytes = self._detector.held_bytes + self._segmenter.held_bytes

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``. A drawn box is not needed and not used.

        Parameters
        ----------
        parameters
            ``prompt``: what to remove, several things separated by commas; ``score`` (0.25..0.6, default 0.4);
            ``shadow`` (default true: what a thing dims goes with it); ``grow`` (pixels; twice the default growth of the
            picture when absent).

        Raises
        ------
        BadInput
            ``prompt`` without one, ``parameter``.
        """
        del supplied, box
        phrases = phrases_of(text(parameters, "prompt", longest=500))
        if not phrases:
            raise BadInput("This model needs a prompt: name what is to be removed.", code="prompt")
        score = number(parameters, "score", SCORE, low=LOWEST, high=HIGHEST)
        shadow = flag(parameters, "shadow", True)
        mask, detections = np.zeros(rgb.shape[:2], bool), []
        for seen in self._detector.boxes(rgb, phrases, score):
            if seen.box.width * seen.box.height > LARGEST * mask.size:
                continue
            area, cut = self._segmenter.in_box(rgb, seen.box)
            mask |= area
            if shadow and cut.label != "box":
                mask |= shadow_of(rgb, area)
            detections.append(seen)
        return Found(dilate(mask, growth(parameters, *rgb.shape[:2])), detections)


def _part(weights: Mapping[str, Path], name: str) -> Path:
    start = f"{name}/"
    return pretrained_folder({file[len(start) :]: path for file, path in weights.items() if file.startswith(start)})
