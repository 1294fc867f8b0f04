"""What a file is, found out from its content: type, size, orientation, whether it decodes at all.

Limits are checked on the header, before a pixel is decoded: a few kilobytes can claim to be gigabytes.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from schemas.asset import Inspection, Limits, MediaType
from schemas.errors import BadInput

_TYPES = {
    "JPEG": MediaType.JPEG,
    "MPO": MediaType.JPEG,  # cameras write a JPEG with further views behind it; the first is the picture
    "PNG": MediaType.PNG,
    "WEBP": MediaType.WEBP,
    "TIFF": MediaType.TIFF,
    "BMP": MediaType.BMP,
    "GIF": MediaType.GIF,
}
_OPENERS = [name for name in _TYPES if name != "MPO"]  # JPEG's opener recognises MPO itself
_MASK_OPENERS = ["PNG", "JPEG", "WEBP", "TIFF", "BMP"]
# What Pillow's readers raise on damaged files. The last four came out of files with a few bytes changed.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    OverflowError,
    TypeError,
    KeyError,
    struct.error,
    zlib.error,
)
_ORIENTATION = 0x0112
_GLANCE = 2048
"""Pixels a side that are looked at for lines: a line of one pixel in 30,000 keeps a fifteenth of its contrast."""
_FAINTEST_LINE = 8
"""Of 255, between the darkest and the lightest place: JPEG's noise on white paper stays below it."""
_SIXTEEN_BIT_MODES = ("I;16", "I;16B", "I;16L", "I;16N")
# What the models can read; floating point, 32 bits and Lab are not among it.
_MODES = (
    *_SIXTEEN_BIT_MODES,
    *("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"),
)


def inspect_file(path: Path, size_bytes: int, sha256: str, limits: Limits) -> Inspection:
    """Inspect a file on disk.

    Raises
    ------
    BadInput
        If it is empty, of a type or mode we do not take, animated, too large or too small, or does not decode to its
        end.
    """
    if size_bytes == 0:
        raise BadInput("The file is empty.", code="empty")
    try:
        with _opened(path, _OPENERS) as picture:
            _check_header(picture, limits)
            inspection = _describe(picture, path, size_bytes, sha256)
            _prove_it_decodes(picture)
    except UnidentifiedImageError:
        raise BadInput(
            "The file is not a picture we can read (JPEG, PNG, WebP, TIFF, BMP or GIF).", code="unknown_type"
        ) from None
    except _BROKEN as error:
        raise BadInput("The picture is damaged or cut off: it does not decode to its end.", code="truncated") from error
    return inspection


def size_of(path: Path) -> tuple[int, int] | None:
    """Width and height from a file's header, ``None`` if it is not a picture."""
    try:
        with _opened(path, _MASK_OPENERS) as picture:
            return picture.size
    except _BROKEN:
        return None


def media_type_of(path: Path) -> MediaType | None:
    """Tell the type of a picture from its header, ``None`` if it is none that we take."""
    try:
        with _opened(path, _OPENERS) as picture:
            return _TYPES.get(picture.format or "")
    except _BROKEN:
        return None


def xmp_of(path: Path) -> bytes | None:
    """Read the XMP packet of a picture as it stands there, ``None`` if it has none or is no picture."""
    try:
        with _opened(path, _OPENERS) as picture:
            found = picture.info.get("xmp")
    except _BROKEN:
        return None
    return found if isinstance(found, bytes) else None


def is_blank(path: Path) -> bool:
    """Whether a picture that decodes shows nothing but one tone, transparent parts taken as white paper."""
    with _opened(path, _OPENERS) as picture:
        picture.thumbnail((_GLANCE, _GLANCE))
        ground = Image.new("RGBA", picture.size, "white")
        tones = Image.alpha_composite(ground, eight_bits(picture).convert("RGBA")).convert("L").histogram()
    seen = [tone for tone, count in enumerate(tones) if count]
    return seen[-1] - seen[0] < _FAINTEST_LINE


def eight_bits(picture: Image.Image) -> Image.Image:
    """Pillow cuts 16-bit greys off at 255 where it converts them; they are scaled instead."""
    if picture.mode in _SIXTEEN_BIT_MODES:
        return picture.convert("I").point(lambda value: value / 257).convert("L")
    return picture


@contextmanager
def opened_within(path: Path, limits: Limits) -> Iterator[Image.Image]:
    """Open a picture whose header keeps the limits; what goes wrong inside, such as decoding it, is put into words.

    Raises
    ------
    BadInput
        If it is no picture, is one that we do not take, or is damaged.
    """
    try:
        with _opened(path, _OPENERS) as picture:
            _check_header(picture, limits)
            yield picture
    except UnidentifiedImageError:
        raise BadInput("The file is not a picture we can read.", code="unknown_type") from None
    except _BROKEN as error:
        raise BadInput("The picture is damaged: it does not decode to its end.", code="truncated") from error


def upright_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height of an opened picture once it is upright; a TIFF tells them from the start."""
    width, height = picture.size
    return (width, height) if turn_of(picture) < 5 else (height, width)


def turn_of(picture: Image.Image) -> int:
    """EXIF orientation that is still to be applied, 1..8. Pillow turns a TIFF by itself when it decodes it."""
    orientation = picture.getexif().get(_ORIENTATION, 1)
    return orientation if orientation in range(1, 9) and picture.format != "TIFF" else 1


@contextmanager
def _opened(path: Path, formats: list[str]) -> Iterator[Image.Image]:
    # Our own limit is checked right after opening; Pillow's would raise a different error at another size.
    Image.MAX_IMAGE_PIXELS = None
    with warnings.catch_warnings(action="ignore"), Image.open(path, formats=formats) as picture:
        yield picture


def _check_header(picture: Image.Image, limits: Limits) -> None:
    width, height = picture.size
    if width * height > limits.max_pixels:
        raise BadInput(
            f"The picture claims {width} x {height} pixels; {limits.max_pixels / 1e6:g} megapixels are allowed.",
            code="too_many_pixels",
        )
    if max(width, height) > limits.max_side or min(width, height) < limits.min_side:
        raise BadInput(
            f"The picture is {width} x {height} pixels; each side must be {limits.min_side} to {limits.max_side}.",
            code="bad_dimensions",
        )
    # Not `n_frames`: that walks through all of them, and a TIFF can chain millions of empty directories.
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise BadInput("The file is animated or has several pages; send one picture a file.", code="several_frames")
    if picture.mode not in _MODES:
        raise BadInput(
            f"Pictures of mode {picture.mode} are not supported; save it as 8 or 16-bit RGB or grey.",
            code="unsupported_mode",
        )


def _describe(picture: Image.Image, path: Path, size_bytes: int, sha256: str) -> Inspection:
    orientation = picture.getexif().get(_ORIENTATION, 1)
    orientation = orientation if orientation in range(1, 9) else 1
    width, height = upright_size(picture)
    return Inspection(
        media_type=_TYPES[str(picture.format)],
        width=width,
        height=height,
        size_bytes=size_bytes,
        sha256=sha256,
        bit_depth=16 if _is_sixteen_bit(picture, path) else 8,
        mode=picture.mode,
        orientation=orientation,
        has_alpha=picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info,
        has_icc_profile=bool(picture.info.get("icc_profile")),
    )


def _is_sixteen_bit(picture: Image.Image, path: Path) -> bool:
    """Pillow hides the depth of 16-bit colour PNGs behind an 8-bit mode, so their header is asked itself."""
    if picture.mode in _SIXTEEN_BIT_MODES:
        return True
    if picture.format == "PNG":
        with path.open("rb") as file:
            header = file.read(25)
        return header[24] == 16
    if picture.format == "TIFF":
        bits = picture.tag_v2.get(258, (8,))  # type: ignore[attr-defined]
        return 16 in (bits if isinstance(bits, tuple) else (bits,))
    return False


def _prove_it_decodes(picture: Image.Image) -> None:
    """Decode once. A JPEG is decoded at an eighth of its size: every byte is still read, at a 64th of the memory."""
    if picture.format in ("JPEG", "MPO"):
        picture.draft(None, (max(1, picture.width // 8), max(1, picture.height // 8)))
    picture.load()
