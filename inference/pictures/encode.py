"""Pictures to the bytes that are delivered."""

import io
from dataclasses import replace
from typing import cast

import cv2
import numpy as np
from PIL import Image

from inference.pictures.picture import Picture, to_8_bit
from inference.pictures.png_chunks import with_metadata
from inference.protocols import Samples
from schemas.asset import MediaType
from schemas.errors import BadInput

JPEG_QUALITY = 95
PNG_LEVEL = 1
"""Fast: level 6 takes about six times as long for a tenth less on photographs."""

_NO_CHROMA_SUBSAMPLING = 0
_WHITE = 255


def delivery_format(wanted: str, source: MediaType) -> MediaType:
    """Type of the delivered file.

    ``source`` keeps JPEG and PNG. WebP, TIFF, BMP and GIF become PNG: it holds all that they hold, without loss, and
    every viewer shows it.

    Raises
    ------
    BadInput
        ``unknown_format`` for anything but ``source``, ``png`` and ``jpeg``.
    """
    if wanted == "source":
        return source if source in (MediaType.JPEG, MediaType.PNG) else MediaType.PNG
    try:
        return {"png": MediaType.PNG, "jpeg": MediaType.JPEG}[wanted]
    except KeyError:
        raise BadInput(f"A format is source, png or jpeg; got {wanted!r}.", code="unknown_format") from None


def encode(picture: Picture, media_type: MediaType, *, keep_metadata: bool = True) -> bytes:
    """Encode as PNG (lossless, 8 or 16 bit, with alpha) or JPEG (quality 95, 4:4:4, 8 bit).

    A picture that was grey is written grey while its channels are equal. The ICC profile stays where it fits the
    channels that are written. JPEG knows no transparency: it shows the picture on white.

    Raises
    ------
    ValueError
        For a type that is never delivered.
    """
    if not keep_metadata:
        # A profile is not about the person who took the picture, but about its colours: it always stays.
        picture = replace(picture, exif=None)
    if media_type is MediaType.JPEG:
        return _jpeg(picture)
    if media_type is MediaType.PNG:
        return _deep_png(picture) if picture.deep else _png(picture)
    raise ValueError(f"pictures are delivered as PNG or JPEG, not {media_type}")


def _channels(pixels: Samples, alpha: Samples | None, *, gray: bool) -> Samples:
    """``(H, W)`` or ``(H, W, 2..4)``, as few channels as hold the picture."""
    colour = pixels[..., 0] if gray else pixels
    return cast(Samples, colour if alpha is None else np.dstack([colour, alpha]))


def _is_gray(picture: Picture) -> bool:
    pixels = picture.pixels
    return picture.was_gray and bool(
        np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 1], pixels[..., 2])
    )


def _fitting_profile(picture: Picture, *, gray: bool) -> bytes | None:
    """The profile, if its colour space (ICC.1:2022, header bytes 16..19) is that of the written channels."""
    icc = picture.icc
    return icc if icc and icc[16:20] == (b"GRAY" if gray else b"RGB ") else None


def _jpeg(picture: Picture) -> bytes:
    pixels = to_8_bit(picture.pixels)
    if picture.alpha is not None:
        share = to_8_bit(picture.alpha)[..., None].astype(np.uint16)
        pixels = ((pixels * share + _WHITE * (255 - share) + 127) // 255).astype(np.uint8)
    gray = _is_gray(picture)
    image = Image.fromarray(_channels(pixels, None, gray=gray))
    out = io.BytesIO()
    image.save(
        out,
        "JPEG",
        quality=JPEG_QUALITY,
        subsampling=_NO_CHROMA_SUBSAMPLING,
        icc_profile=_fitting_profile(picture, gray=gray),
        exif=picture.exif or b"",
    )
    return out.getvalue()


def _png(picture: Picture) -> bytes:
    gray = _is_gray(picture)
    image = Image.fromarray(_channels(picture.pixels, picture.alpha, gray=gray))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=PNG_LEVEL)
    return with_metadata(out.getvalue(), _fitting_profile(picture, gray=gray), picture.exif)


def _deep_png(picture: Picture) -> bytes:
    """16 bits through OpenCV, which writes no grey with alpha: that becomes RGBA."""
    gray = _is_gray(picture) and picture.alpha is None
    if gray:
        samples: Samples = picture.pixels[..., 0]
    elif picture.alpha is None:
        samples = cast(Samples, cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2BGR))
    else:
        samples = np.empty((picture.height, picture.width, 4), np.uint16)
        cv2.mixChannels([picture.pixels, picture.alpha], [samples], [0, 2, 1, 1, 2, 0, 3, 3])
    _, png = cv2.imencode(".png", np.ascontiguousarray(samples), [cv2.IMWRITE_PNG_COMPRESSION, PNG_LEVEL])
    del samples
    return with_metadata(png.data, _fitting_profile(picture, gray=gray), picture.exif)
