"""A small ONNX net with the contract of MI-GAN's exported pipeline, written field by field.

The ``onnx`` package is not installed. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from collections.abc import Sequence

FLOAT, UINT8 = 1, 2
_ATTRIBUTE_INT, _ATTRIBUTE_INTS = 2, 7


def mean_colour(image: str = "image", mask: str = "mask", result: str = "result") -> bytes:
    """A net that keeps what the mask calls known (255) and fills the rest with the mean colour of that."""
    nodes = [
        _node("Cast", [image], "colours", to=FLOAT),
        _node("Cast", [mask], "levels", to=FLOAT),
        _node("Div", ["levels", "highest"], "known"),
        _node("Mul", ["colours", "known"], "kept"),
        _node("ReduceSum", ["kept"], "sum", axes=(2, 3)),
        _node("ReduceSum", ["known"], "count", axes=(2, 3)),
        _node("Div", ["sum", "count"], "mean"),
        _node("Sub", ["one", "known"], "missing"),
        _node("Mul", ["mean", "missing"], "filled"),
        _node("Add", ["kept", "filled"], "all"),
        _node("Cast", ["all"], result, to=UINT8),
    ]
    graph = b"".join(_bytes(1, node) for node in nodes) + _bytes(2, b"mean-colour")
    graph += _bytes(5, _number("highest", b"\x00\x00\x7f\x43")) + _bytes(5, _number("one", b"\x00\x00\x80\x3f"))
    graph += _bytes(11, _value(image, 3)) + _bytes(11, _value(mask, 1)) + _bytes(12, _value(result, 3))
    return _int(1, 7) + _bytes(7, graph) + _bytes(8, _int(2, 12))


def _node(operator: str, takes: Sequence[str], gives: str, **attributes: int | tuple[int, ...]) -> bytes:
    written = b"".join(_bytes(1, name.encode()) for name in takes) + _bytes(2, gives.encode())
    written += _bytes(4, operator.encode())
    for name, value in attributes.items():
        one = isinstance(value, int)
        numbers = _int(3, value) if one else b"".join(_int(8, each) for each in value)
        kind = _int(20, _ATTRIBUTE_INT if one else _ATTRIBUTE_INTS)
        written += _bytes(5, _bytes(1, name.encode()) + numbers + kind)
    return written


def _number(name: str, raw: bytes) -> bytes:
    """A tensor of one float."""
    return _int(2, FLOAT) + _bytes(8, name.encode()) + _bytes(9, raw)


def _value(name: str, channels: int) -> bytes:
    """A tensor of any number of pictures of any height and width."""
    sizes = (_bytes(2, b"n"), _int(1, channels), _bytes(2, b"height"), _bytes(2, b"width"))
    shape = b"".join(_bytes(1, size) for size in sizes)
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, _int(1, UINT8) + _bytes(2, shape)))


def _bytes(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _int(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    return bytes([*written, value])
