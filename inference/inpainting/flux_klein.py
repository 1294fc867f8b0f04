"""Filling by FLUX.2 klein, a distilled model that edits a picture by instruction."""

from pathlib import Path
from typing import Any

from inference.inpainting.canvas import Canvas
from inference.nets.device import seeded
from inference.nets.folder import pretrained_folder
from inference.nets.pipeline import Pipeline, from_folder
from inference.nets.sizes import budget
from inference.parameters import number, text, whole
from inference.protocols import Mask, Parameters, Rgb, Weights
from schemas.model_card import ModelCard

PACKED = 2
"""Latent pixels a side that are packed into one token; the mask has one value a token."""
LARGEST = 1024 * 1024
"""Pixels. The pipeline shrinks anything larger by itself, and its mask with it."""
STEPS, GUIDANCE = 4, 1.0
"""For the distilled weights. The base weights want about 28 steps and a guidance of 4."""


class FluxKleinInpainter:
    """``Flux2KleinInpaintPipeline`` of diffusers on a crop of our own making."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        folder = pretrained_folder(weights)
        self._pipeline = Pipeline(lambda dtype: _load(folder, dtype), card.defaults, halves=("bfloat16",))

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
        """
        token = PACKED * self._pipeline.cell
        pixels = min(LARGEST, budget(parameters, LARGEST / 1e6))
        canvas = Canvas.of(rgb, hole, pixels=pixels, cell=token, multiple=token)
        image, mask = canvas.pictures()
        made = self._pipeline(
            parameters,
            image=image,
            mask_image=mask,
            height=image.height,
            width=image.width,
            generator=seeded(seed),
            **_guidance(parameters),
        )
        return canvas.native(made, rgb, hole)


def _load(folder: Path, dtype: Any) -> Any:
    return from_folder("Flux2KleinInpaintPipeline", folder, dtype)


def _guidance(parameters: Parameters) -> dict[str, Any]:
    return {
        "prompt": text(parameters, "prompt"),
        # Not one of the pipeline's arguments: given all the same, so that a recipe hears that it has no effect.
        "negative_prompt": text(parameters, "negative_prompt") or None,
        "strength": number(parameters, "strength", 1.0, low=0.05, high=1),
        "num_inference_steps": whole(parameters, "num_inference_steps", STEPS, low=1, high=100),
        "guidance_scale": number(parameters, "guidance_scale", GUIDANCE, low=0, high=20),
    }
