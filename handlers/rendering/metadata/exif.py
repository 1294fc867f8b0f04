"""EXIF cut down: without a place, or to the two entries that say whose the picture is. Exif 2.32, TIFF 6.0."""

import struct

from handlers.rendering.metadata.jpeg import EXIF

_GPS, _ORIENTATION = 0x8825, 0x0112
_RIGHTS = (0x013B, 0x8298)
"""Artist and Copyright."""
_ASCII, _SHORT, _ENTRY = 2, 3, 12
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_LONGEST = 2000


def turned(block: bytes, orientation: int) -> bytes | None:
    """Say how the picture is turned, and forget the thumbnail, which shows what was there before."""
    return _changed(block, orientation, drop=())


def without_place(block: bytes, orientation: int) -> bytes | None:
    """Take out the GPS directory with all that it holds; every other byte stays where it is. Turned, as above."""
    return _changed(block, orientation, drop=(_GPS,))


def rights_only(block: bytes, orientation: int) -> bytes | None:
    """Write a block of nothing but Artist, Copyright and orientation; ``None`` where that says nothing."""
    body, order, directory = _opened(block)
    if body is None:
        return None
    texts = {}
    for tag, kind, count, place in _entries(body, order, directory):
        if tag in _RIGHTS and kind == _ASCII and 0 < count <= _LONGEST:
            texts[tag] = _value(body, order, place, count)
    return _written(texts, orientation) if texts or orientation > 1 else None


def _written(texts: dict[int, bytes], orientation: int) -> bytes:
    """A directory of an orientation and ASCII entries, sorted by tag as TIFF wants them."""
    start = 8 + 2 + _ENTRY * (len(texts) + 1) + 4
    head, values = struct.pack("<HHHIHH", len(texts) + 1, _ORIENTATION, _SHORT, 1, orientation, 0), b""
    for tag in sorted(texts):
        text = texts[tag].rstrip(b"\0") + b"\0"
        if len(text) <= 4:
            head += struct.pack("<HHI", tag, _ASCII, len(text)) + text.ljust(4, b"\0")
        else:
            head += struct.pack("<HHII", tag, _ASCII, len(text), start + len(values))
            values += text + b"\0" * (len(text) % 2)
    return EXIF + b"II*\x00" + struct.pack("<I", 8) + head + struct.pack("<I", 0) + values


def _changed(block: bytes, orientation: int, drop: tuple[int, ...]) -> bytes | None:
    body, order, directory = _opened(block)
    if body is None:
        return None
    try:
        (count,) = struct.unpack_from(f"{order}H", body, directory)
        end = directory + 2 + _ENTRY * count
        entries = [bytes(body[at : at + _ENTRY]) for at in range(directory + 2, end, _ENTRY)]
        kept = []
        for entry in entries:
            tag, _, _ = struct.unpack_from(f"{order}HHI", entry)
            if tag in drop:
                _erase(body, order, struct.unpack_from(f"{order}I", entry, 8)[0])
                continue
            if tag == _ORIENTATION:
                entry = struct.pack(f"{order}HHIHH", tag, _SHORT, 1, orientation, 0)  # noqa: PLW2901
            kept.append(entry)
        written = struct.pack(f"{order}H", len(kept)) + b"".join(kept) + bytes(4)  # and no second directory
        body[directory : end + 4] = written.ljust(end + 4 - directory, b"\0")
    except struct.error:
        return None
    return EXIF + bytes(body)


def _erase(body: bytearray, order: str, directory: int) -> None:
    """Overwrite a directory and the values that it points at."""
    try:
        for _, kind, count, place in list(_entries(body, order, directory)):
            size = _SIZES.get(kind, 1) * count
            if size > 4:
                (offset,) = struct.unpack_from(f"{order}I", body, place)
                body[offset : offset + size] = bytes(len(body[offset : offset + size]))
        (count,) = struct.unpack_from(f"{order}H", body, directory)
        end = min(len(body), directory + 2 + _ENTRY * count + 4)
        body[directory:end] = bytes(end - directory)
    except struct.error:
        return


def _opened(block: bytes) -> tuple[bytearray | None, str, int]:
    body = bytearray(block.removeprefix(EXIF))
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(bytes(body[:4]))
    if order is None or len(body) < 14:
        return None, "", 0
    (directory,) = struct.unpack_from(f"{order}I", body, 4)
    return (body, order, directory) if 8 <= directory <= len(body) - 6 else (None, "", 0)


def _entries(body: bytearray, order: str, directory: int) -> "list[tuple[int, int, int, int]]":
    """Tag, kind, count, and where the value or its offset stands."""
    try:
        (count,) = struct.unpack_from(f"{order}H", body, directory)
        places = range(directory + 2, directory + 2 + _ENTRY * count, _ENTRY)
        return [(*struct.unpack_from(f"{order}HHI", body, at), at + 8) for at in places]
    except struct.error:
        return []


def _value(body: bytearray, order: str, place: int, count: int) -> bytes:
    if count <= 4:
        return bytes(body[place : place + count])
    (offset,) = struct.unpack_from(f"{order}I", body, place)
    return bytes(body[offset : offset + count])
