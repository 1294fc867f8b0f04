"""A GIF without what it tells beside its picture: comments, and blocks of programs (XMP among them). GIF89a."""

from collections.abc import Iterator

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_COMMENT, _PROGRAM = 0xFE, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def silent(data: bytes) -> bytes:
    """Take them out; what makes up the picture stays to the byte.

    Raises
    ------
    ValueError
        If its blocks do not hold together.
    """
    return b"".join(_parts(data))


def _parts(data: bytes) -> Iterator[bytes]:
    if data[:6] not in (b"GIF87a", b"GIF89a") or len(data) < 13:
        raise ValueError("no GIF")
    place = 13 + _table(data[10])
    yield data[:place]
    while place < len(data) and data[place] != _END:
        begin, kind = place, data[place]
        if kind == _IMAGE and begin + 10 <= len(data):
            place = _after_blocks(data, begin + 10 + _table(data[begin + 9]) + 1)
            yield data[begin:place]
        elif kind == _EXTENSION and begin + 3 <= len(data):
            place = _after_blocks(data, begin + 2)
            label = data[begin + 1]
            told = label == _COMMENT or (label == _PROGRAM and data[begin + 3 : begin + 14] not in _LOOPS)
            if not told:
                yield data[begin:place]
        else:
            raise ValueError("no block of a GIF begins so")
    yield bytes([_END])


def _table(flags: int) -> int:
    """Bytes of a colour table."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    while place < len(data) and data[place]:
        place += data[place] + 1
    if place >= len(data):
        raise ValueError("a GIF's block is longer than the file")
    return place + 1
