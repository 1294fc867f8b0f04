"""Filling by Stable Diffusion: SDXL-class and SD 1.5-class models, trained for inpainting or not."""

from typing import Any

from inference.inpainting.canvas import Canvas
from inference.nets.device import seeded
from inference.nets.pipeline_adapter import PipelineAdapter
from inference.parameters import number, text, whole
from inference.protocols import Mask, Parameters, Rgb
from schemas.errors import BadInput

STRENGTH = 0.99
"""Of the noise that the hole starts from. At 1 these models start from noise alone, whose mean is that of no picture:
fills come out grey and low in contrast (the model card of SDXL-inpaint advises against it, and diffusers' own default
was lowered to 0.9999 for it)."""
STRONGEST = 0.9999
STEPS, GUIDANCE = 30, 7.5
MEGAPIXELS = 1.05
"""1024 x 1024: what SDXL was trained at. The card of a smaller model names its own."""


class StableDiffusionInpainter(PipelineAdapter):
    """A pipeline of diffusers that ``AutoPipelineForInpainting`` knows, on a crop of our own making."""

    kind = "AutoPipelineForInpainting"

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Fill ``hole``; see :class:`inference.protocols.Inpainter`. What lies under it is never shown to the model.

        Parameters
        ----------
        parameters
            ``prompt`` and ``negative_prompt``; ``strength`` (0.05..0.9999, default 0.99), ``guidance_scale`` (0..30,
            default 7.5), ``num_inference_steps`` (1..150, default 30), ``megapixels`` (the size worked at, default
            1.05), ``dtype`` and ``offload`` of :class:`inference.nets.pipeline.Pipeline`.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, ``mask_size``, ``parameter``, ``content_refused``.
        PermanentFailure
            ``model_output``.
        TransientFailure
            ``out_of_memory``.
        """
        cell, guidance = self.pipeline.cell, _guidance(parameters)

        def at(pixels: int) -> Rgb:
            # Twice the cell, so that the net's first halving of the latents comes out even.
            canvas = Canvas.of(rgb, hole, pixels=pixels, cell=cell, multiple=2 * cell)
            made = self.pipeline(parameters, **canvas.arguments(), generator=seeded(seed), **guidance)
            return canvas.native(made, rgb, hole)

        return self.at_a_size_that_fits(parameters, MEGAPIXELS, "The fill", at)


def _guidance(parameters: Parameters) -> dict[str, Any]:
    strength = number(parameters, "strength", STRENGTH, low=0.05, high=STRONGEST)
    steps = whole(parameters, "num_inference_steps", STEPS, low=1, high=150)
    if int(steps * strength) < 1:
        message = f"{steps} steps at a strength of {strength:g} leave none to take: raise `num_inference_steps`."
        raise BadInput(message, code="parameter")
    return {
        "prompt": text(parameters, "prompt"),
        "negative_prompt": text(parameters, "negative_prompt") or None,
        "strength": strength,
        "num_inference_steps": steps,
        "guidance_scale": number(parameters, "guidance_scale", GUIDANCE, low=0, high=30),
    }
