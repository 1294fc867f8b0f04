"""EXIF that may be kept: upright, and without the thumbnail that still shows what was removed."""

import struct

from PIL import ExifTags, Image

from schemas.asset import MediaType

PREFIX = b"Exif\x00\x00"
LARGEST = 65_533
"""What fits into a JPEG's APP1 segment; longer blocks are dropped rather than cut."""

_ORIENTATION = 0x0112
_SHORT = 3
_DESCRIPTIVE = (
    ExifTags.Base.ImageDescription,
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.Software,
    ExifTags.Base.DateTime,
    ExifTags.Base.Artist,
    ExifTags.Base.Copyright,
)


def orientation(image: Image.Image) -> int:
    """EXIF orientation of a file, 1..8; anything else counts as upright."""
    value = image.getexif().get(_ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def kept_exif(image: Image.Image, media_type: MediaType) -> bytes | None:
    """EXIF of a file in the form in which it is delivered, or ``None`` where there is none or it is broken."""
    if media_type is MediaType.TIFF:
        return _descriptive_tags(image)
    raw = image.info.get("exif")
    if not isinstance(raw, bytes) or not raw:
        return None
    block = neutralise(raw.removeprefix(PREFIX))
    return None if block is None or len(block) + len(PREFIX) > LARGEST else PREFIX + block


def neutralise(block: bytes) -> bytes | None:
    """Set the orientation to 1 and unlink the thumbnail, leaving every other byte where it is.

    Rewriting the block would move maker notes, whose offsets count from the start of the block (Exif 2.32, 4.6.2).

    Parameters
    ----------
    block
        A TIFF structure: byte order, 42, offset of the first directory.

    Returns
    -------
    bytes or None
        The same length, or ``None`` when the structure does not hold together.
    """
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(block[:4])
    out = bytearray(block)
    try:
        if order is None:
            return None
        (directory,) = struct.unpack_from(f"{order}I", out, 4)
        (entries,) = struct.unpack_from(f"{order}H", out, directory)
        for place in range(directory + 2, directory + 2 + 12 * entries, 12):
            tag, kind = struct.unpack_from(f"{order}HH", out, place)
            if tag == _ORIENTATION and kind == _SHORT:
                struct.pack_into(f"{order}H", out, place + 8, 1)
            elif tag == _ORIENTATION:
                return None
        struct.pack_into(f"{order}I", out, directory + 2 + 12 * entries, 0)
    except struct.error:
        return None
    return bytes(out)


def _descriptive_tags(image: Image.Image) -> bytes | None:
    """EXIF of a TIFF is the file's own directory: only what describes the photograph may travel on."""
    source, kept = image.getexif(), Image.Exif()
    for tag in _DESCRIPTIVE:
        if tag in source:
            kept[tag] = source[tag]
    block = kept.tobytes() if len(kept) else b""
    return block if 0 < len(block) <= LARGEST else None
