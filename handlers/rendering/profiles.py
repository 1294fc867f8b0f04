"""What an ICC profile calls itself (ICC.1:2022, 9.2.41, profileDescriptionTag)."""

import struct

_TAG_TABLE = 128
_LONGEST = 120
_MOST_TAGS = 200


def description(profile: bytes) -> str:
    """Read the description in its first language; what cannot be read is called ``unnamed``."""
    try:
        (count,) = struct.unpack_from(">I", profile, _TAG_TABLE)
        for number in range(min(count, _MOST_TAGS)):
            signature, offset, size = struct.unpack_from(">4sII", profile, _TAG_TABLE + 4 + 12 * number)
            if signature == b"desc":
                return _text(profile[offset : offset + size]) or "unnamed"
    except struct.error:
        pass
    return "unnamed"


def _text(tag: bytes) -> str:
    if tag[:4] == b"mluc":  # version 4: UTF-16 in languages
        length, offset = struct.unpack_from(">II", tag, 20)
        text = tag[offset : offset + length].decode("utf-16-be", "replace")
    else:  # version 2: ASCII
        (length,) = struct.unpack_from(">I", tag, 8)
        text = tag[12 : 12 + length].decode("ascii", "replace")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST]
