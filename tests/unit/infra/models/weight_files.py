"""Small files that are what their names say, made byte by byte, and cards that name them."""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from inference.registry import Registry
from schemas.model_card import Weights
from tests.documents import card_document


def field(number: int, content: bytes | int) -> bytes:
    """A field of a protobuf message: bytes with their length, or a number."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def onnx(graph: bytes = b"", doc: bytes = b"") -> bytes:
    """A ``ModelProto``: version, description, graph, one operator set."""
    return field(1, 8) + field(6, doc) + field(7, graph) + field(8, field(2, 17))


def safetensors(tensors: dict[str, list[int]] | None = None, **header: Any) -> bytes:
    """Float32 tensors of these shapes, all zero."""
    described, at = dict[str, Any](), 0
    for name, shape in (tensors or {"weight": [2, 3]}).items():
        size = 4
        for side in shape:
            size *= side
        described[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps({**described, **header}).encode()
    return len(text).to_bytes(8, "little") + text + bytes(at)


NET = onnx(doc=bytes(range(256)) * 40)
SHA = hashlib.sha256(NET).hexdigest()
PARAM = b"7767517\n2 2\nInput in 0 1 in\nNoop out 1 1 in out\n"


def weights_at(source: str, file: str = "net.onnx", data: bytes = NET, sha256: str | None = None) -> Weights:
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    return Weights(file=file, source=source, sha256=sha256, size_bytes=len(data), licence="MIT")


def write_card(folder: Path, name: str, *weights: Weights, **facts: Any) -> Registry:
    """Write a card that ships in ``folder``; its models folder is ``folder/models``."""
    card = card_document(name, weights=[each.model_dump() for each in weights], **facts)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(card))
    return Registry(folder, folder / "models")
