"""Put an XMP packet into a file without encoding its pixels again."""

import zlib
from pathlib import Path

_JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\x00"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEYWORD = b"XML:com.adobe.xmp"
_METADATA_SEGMENTS = frozenset(range(0xE0, 0xF0))
"""JPEG's APP0 to APP15, which stand before the tables."""
LARGEST = 512 << 20
"""Bytes of a file that is taken into memory. Enlargements beyond that have their credentials alone."""
CAN_EMBED = frozenset({"image/jpeg", "image/png"})
"""What the stages write. Renditions of other types get their packet when they are encoded."""


def with_xmp(data: bytes, media_type: str, packet: bytes) -> bytes:
    """Return a JPEG or PNG with this packet in the place of any that it had.

    What is not built as such a file should be is returned as it is.
    """
    if media_type == "image/jpeg":
        return _into_jpeg(data, packet)
    return _into_png(data, packet) if media_type == "image/png" else data


def embed_xmp(path: Path, media_type: str, packet: bytes) -> None:
    """Do the same with a file on disk; one that is larger than ``LARGEST`` stays without."""
    if path.stat().st_size <= LARGEST:
        path.write_bytes(with_xmp(path.read_bytes(), media_type, packet))


def _into_jpeg(data: bytes, packet: bytes) -> bytes:
    """Write an APP1 segment behind the others (JFIF and EXIF want to be first)."""
    if data[:3] != b"\xff\xd8\xff":
        return data
    kept, place = [data[:2]], 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] in _METADATA_SEGMENTS:
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if not data[place + 4 : end].startswith(_JPEG_HEADER):
            kept.append(data[place:end])
        place = end
    body = _JPEG_HEADER + packet
    kept.append(b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body)
    return b"".join(kept) + data[place:]


def _into_png(data: bytes, packet: bytes) -> bytes:
    """Write an iTXt chunk behind the header (PNG, third edition, 11.3.3.4)."""
    if not data.startswith(_PNG_SIGNATURE):
        return data
    kept, place = [_PNG_SIGNATURE], len(_PNG_SIGNATURE)
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : end - 4]
        if not (kind == b"iTXt" and body.startswith(_PNG_KEYWORD + b"\x00")):
            kept.append(data[place:end])
        if kind == b"IHDR":
            kept.append(_chunk(b"iTXt", _PNG_KEYWORD + b"\x00\x00\x00\x00\x00" + packet))
        place = end
    return b"".join(kept)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
