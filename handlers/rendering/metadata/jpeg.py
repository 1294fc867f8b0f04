"""The segments of a JPEG that hold metadata: taken out and put in without touching a coefficient."""

import struct
from collections.abc import Iterator

EXIF = b"Exif\x00\x00"
IPTC = b"Photoshop 3.0\x00"
XMP = b"http://ns.adobe.com/xap/1.0/\x00"
MORE_XMP = b"http://ns.adobe.com/xmp/extension/\x00"
LARGEST = 65_533
"""Bytes of a segment's content."""
_START, _SCAN, _COMMENT = b"\xff\xd8", 0xDA, 0xFE
_APP1, _APP2, _APP13, _FINISH = 0xE1, 0xE2, 0xED, 0xD9
_NO_LENGTH = (0x00, 0x01, *range(0xD0, 0xD9))
"""What stands behind 0xFF within a scan: a stuffed zero, restarts."""
_VIEWS = b"MPF\x00"


def with_exif(data: bytes, block: bytes) -> bytes:
    """Put an EXIF block into a JPEG that has none."""
    return _START + segment(_APP1, block) + data[2:]


def rewritten(data: bytes, exif: bytes | None, iptc: bytes | None, xmp: bytes | None) -> bytes:
    """Replace all metadata of a JPEG by these blocks, comments included; a block that is too long is left out.

    Profile, colour transform (Adobe), credentials (APP11) and everything that is decoded stay. Further views behind the
    picture, which have metadata of their own, do not.

    Raises
    ------
    ValueError
        If its segments do not hold together.
    """
    kept, rest = [], b""
    for marker, content, place in segments(data):
        if marker == _SCAN:
            rest = data[place : _end(data, place)]
        elif not _is_metadata(marker, content):
            kept.append((marker, content))
    wanted = [(_APP1, exif), (_APP13, iptc), (_APP1, XMP + xmp if xmp else None)]
    blocks = [segment(marker, block) for marker, block in wanted if block and len(block) <= LARGEST]
    # JFIF's segment stays the first, where readers look for it.
    first = [segment(*each) for each in kept if each[0] == 0xE0]
    others = [segment(*each) for each in kept if each[0] != 0xE0]
    return _START + b"".join([*first, *blocks, *others]) + rest


def segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Walk over the segments up to the first scan: marker, content, and where it begins.

    Raises
    ------
    ValueError
        If one says that it is longer than the file.
    """
    place = 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            raise ValueError("a JPEG's segment begins with 0xFF")
        marker = data[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        if length < 2 or place + 2 + length > len(data):
            raise ValueError("a JPEG's segment is longer than the file")
        yield marker, data[place + 4 : place + 2 + length], place
        if marker == _SCAN:
            return
        place += 2 + length
    raise ValueError("a JPEG without a scan")


def segment(marker: int, content: bytes) -> bytes:
    """Write one segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def _is_metadata(marker: int, content: bytes) -> bool:
    told: dict[int, tuple[bytes, ...]] = {_APP1: (EXIF, XMP, MORE_XMP), _APP2: (_VIEWS,), _APP13: (IPTC,)}
    return marker == _COMMENT or content.startswith(told.get(marker, ()))


def _end(data: bytes, place: int) -> int:
    """Where the picture ends whose first scan begins at ``place``; the file's end where nothing says so."""
    while 0 <= place < len(data) - 1:
        marker = data[place + 1]
        if marker == _FINISH:
            return place + 2
        if marker in _NO_LENGTH:
            place += 2
        elif marker == 0xFF:
            place += 1
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4])
        place = data.find(b"\xff", place)
    return len(data)
