"""IPTC's older fields (IIM 4.2) within Photoshop's resources: cut down to those that say whose the picture is."""

import struct

from handlers.rendering.metadata.jpeg import IPTC

_RESOURCE, _IIM = b"8BIM", 0x0404
_RIGHTS = {(1, 90), (2, 80), (2, 85), (2, 110), (2, 115), (2, 116)}
"""Character set; by-line and its title; credit; source; copyright notice."""
_MARK = 0x1C
_EXTENDED = 0x8000


def rights_only(block: bytes) -> bytes | None:
    """Keep the fields that say whose the picture is, in a resource of their own; ``None`` where there are none."""
    fields = b"".join(
        struct.pack(">BBBH", _MARK, record, number, len(value)) + value
        for record, number, value in _fields(_iim(block))
        if (record, number) in _RIGHTS
    )
    if b"\x1c\x02" not in fields:
        return None
    padded = fields + b"\0" * (len(fields) % 2)
    return IPTC + _RESOURCE + struct.pack(">HHI", _IIM, 0, len(fields)) + padded


def _iim(block: bytes) -> bytes:
    """Find the IIM resource; a TIFF holds it bare."""
    if not block.startswith(IPTC):
        return block if block[:1] == bytes([_MARK]) else b""
    place = len(IPTC)
    while block[place : place + 4] == _RESOURCE and place + 7 <= len(block):
        (kind,) = struct.unpack_from(">H", block, place + 4)
        name = block[place + 6] + 1
        place += 6 + name + name % 2
        if place + 4 > len(block):
            break
        (size,) = struct.unpack_from(">I", block, place)
        if kind == _IIM:
            return block[place + 4 : place + 4 + size]
        place += 4 + size + size % 2
    return b""


def _fields(iim: bytes) -> "list[tuple[int, int, bytes]]":
    found, place = [], 0
    while place + 5 <= len(iim) and iim[place] == _MARK:
        record, number, length = struct.unpack_from(">BBH", iim, place + 1)
        if length & _EXTENDED:  # longer than any text that is kept
            break
        found.append((record, number, iim[place + 5 : place + 5 + length]))
        place += 5 + length
    return found
