"""Weights of an ONNX net that are as good as zero, set to zero.

Training with weight decay leaves channels that died with weights around 1e-39. Processors multiply such subnormal
numbers in microcode, a hundred times as slowly: two of the text detector's layers took two thirds of its time. ONNX
Runtime can flush them, but only for the whole process and only if its first session asks for it, which is nobody's to
decide; so the file is cleaned as it is read. What it computes stays the same to the bit.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inference.nets.protobuf import Field, fields

VANISHING = 1e-30
"""Weights below this are zero beside any other: products with activations up to 1e8 do not reach a float's last bit."""

_GRAPH, _INITIALIZER, _DATA_TYPE, _RAW_DATA = 7, 5, 2, 9
"""Numbers of fields of ONNX's messages: ModelProto.graph, GraphProto.initializer, and two of TensorProto."""
_FLOAT = 1


def without_vanishing_weights(path: Path) -> bytes:
    """The file of an ONNX net in which weights below ``VANISHING`` are zero; as it is, where it is no such file."""
    model = bytearray(path.read_bytes())
    try:
        for tensor in _weights(model):
            _clean(model, tensor)
    except ValueError:
        pass  # no ONNX: the runtime says what is wrong with it, in its own words
    return bytes(model)


def _weights(model: bytearray) -> Iterator[Field]:
    for graph in fields(model, 0, len(model)):
        if graph.number == _GRAPH:
            yield from (tensor for tensor in fields(model, graph.start, graph.end) if tensor.number == _INITIALIZER)


def _clean(model: bytearray, tensor: Field) -> None:
    """Set a tensor's vanishing values to zero in place."""
    parts = {field.number: field for field in fields(model, tensor.start, tensor.end)}
    kind, data = parts.get(_DATA_TYPE), parts.get(_RAW_DATA)
    if kind is None or data is None or kind.value != _FLOAT:
        return
    values = np.frombuffer(model, "<f4", (data.end - data.start) // 4, data.start)
    values[np.abs(values) < VANISHING] = 0
