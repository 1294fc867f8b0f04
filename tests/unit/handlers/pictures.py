"""Pictures as people upload them, good and bad, as bytes."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms
from skimage import data

COLOUR = Image.fromarray(data.astronaut()[:120, :160])  # 160 x 120
GLASS = Image.merge("RGBA", (*COLOUR.split(), Image.new("L", COLOUR.size, 128)))
GREY_16 = Image.new("I;16", (160, 120), 40_000)
ICC = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
ORIENTATION = 0x0112


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Encode with Pillow."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def turned(orientation: int, kind: str = "JPEG") -> bytes:
    """Encode a picture as a camera that was held differently does."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(COLOUR, kind, exif=exif)


def animated(kind: str) -> bytes:
    """Encode two frames."""
    other = Image.new("RGB", COLOUR.size, "red")
    return encoded(COLOUR, kind, save_all=True, append_images=[other], duration=100)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_of(width: int, height: int, *, depth: int = 8, colour: int = 2, rows: bytes = b"") -> bytes:
    """Build a PNG from its header and the rows that are really there."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png_16_bit_colour() -> bytes:
    """Build what Pillow cannot write: 16 bits in each of three channels."""
    return png_of(16, 16, depth=16, rows=(b"\x00" + b"\x12\x34" * 48) * 16)


def tiff_of_many_directories(count: int) -> bytes:
    """Chain directories with one entry each behind a picture: a file of 2 MB that claims a hundred thousand pages."""
    picture = encoded(COLOUR, "TIFF")
    (first,) = struct.unpack_from("<I", picture, 4)
    (entries,) = struct.unpack_from("<H", picture, first)
    link = first + 2 + 12 * entries
    start, size = len(picture), 2 + 12 + 4
    following = [start + number * size for number in range(1, count)] + [0]
    pages = [struct.pack("<HHHIII", 1, 256, 4, 1, 16, offset) for offset in following]
    return picture[:link] + struct.pack("<I", start) + picture[link + 4 :] + b"".join(pages)
