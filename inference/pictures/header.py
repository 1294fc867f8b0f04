"""What is known before a pixel is decoded, and what is refused on that ground."""

import io
import struct
import zlib

from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from schemas.asset import Limits, MediaType
from schemas.errors import BadInput

# Pillow's guard is one number for the whole process. `open_checked` refuses by the limits of each call instead, which
# are lower for uploads than for what an upscaler has made of them.
Image.MAX_IMAGE_PIXELS = None

_MAGIC = {
    b"\xff\xd8\xff": MediaType.JPEG,
    b"\x89PNG\r\n\x1a\n": MediaType.PNG,
    b"II*\x00": MediaType.TIFF,
    b"MM\x00*": MediaType.TIFF,
    b"BM": MediaType.BMP,
    b"GIF87a": MediaType.GIF,
    b"GIF89a": MediaType.GIF,
}
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, TypeError, KeyError, IndexError)
"""What Pillow's readers raise on broken files."""

_BITS_PER_SAMPLE, _PHOTOMETRIC = 258, 262
_BLACK_IS_ZERO_OR_RGB = (1, 2)


def media_type(data: bytes) -> MediaType:
    """Type of a file by its first bytes.

    Raises
    ------
    BadInput
        ``unknown_type`` when it is none of the accepted ones.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaType.WEBP
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            return kind
    accepted = ", ".join(sorted(kind.name for kind in MediaType))
    raise BadInput(f"This is not a picture of an accepted type ({accepted}).", code="unknown_type")


def open_checked(data: bytes, kind: MediaType, limits: Limits) -> Image.Image:
    """Open a file without decoding it and refuse what is too large, too small or moves.

    Raises
    ------
    BadInput
        ``too_many_bytes``, ``unreadable``, ``too_many_pixels``, ``bad_dimensions`` or ``several_frames``.
    """
    if len(data) > limits.max_bytes:
        raise BadInput(f"The file is larger than {limits.max_bytes:,} bytes.", code="too_many_bytes")
    try:
        image = Image.open(io.BytesIO(data), formats=[kind.name])
    except BROKEN as error:
        raise BadInput("The picture's header is damaged.", code="unreadable") from error
    _check_size(*image.size, limits)
    # A camera's JPEG may carry its preview as a second picture (MPO); Pillow counts that as a frame.
    if kind is not MediaType.JPEG and getattr(image, "n_frames", 1) > 1:
        raise BadInput("Animations and files of several pages are not supported.", code="several_frames")
    return image


def is_deep(image: Image.Image, data: bytes, kind: MediaType) -> bool:
    """Whether an opened file has 16 bits per channel.

    Raises
    ------
    BadInput
        ``unsupported_mode`` for a 16-bit TIFF that is neither RGB nor grey with black as zero.
    """
    if kind is MediaType.PNG:
        return data[24] == 16  # IHDR is always first, and this is its bit depth
    if not isinstance(image, TiffImageFile):
        return False
    if max(image.tag_v2.get(_BITS_PER_SAMPLE, (8,))) != 16:
        return False
    if image.tag_v2.get(_PHOTOMETRIC) not in _BLACK_IS_ZERO_OR_RGB:
        raise BadInput("A 16-bit TIFF has to be RGB or grey.", code="unsupported_mode")
    return True


def _check_size(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.max_pixels:
        message = f"The picture claims {width} x {height} pixels; {limits.max_pixels / 1e6:g} megapixels are allowed."
        raise BadInput(message, code="too_many_pixels")
    if max(width, height) > limits.max_side or min(width, height) < limits.min_side:
        message = f"The picture is {width} x {height}; each side must be {limits.min_side} to {limits.max_side}."
        raise BadInput(message, code="bad_dimensions")
