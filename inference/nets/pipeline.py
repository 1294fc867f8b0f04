"""A diffusers pipeline: loaded from verified files alone, kept in one number format, called by one thread at a time."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from inference.nets.device import device, dtype_for
from inference.nets.libraries import diffusers
from inference.nets.out_of_memory import empty_cache
from inference.nets.pretrained import loaded
from inference.nets.tensors import bytes_of
from inference.parameters import choice
from inference.protocols import Parameters, Rgb
from schemas.errors import BadInput, PermanentFailure

if TYPE_CHECKING:
    import torch

OFFLOADS = ("none", "model", "sequential")
"""What stays on the GPU between steps: everything; the part that works (SDXL then fits into 8 GB); a layer (slow)."""

BESIDE = "controlnet"
"""Folder of a part that no index names and that is loaded by itself."""
_OPTIONAL = frozenset({"safety_checker", "feature_extractor", "image_encoder"})


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
        self.place = device()
        """Where it computes: ``cpu`` or ``cuda``."""
        self._lock = Lock()
        self._held: tuple[tuple[Any, str], Any] | None = None
        pipeline = self._ready(parameters)
        self.cell = int(pipeline.vae_scale_factor)
        """Pixels of the picture a side that one latent pixel stands for."""
        self.arguments = frozenset(inspect.signature(pipeline.__call__).parameters)
        """Names that it understands."""
        self.held_bytes = _held_bytes(pipeline, self._offload(parameters))
        """Memory at ``place`` that it takes while it waits."""

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
        given = {name: value for name, value in arguments.items() if value is not None}
        if unknown := sorted(given.keys() - self.arguments):
            named = ", ".join(f"`{name}`" for name in unknown)
            raise BadInput(f"This model does not understand {named}.", code="parameter")
        with self._lock:
            made = self._ready(parameters)(**given, output_type="np")
        if any(getattr(made, "nsfw_content_detected", None) or []):
            raise BadInput("The model's safety checker refused what it made.", code="content_refused")
        return _picture(made.images[0])

    def _ready(self, parameters: Parameters) -> Any:
        dtype = dtype_for(parameters, self.place, halves=self._halves)
        offload = self._offload(parameters)
        if self._held is None or self._held[0] != (dtype, offload):
            if self._held is not None:  # two of them would not fit
                self._held = None
                empty_cache()
            self._held = ((dtype, offload), _placed(self._build(dtype), self.place, offload))
        return self._held[1]

    def _offload(self, parameters: Parameters) -> str:
        named = choice(parameters, "offload", "none", OFFLOADS)
        return named if self.place != "cpu" else "none"


def from_folder(kind: str, folder: Path, dtype: "torch.dtype", **parts: Any) -> Any:
    """Load a pipeline or a part of one by the name of its class in diffusers, without a network and without pickles.

    Raises
    ------
    PermanentFailure
        ``broken_weights`` where the files do not make such a pipeline.
    """
    options = {"dtype": dtype, "use_safetensors": True, "variant": _variant(folder), **dict.fromkeys(_left_out(folder))}
    return loaded(getattr(diffusers(), kind), folder, **options, **parts)


def _variant(folder: Path) -> str | None:
    """``fp16`` where files are named as such: a folder holds one variant, and diffusers wants to be told which."""
    files = [*folder.glob("*.fp16*"), *folder.glob("*/*.fp16*")]
    return "fp16" if any(path.parent.name != BESIDE or path.parent == folder for path in files) else None


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


def _held_bytes(pipeline: Any, offload: str) -> int:
    """Bytes of all its nets; offloaded they wait elsewhere, and the largest comes to the device alone."""
    nets = [bytes_of(part) for part in pipeline.components.values() if hasattr(part, "parameters")]
    return {"none": sum(nets), "model": max(nets, default=0), "sequential": 0}[offload]


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
