"""Pictures out of words by Stable Diffusion: SDXL, SD 1.5, and the quick ones, SD-Turbo and LCM."""

from pathlib import Path
from typing import Any

from inference.generation.words import asked_for, guidance
from inference.inpainting.canvas import resized
from inference.nets.device import seeded
from inference.nets.folder import pretrained_folder
from inference.nets.pipeline import Pipeline, from_folder
from inference.nets.sizes import budget, fitted
from inference.protocols import Parameters, Rgb, Weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

STEPS, GUIDANCE, MEGAPIXELS = 30, 5.0, 1.05
"""SDXL's own. The cards of quicker models name theirs: one to eight steps, no guidance, a quarter of the pixels."""


class StableDiffusionGenerator:
    """A pipeline of diffusers that ``AutoPipelineForText2Image`` knows."""

    follows_sketch = False

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        folder = pretrained_folder(weights)
        self._pipeline = Pipeline(lambda dtype: _load(folder, dtype), card.defaults)
        self.heeds_negative = self._pipeline.takes("negative_prompt")  # a consistency model's does not

    def generate(
        self, prompt: str, size: tuple[int, int], *, sketch: Rgb | None, seed: int, parameters: Parameters
    ) -> Rgb:
        """Make a picture; see :class:`inference.protocols.Generator`.

        Parameters
        ----------
        parameters
            ``negative_prompt``, ``guidance_scale`` (0..30, default 5), ``num_inference_steps`` (1..150, default 30),
            ``megapixels`` (the size worked at, default 1.05), ``dtype`` and ``offload`` of
            :class:`inference.nets.pipeline.Pipeline`.

        Raises
        ------
        BadInput
            ``prompt``, ``parameter``, ``content_refused``.
        PermanentFailure
            ``no_sketch_model`` with a sketch, ``model_output``.
        """
        if sketch is not None:
            raise PermanentFailure(f"`{self.card.name}` cannot follow a sketch.", code="no_sketch_model")
        height, width = fitted(*size, budget(parameters, MEGAPIXELS), 2 * self._pipeline.cell)
        made = self._pipeline(
            parameters,
            prompt=asked_for(prompt),
            height=height,
            width=width,
            generator=seeded(seed),
            **guidance(parameters, steps=STEPS, scale=GUIDANCE),
        )
        return resized(made, size)


def _load(folder: Path, dtype: Any) -> Any:
    return from_folder("AutoPipelineForText2Image", folder, dtype)
