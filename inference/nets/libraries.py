"""The libraries that nets come from: torch, transformers and diffusers, made ready before their first import."""

import importlib
import os
from contextlib import suppress
from types import ModuleType
from typing import Any, cast

from schemas.errors import PermanentFailure

QUIET = {
    "HF_HUB_OFFLINE": "1",  # weights come from the model store, by checksum: nothing is ever fetched from a hub
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "DIFFUSERS_VERBOSITY": "error",
}
"""Set before the first import, because these libraries read them only then. What is set already stays."""

_OPERATORS = ("nms", "qnms")
"""torchvision describes these two while it is imported, and fails where they are not compiled for this torch."""

_kept: list[Any] = []
"""A description lasts as long as its library object."""


def transformers() -> ModuleType:
    """The ``transformers`` package, which diffusers wants as well.

    Raises
    ------
    PermanentFailure
        ``library_missing``.
    """
    _prepare()
    return _without_progress_bars("transformers")


def diffusers() -> ModuleType:
    """The ``diffusers`` package.

    Raises
    ------
    PermanentFailure
        ``library_missing``.
    """
    transformers()
    return _without_progress_bars("diffusers")


def importable_torchvision() -> None:
    """Let torchvision be imported beside a torch that it was not compiled for.

    PyPI's torchvision is built against CUDA: beside a CPU build of torch its operators do not load, and its import
    fails where it describes two of them. No adapter uses one of them, so describing them without a body is enough.
    spandrel and transformers import torchvision whether they need it or not.

    Raises
    ------
    PermanentFailure
        ``library_missing`` where there is no torch.
    """
    try:
        import torch
    except ImportError as error:
        raise missing("torch") from error
    absent = [name for name in _OPERATORS if not hasattr(torch.ops.torchvision, name)]
    if absent and not _loads_compiled():
        describe: Any = torch.library.Library
        library = describe("torchvision", "FRAGMENT")
        for name in absent:
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _kept.append(library)


def _prepare() -> None:
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    importable_torchvision()


def _without_progress_bars(name: str) -> ModuleType:
    try:
        library: Any = importlib.import_module(name)
    except ImportError as error:
        raise missing(name) from error
    library.utils.logging.disable_progress_bar()
    return cast(ModuleType, library)


def _loads_compiled() -> bool:
    """Whether torchvision comes with operators that work beside this torch."""
    with suppress(ImportError, OSError, RuntimeError):
        import torchvision  # noqa: F401

        return True
    return False


def missing(name: str) -> PermanentFailure:
    """``library_missing``: a package of the `gpu` extra is not installed."""
    return PermanentFailure(
        f"This model needs {name}: install Cleanplate with its `gpu` extra.", code="library_missing"
    )
