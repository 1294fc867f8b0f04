"""Pictures out of words, and out of a sketch, by FLUX.2 klein."""

from pathlib import Path
from typing import Any

from PIL import Image

from inference.generation.sketch import contained
from inference.generation.words import asked_for, guidance
from inference.inpainting.canvas import resized
from inference.nets.device import seeded
from inference.nets.folder import pretrained_folder
from inference.nets.pipeline import Pipeline, from_folder
from inference.nets.sizes import budget, fitted
from inference.protocols import Parameters, Rgb, Weights
from schemas.model_card import ModelCard

PACKED = 2
"""Latent pixels a side that are packed into one token."""
STEPS, GUIDANCE, MEGAPIXELS = 4, 1.0, 1.05
"""For the distilled weights. The base weights want about 28 steps and a guidance of 4."""


class FluxKleinGenerator:
    """``Flux2KleinPipeline`` of diffusers. It edits by instruction, so a sketch is the picture that it edits."""

    follows_sketch = True
    heeds_negative = False

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        folder = pretrained_folder(weights)
        self._pipeline = Pipeline(lambda dtype: _load(folder, dtype), card.defaults, halves=("bfloat16",))

    def generate(
        self, prompt: str, size: tuple[int, int], *, sketch: Rgb | None, seed: int, parameters: Parameters
    ) -> Rgb:
        """Make a picture; see :class:`inference.protocols.Generator`.

        Parameters
        ----------
        parameters
            ``guidance_scale`` (0..30, default 1; without effect on distilled weights), ``num_inference_steps`` (1..150,
            default 4), ``megapixels`` (the size worked at, default 1.05), ``dtype`` and ``offload`` of
            :class:`inference.nets.pipeline.Pipeline`. It takes no ``negative_prompt``.

        Raises
        ------
        BadInput
            ``prompt``, ``parameter``.
        PermanentFailure
            ``model_output``.
        """
        height, width = fitted(*size, budget(parameters, MEGAPIXELS), PACKED * self._pipeline.cell)
        made = self._pipeline(
            parameters,
            prompt=asked_for(prompt),
            image=None if sketch is None else Image.fromarray(contained(sketch, (height, width))),
            height=height,
            width=width,
            generator=seeded(seed),
            **guidance(parameters, steps=STEPS, scale=GUIDANCE),
        )
        return resized(made, size)


def _load(folder: Path, dtype: Any) -> Any:
    return from_folder("Flux2KleinPipeline", folder, dtype)
