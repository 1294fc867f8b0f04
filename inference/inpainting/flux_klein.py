"""Filling by FLUX.2 klein, a distilled model that edits a picture by instruction."""

from typing import Any

from inference.inpainting.canvas import Canvas
from inference.nets.device import seeded
from inference.nets.pipeline_adapter import PipelineAdapter
from inference.parameters import number, text, whole
from inference.protocols import Mask, Parameters, Rgb

PACKED = 2
"""Latent pixels a side that are packed into one token; the mask has one value a token."""
LARGEST = 1024 * 1024
"""Pixels. The pipeline shrinks anything larger by itself, and its mask with it."""
STEPS, GUIDANCE = 4, 1.0
"""For the distilled weights. The base weights want about 28 steps and a guidance of 4."""


class FluxKleinInpainter(PipelineAdapter):
    """``Flux2KleinInpaintPipeline`` of diffusers on a crop of our own making."""

    kind = "Flux2KleinInpaintPipeline"
    halves = ("bfloat16",)

    def fill(self, rgb: Rgb, hole: Mask, *, seed: int, parameters: Parameters) -> Rgb:
        """Fill ``hole``; see :class:`inference.protocols.Inpainter`. What lies under it is never shown to the model.

        Parameters
        ----------
        parameters
            ``prompt``, an instruction; ``strength`` (0.05..1, default 1), ``guidance_scale`` (0..20, default 1; without
            effect on distilled weights), ``num_inference_steps`` (1..100, default 4), ``megapixels`` (the size worked
            at, default and at most 1.05), ``dtype`` and ``offload`` of :class:`inference.nets.pipeline.Pipeline`.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, ``mask_size``, ``parameter``.
        PermanentFailure
            ``model_output``.
        TransientFailure
            ``out_of_memory``.
        """
        token, guidance = PACKED * self.pipeline.cell, _guidance(parameters)

        def at(pixels: int) -> Rgb:
            canvas = Canvas.of(rgb, hole, pixels=min(LARGEST, pixels), cell=token, multiple=token)
            made = self.pipeline(parameters, **canvas.arguments(), generator=seeded(seed), **guidance)
            return canvas.native(made, rgb, hole)

        return self.at_a_size_that_fits(parameters, LARGEST / 1e6, "The fill", at)


def _guidance(parameters: Parameters) -> dict[str, Any]:
    return {
        "prompt": text(parameters, "prompt"),
        # Not one of the pipeline's arguments: given all the same, so that a recipe hears that it has no effect.
        "negative_prompt": text(parameters, "negative_prompt") or None,
        "strength": number(parameters, "strength", 1.0, low=0.05, high=1),
        "num_inference_steps": whole(parameters, "num_inference_steps", STEPS, low=1, high=100),
        "guidance_scale": number(parameters, "guidance_scale", GUIDANCE, low=0, high=20),
    }
