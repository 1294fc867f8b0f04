"""How well a picture shows what a prompt asks for, by CLIP (Radford et al., ICML 2021)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.generation.words import asked_for
from inference.nets.device import device, dtype_for
from inference.nets.folder import pretrained_folder
from inference.nets.pretrained import pretrained, tokenizer
from inference.nets.tensors import CLIP, bytes_of, normalised
from inference.parameters import number
from inference.protocols import Parameters, Rgb, Weights
from schemas.errors import BadInput
from schemas.model_card import ModelCard

UNRELATED, RELATED = 0.15, 0.31
"""Cosines of ViT-B/32 that are given 0 and 1. Pairs of captions and pictures for training were kept from 0.3 on
(LAION-400M, chosen by looking at pairs; 0.28 and 0.29 "also seemed okay in many cases") or from 0.28 on (LAION-5B).
Hardly any pair reaches 0.4 (Hessel et al., CLIPScore, EMNLP 2021: a factor of 2.5, the same thought without a lower
end). The lower one is where unrelated pairs lie by common experience; it is not from a paper. Other CLIPs lie
elsewhere: their cards name their own two."""


class ClipScorer:
    """Cosine of picture and prompt, stretched so that 0 is a picture of something else and 1 one of what was asked for.

    The scale is linear between two published anchors; it has not been fitted to judgements of people.
    """

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        folder = pretrained_folder(weights)
        self.device = device()
        self._dtype = dtype_for(card.defaults, self.device, halves=("float16",))
        self._words = tokenizer(folder)
        self._net = pretrained("CLIPModel", folder, self._dtype, self.device)
        self.held_bytes = bytes_of(self._net)

    def agreement(self, rgb: Rgb, prompt: str, *, parameters: Parameters) -> float:
        """Score a picture; see :class:`inference.protocols.PromptScorer`.

        CLIP looks at squares: of a long picture it is shown both ends and the middle, and the best square counts, since
        a prompt says nothing about the rest.

        Parameters
        ----------
        parameters
            ``unrelated`` and ``related`` (cosines from -1 to 1, default 0.15 and 0.31).

        Raises
        ------
        BadInput
            ``prompt``, ``parameter``.
        """
        low = number(parameters, "unrelated", UNRELATED, low=-1, high=1)
        high = number(parameters, "related", RELATED, low=-1, high=1)
        if low >= high:
            raise BadInput("The parameter `related` must be larger than `unrelated`.", code="parameter")
        cosines = self._cosines(rgb, asked_for(prompt))
        return float(np.clip((cosines.max() - low) / (high - low), 0, 1))

    def _cosines(self, rgb: Rgb, prompt: str) -> NDArray[np.float32]:
        import torch

        side = self._net.config.vision_config.image_size
        squares = torch.cat([normalised(square, (side, side), CLIP) for square in _squares(rgb)])
        words = self._words(prompt, truncation=True, max_length=self._longest, return_tensors="pt")
        with torch.inference_mode():
            answer = self._net(
                pixel_values=squares.to(self.device, self._dtype),
                input_ids=words["input_ids"].to(self.device),
                attention_mask=words["attention_mask"].to(self.device),
            )
            cosines = torch.nn.functional.cosine_similarity(answer.image_embeds.float(), answer.text_embeds.float())
        return np.asarray(cosines.cpu().numpy(), np.float32)

    @property
    def _longest(self) -> int:
        return int(self._net.config.text_config.max_position_embeddings)


def _squares(rgb: Rgb) -> list[Any]:
    """The picture, or squares at both ends and in the middle of its longer side."""
    height, width = rgb.shape[:2]
    side, spare = min(height, width), abs(height - width)
    starts = [0] if spare == 0 else [0, spare // 2, spare]
    return [rgb[start : start + side] if height > width else rgb[:, start : start + side] for start in starts]
