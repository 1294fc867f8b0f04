"""Weights of an ONNX net that are as good as zero, set to zero.

Training with weight decay leaves channels that died with weights around 1e-39. Processors multiply such subnormal
numbers in microcode, a hundred times as slowly: two of the text detector's layers took two thirds of its time. ONNX
Runtime can flush them, but only for the whole process and only if its first session asks for it, which is nobody's to
decide; so the file is cleaned as it is read. What it computes stays the same to the bit.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

VANISHING = 1e-30
"""Weights below this are zero beside any other: products with activations up to 1e8 do not reach a float's last bit."""

_GRAPH, _INITIALIZER, _DATA_TYPE, _RAW_DATA = 7, 5, 2, 9
"""Numbers of fields of ONNX's messages: ModelProto.graph, GraphProto.initializer, and two of TensorProto."""
_FLOAT = 1
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
"""Protocol buffers' wire types."""


def without_vanishing_weights(path: Path) -> bytes:
    """The file of an ONNX net in which weights below ``VANISHING`` are zero; as it is, where it is no such file."""
    model = bytearray(path.read_bytes())
    try:
        for tensor in _weights(model):
            _clean(model, tensor)
    except (IndexError, ValueError):
        pass  # no ONNX: the runtime says what is wrong with it, in its own words
    return bytes(model)


def _weights(model: bytearray) -> Iterator[range]:
    for field, _, graph in _fields(model, range(len(model))):
        if field == _GRAPH:
            yield from (place for field, _, place in _fields(model, graph) if field == _INITIALIZER)


def _clean(model: bytearray, tensor: range) -> None:
    """Set a tensor's vanishing values to zero in place."""
    parts = {field: (value, place) for field, value, place in _fields(model, tensor)}
    kind, data = parts.get(_DATA_TYPE), parts.get(_RAW_DATA)
    if kind is None or data is None or kind[0] != _FLOAT:
        return
    values = np.frombuffer(model, "<f4", len(data[1]) // 4, data[1].start)
    values[np.abs(values) < VANISHING] = 0


def _fields(model: bytearray, place: range) -> Iterator[tuple[int, int, range]]:
    """Number, value (of an integer) and place (of what has a length) of each field of a message."""
    at = place.start
    while at < place.stop:
        key, at = _integer(model, at)
        kind, value = key & 7, 0
        if kind == _VARINT:
            value, end = _integer(model, at)
        elif kind == _LENGTH:
            length, at = _integer(model, at)
            end = at + length
        elif kind in (_FOUR_BYTES, _EIGHT_BYTES):
            end = at + (4 if kind == _FOUR_BYTES else 8)
        else:
            raise ValueError(f"wire type {kind}")
        if end > place.stop:
            raise ValueError("a field that ends beyond its message")
        yield key >> 3, value, range(at, end)
        at = end


def _integer(model: bytearray, at: int) -> tuple[int, int]:
    """A base-128 integer, and where it ends."""
    value = shift = 0
    while True:
        byte = model[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
