"""Whether a file is safetensors: a JSON header that says where in the rest each tensor lies, and numbers.

Source: https://huggingface.co/docs/safetensors#format
"""

import json
import math
from pathlib import Path
from typing import Any

from infra.models.contents.refusal import Refusal

_LONGEST_HEADER = 25 << 20
"""Bytes. A diffusion model of 2,000 tensors has 200 kB; the format itself allows 100 MB."""

_BITS = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 16),
    **dict.fromkeys(("U32", "I32", "F32"), 32),
    **dict.fromkeys(("U64", "I64", "F64", "C64"), 64),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}


def check_safetensors(path: Path) -> None:
    """Refuse what is not safetensors from the first byte to the last.

    Raises
    ------
    Refusal
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(_LONGEST_HEADER, size - 8):
            raise Refusal("is no safetensors file")
        header = file.read(length)
    try:
        if not header.startswith(b"{"):
            raise Refusal("is no safetensors file")
        described = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise Refusal("is no safetensors file: its header is broken") from error
    described.pop("__metadata__", None)
    _check_tensors(described, size - 8 - length)


def _check_tensors(described: dict[str, Any], size: int) -> None:
    """Each tensor's bytes follow those of the one before it, and the last one ends the file."""
    if not described:
        raise Refusal("holds no tensors")
    try:
        places = sorted(_place(tensor) for tensor in described.values())
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("is no safetensors file: a tensor in it is not described as it should be") from error
    at = 0
    for start, end in places:
        if start != at:
            raise Refusal("is a broken safetensors file: its tensors overlap or leave gaps")
        at = end
    if at != size:
        raise Refusal(f"is a broken safetensors file: it has {size:,} bytes of numbers and describes {at:,}")


def _place(tensor: dict[str, Any]) -> tuple[int, int]:
    start, end = tensor["data_offsets"]
    shape = tensor["shape"]
    if not all(isinstance(number, int) and number >= 0 for number in (start, end, *shape)):
        raise ValueError("a shape or a place that is no whole number")
    if (end - start) * 8 != math.prod(shape) * _BITS[tensor["dtype"]]:
        raise ValueError("another size than its shape says")
    return start, end
