"""Enough of the protobuf wire format to walk through a file without its schema.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator
from mmap import mmap
from typing import NamedTuple

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10
"""Bytes: 64 bits by seven."""


class Field(NamedTuple):
    """One field of a message. For ``BYTES``, ``start`` and ``end`` bound its content in the file."""

    number: int
    wire: int
    value: int
    start: int
    end: int


def fields(data: mmap | bytes | bytearray, start: int, end: int) -> Iterator[Field]:
    """Go over the fields of a message that fills ``data[start:end]``, skipping over their contents.

    Raises
    ------
    ValueError
        If it is not such a message.
    """
    at = start
    while at < end:
        key, at = _varint(data, at, end)
        number, wire = key >> 3, key & 7
        value, begins = 0, at
        if wire == VARINT:
            value, at = _varint(data, at, end)
        elif wire == BYTES:
            length, begins = _varint(data, at, end)
            at = begins + length
        elif wire in (FIXED32, FIXED64):
            at += 4 if wire == FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire}")
        if not number or at > end:
            raise ValueError("a field that does not fit")
        yield Field(number, wire, value, begins, at)


def _varint(data: mmap | bytes | bytearray, at: int, end: int) -> tuple[int, int]:
    """Read a number of up to 64 bits; return it and where it ends."""
    value = 0
    for place in range(_LONGEST_VARINT):
        if at + place >= end:
            break
        byte = data[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return value, at + place + 1
    raise ValueError("a number that does not end")
