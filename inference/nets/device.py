"""Where nets run and in which number format."""

import os
import platform
from functools import cache
from typing import TYPE_CHECKING, cast

import cv2
import numpy as np

from inference.nets.libraries import missing
from inference.parameters import choice, noted
from inference.protocols import Parameters

if TYPE_CHECKING:
    import torch


def device() -> str:
    """``cuda`` where there is one, else ``cpu``; ``CLEANPLATE_DEVICE`` decides where it is set.

    Raises
    ------
    PermanentFailure
        ``library_missing`` where torch is not installed.
    """
    try:
        import torch
    except ImportError as error:
        raise missing("torch") from error
    return os.environ.get("CLEANPLATE_DEVICE") or ("cuda" if torch.cuda.is_available() else "cpu")


def device_name(place: str) -> str:
    """Say which device it is, for the provenance: ``cpu (x86_64 X86_V4, 2 threads)``, or ``cuda (NVIDIA A10G)``.

    Of a processor its widest instructions count, and the threads: with others the same sums come out otherwise in the
    last bit.
    """
    if place == "cpu":
        return f"cpu ({_processor()}, {cv2.getNumThreads()} threads)"
    if not place.startswith("cuda"):
        return place
    import torch

    return f"{place} ({torch.cuda.get_device_name(place)})"


@cache
def _processor() -> str:
    found = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    return " ".join((platform.machine(), *found[-1:]))


def dtype_for(
    parameters: Parameters, place: str, *, halves: tuple[str, ...] = ("bfloat16", "float16")
) -> "torch.dtype":
    """Choose a number format: the parameter ``dtype``, or the first of ``halves`` that a GPU computes in.

    Parameters
    ----------
    parameters
        ``dtype``: ``auto`` (the default), ``float32``, ``float16`` or ``bfloat16``.
    place
        From :func:`device`. On a CPU ``auto`` is ``float32``: halves are slower there.
    halves
        Half formats that the model bears, the best one first; empty for one that bears none.

    Raises
    ------
    BadInput
        ``parameter``, also for a half that the model does not bear.
    """
    import torch

    named = choice(parameters, "dtype", "auto", ("auto", "float32", *halves))
    if named == "auto":
        usable = (
            [half for half in halves if half != "bfloat16" or torch.cuda.is_bf16_supported()] if place != "cpu" else []
        )
        named = usable[0] if usable else "float32"
    noted(parameters, "dtype", named)
    return cast("torch.dtype", getattr(torch, named))


def seeded(seed: int) -> "torch.Generator":
    """Make a source of noise on the CPU, so that a seed names the same noise on every device."""
    import torch

    return torch.Generator("cpu").manual_seed(seed)
