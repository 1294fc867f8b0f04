"""What all adapters of a diffusers pipeline share: how it is loaded, where it lies and what it holds."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from inference.nets.folder import pretrained_folder
from inference.nets.out_of_memory import at_a_size_that_fits, halved
from inference.nets.pipeline import Pipeline, from_folder
from inference.nets.sizes import budget
from inference.protocols import Parameters, Rgb, Weights
from schemas.model_card import ModelCard

if TYPE_CHECKING:
    import torch


class PipelineAdapter:
    """An adapter whose weights are the files of one saved pipeline."""

    kind: ClassVar[str]
    """Name of the class in diffusers that loads it."""
    halves: ClassVar[tuple[str, ...]] = ("float16", "bfloat16")
    """Half formats that the model bears, the best one first."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card
        folder = pretrained_folder(weights)
        self.pipeline = Pipeline(lambda dtype: self.build(folder, dtype), card.defaults, self.halves)

    @property
    def device(self) -> str:
        """Where it computes."""
        return self.pipeline.place

    @property
    def held_bytes(self) -> int:
        """Memory that it takes there while it waits."""
        return self.pipeline.held_bytes

    def build(self, folder: Path, dtype: "torch.dtype") -> Any:
        """Load the pipeline."""
        return from_folder(self.kind, folder, dtype)

    def at_a_size_that_fits(
        self, parameters: Parameters, megapixels: float, what: str, make: Callable[[int], Rgb]
    ) -> Rgb:
        """Make a picture at the size that the request or the model wants, or at a half or a quarter of its pixels.

        Parameters
        ----------
        megapixels
            Used where ``parameters`` name none.
        what
            ``The fill``, for the message.
        make
            Takes a number of pixels.

        Raises
        ------
        TransientFailure
            ``out_of_memory``.
        """
        pixels = budget(parameters, megapixels)
        return at_a_size_that_fits(make, halved(pixels, pixels // 4), what=what)
