"""Pictures out of words by Stable Diffusion: SDXL, SD 1.5, and the quick ones, SD-Turbo and LCM."""

from inference.generation.words import asked_for, guidance
from inference.nets.device import seeded
from inference.nets.pipeline_adapter import PipelineAdapter
from inference.nets.sizes import fitted, resized
from inference.protocols import Parameters, Rgb
from schemas.errors import PermanentFailure

STEPS, GUIDANCE, MEGAPIXELS = 30, 5.0, 1.05
"""SDXL's own. The cards of quicker models name theirs: one to eight steps, no guidance, a quarter of the pixels."""


class StableDiffusionGenerator(PipelineAdapter):
    """A pipeline of diffusers that ``AutoPipelineForText2Image`` knows."""

    kind = "AutoPipelineForText2Image"
    follows_sketch = False

    @property
    def heeds_negative(self) -> bool:
        """Whether it knows negative prompts; a consistency model does not."""
        return "negative_prompt" in self.pipeline.arguments

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
        TransientFailure
            ``out_of_memory``.
        """
        if sketch is not None:
            raise PermanentFailure(f"`{self.card.name}` cannot follow a sketch.", code="no_sketch_model")
        words = {"prompt": asked_for(prompt), **guidance(parameters, steps=STEPS, scale=GUIDANCE)}

        def at(pixels: int) -> Rgb:
            height, width = fitted(*size, pixels, 2 * self.pipeline.cell)
            made = self.pipeline(parameters, height=height, width=width, generator=seeded(seed), **words)
            return resized(made, size)

        return self.at_a_size_that_fits(parameters, MEGAPIXELS, "The scene", at)
