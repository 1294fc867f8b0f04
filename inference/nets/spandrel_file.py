"""Reading the net out of a weight file: spandrel finds its architecture by the names and shapes of its tensors."""

from pathlib import Path
from typing import Any

from inference.nets.libraries import importable_torchvision, missing
from inference.nets.out_of_memory import is_out_of_memory
from inference.protocols import Weights
from schemas.errors import PermanentFailure
from schemas.model_card import ModelCard


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
    importable_torchvision()
    try:
        import spandrel
    except ImportError as error:
        raise missing("spandrel") from error
    return spandrel
