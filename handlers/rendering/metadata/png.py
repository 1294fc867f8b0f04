"""The chunks of a PNG that hold metadata: taken out and put in without touching a sample. PNG, third edition."""

import struct
import zlib
from collections.abc import Iterator

from handlers.rendering.metadata.jpeg import EXIF

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TOLD = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_XMP = b"XML:com.adobe.xmp" + bytes(5)


def rewritten(data: bytes, exif: bytes | None, xmp: bytes | None) -> bytes:
    """Replace all metadata of a PNG, texts included, by these blocks. It has no place for IPTC's older fields.

    Raises
    ------
    ValueError
        If its chunks do not hold together.
    """
    blocks = [(b"eXIf", exif.removeprefix(EXIF)) if exif else None, (b"iTXt", _XMP + xmp) if xmp else None]
    out = [_SIGNATURE]
    for kind, whole in _chunks(data):
        if kind not in _TOLD:
            out.append(whole)
        if kind == b"IHDR":
            out += [_chunk(*block) for block in blocks if block]
    return b"".join(out)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    place = len(_SIGNATURE)
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        end = place + 12 + length
        if end > len(data):
            break
        kind = data[place + 4 : place + 8]
        yield kind, data[place:end]
        if kind == b"IEND":
            return
        place = end
    raise ValueError("a PNG without its end")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
