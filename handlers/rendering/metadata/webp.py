"""The chunks of a WebP that hold metadata: taken out and put in without touching a pixel. RFC 9649."""

import struct
from collections.abc import Iterator

from handlers.rendering.metadata.jpeg import EXIF

_HEADER = 12
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04


def rewritten(data: bytes, exif: bytes | None, xmp: bytes | None) -> bytes:
    """Replace all metadata of a WebP by these blocks. One in the simple format has none, and is not given any.

    Raises
    ------
    ValueError
        If its chunks do not hold together.
    """
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"VP8X":
        return data
    header = bytearray(chunks[0][1])
    header[0] &= ~(_EXIF_FLAG | _XMP_FLAG) & 0xFF
    header[0] |= (_EXIF_FLAG if exif else 0) | (_XMP_FLAG if xmp else 0)
    kept = [(kind, body) for kind, body in chunks[1:] if kind not in (b"EXIF", b"XMP ")]
    blocks = [(b"EXIF", exif.removeprefix(EXIF)) if exif else None, (b"XMP ", xmp) if xmp else None]
    body = b"".join(_chunk(*each) for each in [(b"VP8X", bytes(header)), *kept, *(block for block in blocks if block)])
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if data[:4] != b"RIFF" or data[8:_HEADER] != b"WEBP":
        raise ValueError("no WebP")
    place, end = _HEADER, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while place + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, place)
        if place + 8 + length > end:
            raise ValueError("a WebP's chunk is longer than the file")
        yield kind, data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
