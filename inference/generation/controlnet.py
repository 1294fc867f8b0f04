"""A picture that follows a sketch: Stable Diffusion with a ControlNet (Zhang et al., ICCV 2023)."""

from pathlib import Path
from typing import Any

from PIL import Image

from inference.generation.sketch import CANNY, canny, scribble
from inference.generation.words import asked_for, guidance
from inference.inpainting.canvas import resized
from inference.nets.device import seeded
from inference.nets.folder import pretrained_folder
from inference.nets.pipeline import Pipeline, from_folder
from inference.nets.sizes import budget, fitted
from inference.parameters import choice, number
from inference.protocols import Parameters, Rgb, Weights
from schemas.errors import BadInput, PermanentFailure
from schemas.model_card import ModelCard

STEPS, GUIDANCE, MEGAPIXELS = 30, 5.0, 1.05
SCALE = 0.9
"""How much the lines weigh. At 1 a shaky line of a sketch becomes a shaky edge of the picture."""
READINGS = ("scribble", "canny")


class SketchGenerator:
    """A pipeline for text with a ControlNet, whose files lie in the folder ``controlnet`` beside the others."""

    follows_sketch = True
    heeds_negative = True

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        if "model_index.json" not in weights:
            raise PermanentFailure(f"`{card.name}` needs the file model_index.json.", code="broken_weights")
        folder = pretrained_folder(weights)
        self._pipeline = Pipeline(lambda dtype: _load(folder, dtype), card.defaults)

    def generate(
        self, prompt: str, size: tuple[int, int], *, sketch: Rgb | None, seed: int, parameters: Parameters
    ) -> Rgb:
        """Make a picture; see :class:`inference.protocols.Generator`.

        Parameters
        ----------
        parameters
            ``control``: how the sketch is read, ``scribble`` (the default) or ``canny``, as its ControlNet was trained;
            ``control_scale`` (0..2, default 0.9); ``canny_low`` and ``canny_high`` (0..1000, default 100 and 200);
            ``negative_prompt``, ``guidance_scale`` (0..30, default 5), ``num_inference_steps`` (1..150, default 30),
            ``megapixels`` (the size worked at, default 1.05), ``dtype`` and ``offload`` of
            :class:`inference.nets.pipeline.Pipeline`.

        Raises
        ------
        BadInput
            ``missing_input`` without a sketch, ``prompt``, ``parameter``, ``content_refused``.
        PermanentFailure
            ``model_output``.
        """
        if sketch is None:
            raise BadInput(f"`{self.card.name}` follows a sketch, and there is none.", code="missing_input")
        height, width = fitted(*size, budget(parameters, MEGAPIXELS), 2 * self._pipeline.cell)
        made = self._pipeline(
            parameters,
            prompt=asked_for(prompt),
            image=Image.fromarray(_lines(sketch, (height, width), parameters)),
            height=height,
            width=width,
            controlnet_conditioning_scale=number(parameters, "control_scale", SCALE, low=0, high=2),
            generator=seeded(seed),
            **guidance(parameters, steps=STEPS, scale=GUIDANCE),
        )
        return resized(made, size)


def _lines(sketch: Rgb, size: tuple[int, int], parameters: Parameters) -> Rgb:
    if choice(parameters, "control", READINGS[0], READINGS) == "scribble":
        return scribble(sketch, size)
    low = number(parameters, "canny_low", CANNY[0], low=0, high=1000)
    high = number(parameters, "canny_high", CANNY[1], low=0, high=1000)
    return canny(sketch, size, (low, high))


def _load(folder: Path, dtype: Any) -> Any:
    net = from_folder("ControlNetModel", folder / "controlnet", dtype)
    # diffusers finds the class that takes a ControlNet for SDXL and for SD 1.5 by itself.
    return from_folder("AutoPipelineForText2Image", folder, dtype, controlnet=net)
