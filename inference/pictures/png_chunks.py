"""ICC profile and EXIF in PNG files, for depths that Pillow does not write."""

import struct
import zlib

from inference.pictures.exif import PREFIX

_AFTER_IHDR = 8 + 4 + 4 + 13 + 4
"""Signature, then IHDR's length, type, data and checksum. Profiles have to stand before PLTE and IDAT."""


def with_metadata(png: bytes | memoryview, icc: bytes | None, exif: bytes | None) -> bytes:
    """Insert ``iCCP`` and ``eXIf`` chunks (PNG third edition, 11.3.2.3 and 11.3.4.5) behind the header."""
    chunks = b""
    if icc:
        chunks += _chunk(b"iCCP", b"ICC Profile\x00\x00" + zlib.compress(icc))
    if exif:
        chunks += _chunk(b"eXIf", exif.removeprefix(PREFIX))
    view = memoryview(png)
    return b"".join([view[:_AFTER_IHDR], chunks, view[_AFTER_IHDR:]])


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
