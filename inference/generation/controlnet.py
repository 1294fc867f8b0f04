"""A picture that follows a sketch: Stable Diffusion with a ControlNet (Zhang et al., ICCV 2023)."""

from pathlib import Path
from typing import Any

from PIL import Image

from inference.generation.sketch import CANNY, canny, scribble
from inference.generation.words import asked_for, guidance
from inference.nets.device import seeded
from inference.nets.pipeline import BESIDE, from_folder
from inference.nets.pipeline_adapter import PipelineAdapter
from inference.nets.sizes import fitted, resized
from inference.parameters import choice, number
from inference.protocols import Parameters, Rgb
from schemas.errors import BadInput

STEPS, GUIDANCE, MEGAPIXELS = 30, 5.0, 1.05
SCALE = 0.9
"""How much the lines weigh. At 1 a shaky line of a sketch becomes a shaky edge of the picture."""
READINGS = ("scribble", "canny")


class SketchGenerator(PipelineAdapter):
    """A pipeline for text with a ControlNet, whose files lie in the folder ``controlnet`` beside the others."""

    kind = "AutoPipelineForText2Image"
    follows_sketch = True
    heeds_negative = True

    def build(self, folder: Path, dtype: Any) -> Any:
        """Load both; diffusers finds the class that takes a ControlNet for SDXL and for SD 1.5 by itself."""
        net = from_folder("ControlNetModel", folder / BESIDE, dtype)
        return from_folder(self.kind, folder, dtype, controlnet=net)

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
        TransientFailure
            ``out_of_memory``.
        """
        if sketch is None:
            raise BadInput(f"`{self.card.name}` follows a sketch, and there is none.", code="missing_input")
        words = {"prompt": asked_for(prompt), **guidance(parameters, steps=STEPS, scale=GUIDANCE)}
        weight = float(number(parameters, "control_scale", SCALE, low=0, high=2))

        def at(pixels: int) -> Rgb:
            height, width = fitted(*size, pixels, 2 * self.pipeline.cell)
            lines = Image.fromarray(_lines(sketch, (height, width), parameters))
            made = self.pipeline(
                parameters,
                image=lines,
                height=height,
                width=width,
                controlnet_conditioning_scale=weight,
                generator=seeded(seed),
                **words,
            )
            return resized(made, size)

        return self.at_a_size_that_fits(parameters, MEGAPIXELS, "The scene", at)


def _lines(sketch: Rgb, size: tuple[int, int], parameters: Parameters) -> Rgb:
    if choice(parameters, "control", READINGS[0], READINGS) == "scribble":
        return scribble(sketch, size)
    low = number(parameters, "canny_low", CANNY[0], low=0, high=1000)
    high = number(parameters, "canny_high", CANNY[1], low=0, high=1000)
    return canny(sketch, size, (low, high))
