"""Pictures out of words, and out of a sketch, by FLUX.2 klein."""

from PIL import Image

from inference.generation.sketch import contained
from inference.generation.words import asked_for, guidance
from inference.nets.device import seeded
from inference.nets.pipeline_adapter import PipelineAdapter
from inference.nets.sizes import fitted, resized
from inference.protocols import Parameters, Rgb

PACKED = 2
"""Latent pixels a side that are packed into one token."""
SMALLEST = 64
"""Side of a picture to edit that the pipeline still takes, pixels."""
STEPS, GUIDANCE, MEGAPIXELS = 4, 1.0, 1.05
"""For the distilled weights. The base weights want about 28 steps and a guidance of 4."""


class FluxKleinGenerator(PipelineAdapter):
    """``Flux2KleinPipeline`` of diffusers. It edits by instruction, so a sketch is the picture that it edits."""

    kind = "Flux2KleinPipeline"
    halves = ("bfloat16",)
    follows_sketch = True
    heeds_negative = False

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
        TransientFailure
            ``out_of_memory``.
        """
        words = {"prompt": asked_for(prompt), **guidance(parameters, steps=STEPS, scale=GUIDANCE)}

        def at(pixels: int) -> Rgb:
            height, width = fitted(*size, pixels, PACKED * self.pipeline.cell)
            made = self.pipeline(
                parameters,
                image=None if sketch is None else _drawing(sketch, height, width),
                height=height,
                width=width,
                generator=seeded(seed),
                **words,
            )
            return resized(made, size)

        return self.at_a_size_that_fits(parameters, MEGAPIXELS, "The scene", at)


def _drawing(sketch: Rgb, height: int, width: int) -> Image.Image:
    return Image.fromarray(contained(sketch, (max(SMALLEST, height), max(SMALLEST, width))))
