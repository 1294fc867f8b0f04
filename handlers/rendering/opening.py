"""From a file to an upright picture of the size that is wanted, without ever holding more of it than is needed.

Loaders are chosen by the type that was found out before, not by libvips' own guess: a file cannot choose what reads it.
"""

import io
from pathlib import Path

import pyvips
from PIL import Image

from handlers.rendering.metadata import Metadata
from schemas.asset import Limits, MediaType
from schemas.errors import BadInput, PermanentFailure

LIMITS = Limits(max_bytes=2 << 30, max_pixels=400_000_000, max_side=65_535)
"""Of an enlargement, see `inference.stages.job.ENLARGED`; an upload was held against tighter ones when it came."""
_LOADERS = {
    MediaType.JPEG: pyvips.Image.jpegload,
    MediaType.PNG: pyvips.Image.pngload,
    MediaType.WEBP: pyvips.Image.webpload,
    MediaType.TIFF: pyvips.Image.tiffload,
    MediaType.GIF: pyvips.Image.gifload,
}
_SPARE = 2
"""A JPEG that is decoded at a half, a quarter or an eighth keeps at least so many times the pixels that are wanted:
the last step down is a filter's and not the decoder's."""
_IN_MEMORY = 512 << 20
"""Bytes of a decoded picture that is held in memory: 170 megapixels of 8 bits."""
_BYTES = {"uchar": 1, "char": 1, "ushort": 2, "short": 2, "uint": 4, "int": 4, "float": 4, "double": 8}
_TURNED = (5, 6, 7, 8)


def opened(path: Path, kind: MediaType, *, width: int | None = None) -> "pyvips.Image":
    """Open a picture and turn it upright; reduce it to ``width`` pixels, which are never more than it has.

    Profile, depth and transparency stay as they are. Reducing is Lanczos' (3 lobes), on the samples as they are stored
    and weighted by their opacity.

    Raises
    ------
    BadInput
        ``truncated`` if it does not decode to its end.
    PermanentFailure
        ``too_many_pixels`` if it is larger than anything that is made here.
    """
    try:
        image = _loaded(path, kind, width)
        turned = _orientation(image) in _TURNED
        if width is not None:
            size = (image.height, image.width) if turned else (image.width, image.height)
            image = _reduced(image, min(1.0, width / size[0]), turned=turned, width=min(width, size[0]))
        return settled(image).autorot()
    except pyvips.Error as error:
        raise BadInput("The picture does not decode to its end.", code="truncated") from error


def size_of(path: Path, kind: MediaType) -> tuple[int, int]:
    """Width and height of the upright picture, from its header."""
    image = _loaded(path, kind, None)
    return (image.height, image.width) if _orientation(image) in _TURNED else (image.width, image.height)


def metadata_of(path: Path, kind: MediaType) -> Metadata:
    """Read what a file tells beside its pixels."""
    return Metadata.of(_loaded(path, kind, None))


def orientation_of(path: Path, kind: MediaType) -> int:
    """EXIF orientation of the pixels as they are stored."""
    return _orientation(_loaded(path, kind, None))


def reduced(image: "pyvips.Image", width: int) -> "pyvips.Image":
    """Reduce an upright picture further."""
    return image if width >= image.width else _reduced(image, width / image.width, turned=False, width=width)


def settled(image: "pyvips.Image") -> "pyvips.Image":
    """Compute a picture once, so that it can be looked at as often as is wanted: on disk where it is a large one."""
    if image.width * image.height * image.bands * _BYTES[str(image.format)] <= _IN_MEMORY:
        return image.copy_memory()
    kept = pyvips.Image.new_temp_file("%s.v")
    image.write(kept)
    return kept


def _loaded(path: Path, kind: MediaType, width: int | None) -> "pyvips.Image":
    if kind is MediaType.BMP:  # libvips reads none
        image = pyvips.Image.pngload_buffer(_as_png(path))
    else:
        image = _LOADERS[kind](str(path), access="sequential", fail_on="truncated")
    if image.width * image.height > LIMITS.max_pixels:
        raise PermanentFailure("The picture is larger than anything that is delivered.", code="too_many_pixels")
    if kind is MediaType.JPEG and width is not None:
        side = image.height if _orientation(image) in _TURNED else image.width
        shrink = next((by for by in (8, 4, 2) if side >= by * _SPARE * width), 1)
        if shrink > 1:
            image = pyvips.Image.jpegload(str(path), access="sequential", fail_on="truncated", shrink=shrink)
    return image


def _as_png(path: Path) -> bytes:
    out = io.BytesIO()
    with Image.open(path, formats=["BMP"]) as picture:
        picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _orientation(image: "pyvips.Image") -> int:
    return int(image.get("orientation")) if image.get_typeof("orientation") else 1


def _reduced(image: "pyvips.Image", scale: float, *, turned: bool, width: int) -> "pyvips.Image":
    if scale >= 1:
        return image
    across = width if not turned else max(1, round(image.width * scale))
    down = width if turned else max(1, round(image.height * scale))
    steps = {"vscale": down / image.height, "kernel": "lanczos3"}
    if not image.hasalpha():
        return image.resize(across / image.width, **steps)
    seen = image.premultiply().resize(across / image.width, **steps).unpremultiply()
    return seen.cast(image.format).copy(interpretation=image.interpretation)
