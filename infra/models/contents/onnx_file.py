"""Whether a file is an ONNX model that holds all its own weights.

Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

import mmap
from pathlib import Path

from inference.nets.protobuf import BYTES, VARINT, Field, fields
from infra.models.contents.refusal import Refusal

_MODEL = {1: VARINT, 2: BYTES, 3: BYTES, 4: BYTES, 5: VARINT, **dict.fromkeys((6, 7, 8, 14, 20, 25, 26), BYTES)}
"""Fields of a ``ModelProto`` by number, with how each is written."""
_IR_VERSION, _GRAPH, _OPSET_IMPORT = 1, 7, 8
_EXTERNAL_DATA, _DATA_LOCATION, _EXTERNAL = 13, 14, 1

_HOLDS: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
"""Where in a message other messages are that end in tensors."""
_DEEPEST = 64
"""Messages within messages: a loop within a loop within a branch has 12."""


def check_onnx(path: Path) -> None:
    """Refuse what is no ``ModelProto``, and what reads its weights from other files.

    A tensor may name a file to read its numbers from, by any path. Each file of a model lies in a folder of its own
    here, so none could be found, and none is looked for.

    Raises
    ------
    Refusal
    """
    if not path.stat().st_size:
        raise Refusal("is empty")
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            _check_model(data)
            _refuse_other_files(data, "model", (0, len(data)), 0)
    except ValueError as error:
        raise Refusal("is no ONNX model") from error


def _check_model(data: mmap.mmap) -> None:
    graphs, seen = 0, set[int]()
    for field in fields(data, 0, len(data)):
        if _MODEL.get(field.number) != field.wire:
            raise Refusal("is no ONNX model")
        graphs += field.number == _GRAPH
        seen.add(field.number)
    if graphs != 1 or not {_IR_VERSION, _OPSET_IMPORT} <= seen:
        raise Refusal("is no ONNX model")


def _refuse_other_files(data: mmap.mmap, kind: str, place: tuple[int, int], depth: int) -> None:
    if depth > _DEEPEST:
        raise Refusal("is nested deeper than any ONNX model")
    for field in fields(data, *place):
        inner = _HOLDS[kind].get(field.number)
        if inner is None or field.wire != BYTES:
            continue
        if inner == "tensor":
            _refuse_external(data, field)
        else:
            _refuse_other_files(data, inner, (field.start, field.end), depth + 1)


def _refuse_external(data: mmap.mmap, tensor: Field) -> None:
    for field in fields(data, tensor.start, tensor.end):
        location = field.number == _DATA_LOCATION and field.value == _EXTERNAL
        if field.number == _EXTERNAL_DATA or location:
            advice = "onnx.save(model, file, save_as_external_data=False) writes one file"
            raise Refusal(f"reads weights from another file; {advice}")
