"""Reading the net out of a weight file: spandrel finds its architecture by the names and shapes of its tensors."""

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

from inference.nets.out_of_memory import is_out_of_memory
from inference.protocols import Weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard

_DESCRIBED = ("nms", "qnms")
"""Operators that torchvision describes when it is imported."""


def read_net(path: Path) -> Any:
    """Read a net on the CPU, in the number format of the file.

    Returns
    -------
    spandrel.ModelDescriptor
        The net with what is known of it: purpose, scale, channels, size requirements, tiling, half precision.

    Raises
    ------
    PermanentFailure
        ``weights_unreadable`` for anything that is not a safetensors file of an architecture that spandrel knows;
        ``library_missing``.
    """
    if path.suffix != ".safetensors":
        raise PermanentFailure(f"{path.name} is no safetensors file.", code="weights_unreadable")
    loader = import_spandrel().ModelLoader(device="cpu")
    try:
        return loader.load_from_file(path)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        # Architectures guess their shape from names alone, and fail in any way on a file that only looks like theirs.
        said = str(error).strip().partition("\n")[0] or type(error).__name__
        message = f"{path.name} holds no net that can be read: {said}"
        raise PermanentFailure(message, code="weights_unreadable") from error


def only_file(card: ModelCard, weights: Weights) -> Path:
    """Return the one weight file of a model that has one.

    Raises
    ------
    PermanentFailure
        ``broken_card``.
    """
    if len(weights) != 1:
        message = f"The card of `{card.name}` must name one weight file, not {len(weights)}."
        raise PermanentFailure(message, code="broken_card")
    return next(iter(weights.values()))


def halves(net: Any) -> tuple[str, ...]:
    """Half formats that a net bears, the better one first.

    float16 has eleven bits for a level of eight; bfloat16 has eight, so that its levels above 0.5 come out rounded to
    one, but it never overflows and is as quick.
    """
    known = (("float16", net.supports_half), ("bfloat16", net.supports_bfloat16))
    return tuple(name for name, bears in known if bears)


def import_spandrel() -> Any:
    """Import spandrel, beside whatever torchvision there is.

    Raises
    ------
    PermanentFailure
        ``library_missing``.
    """
    try:
        _describe_absent_operators()
        import spandrel
    except ImportError as error:
        message = "This model needs spandrel: install Cleanplate with its `gpu` extra."
        raise PermanentFailure(message, code="library_missing") from error
    return spandrel


def _describe_absent_operators() -> None:
    """Let torchvision be imported beside another build of torch.

    Its compiled operators do not load there, and its import then fails where it describes two of them. That is how
    PyPI's torchvision, built against CUDA, meets a torch for CPUs. spandrel calls none of them.
    """
    import torch

    spec = importlib.util.find_spec("torchvision")
    for folder in spec.submodule_search_locations or [] if spec else []:
        for library in Path(folder).glob("_C*.so"):
            try:
                torch.ops.load_library(str(library))  # type: ignore[no-untyped-call]
            except OSError:
                continue
    for name in _DESCRIBED:
        if not hasattr(torch.ops.torchvision, name):
            _operators().define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


@cache
def _operators() -> Any:
    """The library that holds the descriptions; kept, for they go when it goes."""
    import torch

    return torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
