"""A diffusers pipeline: loaded from verified files alone, kept in one number format, called by one thread at a time."""

import inspect
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.nets.device import device, dtype_for
from inference.nets.libraries import diffusers
from inference.parameters import choice
from inference.protocols import Parameters, Rgb
from schemas.errors import BadInput, PermanentFailure

if TYPE_CHECKING:
    import torch

OFFLOADS = ("none", "model", "sequential")
"""What stays on the GPU between steps: everything; the part that works (SDXL then fits into 8 GB); a layer (slow)."""

_OPTIONAL = frozenset({"safety_checker", "feature_extractor", "image_encoder"})

logger = logging.getLogger("cleanplate.pipeline")


class Pipeline:
    """A pipeline that is loaded at once and loaded again where a request asks for another format or offload.

    Parameters
    ----------
    build
        Makes the pipeline in a number format, out of a folder.
    parameters
        The card's defaults: ``dtype`` and ``offload`` with which to start.
    halves
        Half formats that the model bears, the best one first.
    """

    def __init__(
        self,
        build: "Callable[[torch.dtype], Any]",
        parameters: Parameters,
        halves: tuple[str, ...] = ("float16", "bfloat16"),
    ) -> None:
        self._build, self._halves = build, halves
        self._lock = Lock()
        self._held: tuple[tuple[Any, str], Any] | None = None
        with self._lock:
            self._ready(parameters)

    @property
    def cell(self) -> int:
        """Pixels of the picture a side that one latent pixel stands for."""
        return int(self._pipeline.vae_scale_factor)

    @property
    def _pipeline(self) -> Any:
        assert self._held is not None  # noqa: S101  set by __init__, and again before every use
        return self._held[1]

    def takes(self, argument: str) -> bool:
        """Whether the pipeline knows an argument."""
        return argument in inspect.signature(self._pipeline.__call__).parameters

    def __call__(self, parameters: Parameters, **arguments: Any) -> Rgb:
        """Run it and return its one picture, ``(H, W, 3)`` uint8.

        Parameters
        ----------
        parameters
            ``dtype`` (``auto``, ``float32``, ``float16``, ``bfloat16``) and ``offload`` (``none``, ``model``,
            ``sequential``; without effect on a CPU).
        **arguments
            The pipeline's own; those that are ``None`` are left out.

        Raises
        ------
        BadInput
            ``parameter`` for something that this model does not take, ``content_refused`` by its safety checker.
        PermanentFailure
            ``model_output`` where the net's numbers overflowed.
        """
        import torch

        with self._lock, torch.inference_mode():
            pipeline = self._ready(parameters)
            made = pipeline(**_accepted(pipeline, arguments), output_type="np")
        if any(getattr(made, "nsfw_content_detected", None) or []):
            raise BadInput("The model's safety checker refused what it made.", code="content_refused")
        return _picture(made.images[0])

    def _ready(self, parameters: Parameters) -> Any:
        place = device()
        dtype = dtype_for(parameters, place, halves=self._halves)
        offload = choice(parameters, "offload", "none", OFFLOADS) if place != "cpu" else "none"
        if self._held is None or self._held[0] != (dtype, offload):
            self._held = None  # two of them would not fit
            self._held = ((dtype, offload), _placed(self._build(dtype), place, offload))
        return self._held[1]


def from_folder(kind: str, folder: Path, dtype: "torch.dtype", **parts: Any) -> Any:
    """Load a pipeline or a part of one by the name of its class in diffusers, without a network and without pickles.

    Raises
    ------
    PermanentFailure
        ``broken_weights`` where the files do not make such a pipeline.
    """
    loader = getattr(diffusers(), kind)
    absent = dict.fromkeys(_left_out(folder))
    # fp16 files may be named as such; a folder holds one variant, and diffusers wants to be told which.
    variant = "fp16" if any(folder.rglob("*.fp16*.safetensors")) else None
    try:
        return loader.from_pretrained(
            folder, dtype=dtype, variant=variant, use_safetensors=True, local_files_only=True, **absent, **parts
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError) as error:
        if "memory" in str(error).lower():
            raise
        logger.error("%s cannot be loaded", kind, exc_info=error)
        message = f"The files that were added make no {kind}: {str(error).splitlines()[0][:200]}"
        raise PermanentFailure(message, code="broken_weights") from error


def _left_out(folder: Path) -> set[str]:
    """Parts that an index names, a pipeline works without, and nobody added."""
    index = folder / "model_index.json"
    named = json.loads(index.read_text(encoding="utf-8")).keys() if index.is_file() else ()
    return {name for name in _OPTIONAL & set(named) if not (folder / name).is_dir()}


def _placed(pipeline: Any, place: str, offload: str) -> Any:
    pipeline.set_progress_bar_config(disable=True)
    if offload == "model":
        pipeline.enable_model_cpu_offload(device=place)
    elif offload == "sequential":
        pipeline.enable_sequential_cpu_offload(device=place)
    else:
        pipeline.to(place)
    return pipeline


def _accepted(pipeline: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in arguments.items() if value is not None}
    unknown = sorted(given.keys() - inspect.signature(pipeline.__call__).parameters.keys())
    if unknown:
        raise BadInput(
            f"This model does not understand {', '.join(f'`{name}`' for name in unknown)}.", code="parameter"
        )
    return given


def _picture(values: Any) -> Rgb:
    """Numbers in 0..1 to code values.

    Raises
    ------
    PermanentFailure
        ``model_output``.
    """
    numbers = np.asarray(values, np.float32)
    if not np.isfinite(numbers).all():
        message = "The net's numbers overflowed: choose another `dtype` in the recipe (bfloat16 or float32)."
        raise PermanentFailure(message, code="model_output")
    return np.ascontiguousarray(np.rint(numbers.clip(0, 1) * 255).astype(np.uint8))
