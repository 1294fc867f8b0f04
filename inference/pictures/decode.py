"""Bytes from outside to a picture, or to a sentence that says what is wrong with them."""

import io
from collections.abc import Callable
from typing import Any, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from inference.pictures.exif import kept_exif, orientation
from inference.pictures.header import BROKEN, is_deep, media_type, open_checked
from inference.pictures.picture import Picture
from inference.pictures.strips import strips
from inference.protocols import Samples
from schemas.asset import Limits, MediaType
from schemas.errors import BadInput

_GRAY_MODES = ("1", "L", "LA", "La", "I;16", "I;16B", "I;16L", "I;16N")
_PLAIN_MODES = (*_GRAY_MODES, "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr")


def decode(data: bytes, limits: Limits | None = None) -> Picture:
    """Decode one still picture and turn it upright.

    The type is known by content. The size is checked before pixels are decoded. 8-bit files go through Pillow,
    16-bit PNG and TIFF through OpenCV, because Pillow has no 16-bit RGB. Palettes and bilevel pictures become RGB and
    grey; CMYK becomes sRGB through its own ICC profile, and by Pillow's plain formula where it has none.

    Parameters
    ----------
    data
        The file.
    limits
        What is refused; the project's defaults when not given.

    Raises
    ------
    BadInput
        ``unknown_type``, ``unreadable``, ``truncated``, ``too_many_bytes``, ``too_many_pixels``, ``bad_dimensions``,
        ``several_frames`` or ``unsupported_mode``.
    """
    return _reading(data, limits, _decode_opened)


def decode_gray(data: bytes, limits: Limits | None = None) -> NDArray[np.uint8] | None:
    """Decode an 8-bit grey picture without transparency to ``(H, W)``, upright; ``None`` for any other picture.

    Most masks are such pictures, and in three channels they would take three times the memory.

    Raises
    ------
    BadInput
        See ``decode``.
    """

    def gray(image: Image.Image, data: bytes, kind: MediaType) -> NDArray[np.uint8] | None:
        if image.mode not in ("1", "L") or "transparency" in image.info or is_deep(image, data, kind):
            return None
        turn = 1 if kind is MediaType.TIFF else orientation(image)
        return cast(NDArray[np.uint8], np.ascontiguousarray(_upright(_samples(_plain(image, None)[0]), turn)))

    return _reading(data, limits, gray)


T = TypeVar("T")


def _reading(data: bytes, limits: Limits | None, read: Callable[[Image.Image, bytes, MediaType], T]) -> T:
    """Open a file, let ``read`` decode it, and put what goes wrong into words."""
    kind = media_type(data)
    with open_checked(data, kind, limits or Limits()) as image:
        try:
            return read(image, data, kind)
        except BROKEN as error:
            raise _refusal(error) from error
        except MemoryError as error:
            raise BadInput("The picture asks for more memory than its size explains.", code="unreadable") from error


def _decode_opened(image: Image.Image, data: bytes, kind: MediaType) -> Picture:
    if image.mode not in _PLAIN_MODES:
        message = f"Pictures of mode {image.mode} are not supported; save it as 8 or 16-bit RGB or grey."
        raise BadInput(message, code="unsupported_mode")
    # Both libraries turn a TIFF upright by themselves while they decode it, and nothing else.
    turn = 1 if kind is MediaType.TIFF else orientation(image)
    exif = kept_exif(image, kind)
    icc = image.info.get("icc_profile") or None
    was_gray = image.mode in _GRAY_MODES
    if is_deep(image, data, kind):
        _prove_whole(data, kind)
        samples: Samples = _deep_samples(data)
    else:
        image, icc = _plain(image, icc)
        samples = _samples(image)
    pixels, alpha = _split(_upright(samples, turn))
    return Picture(pixels, alpha, icc, exif, was_gray, kind)


def _prove_whole(data: bytes, kind: MediaType) -> None:
    """Let Pillow decode a file and forget it: OpenCV, which reads 16 bits, fills missing rows with grey."""
    with Image.open(io.BytesIO(data), formats=[kind.name]) as image:
        image.load()


def _samples(image: Image.Image) -> NDArray[np.uint8]:
    """``(H, W)`` or ``(H, W, C)`` of a picture in L, LA, RGB or RGBA, strip by strip."""
    channels = len(image.getbands())
    out = np.empty((image.height, image.width, channels), np.uint8)
    # In one piece Pillow hands a picture over by way of two copies: 360 MB more for 60 megapixels.
    for rows in strips(image.height):
        strip = np.asarray(image.crop((0, rows.start, image.width, rows.stop)))
        out[rows] = strip.reshape(rows.stop - rows.start, image.width, channels)
    return out[..., 0] if channels == 1 else out


def _plain(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    """To L, LA, RGB or RGBA, with the profile that fits the result."""
    if image.mode == "CMYK":
        return _from_cmyk(image, icc)
    see_through = "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa")
    # A palette goes straight to RGBA: through RGB the transparent index would lose its meaning.
    mode = ("L" if image.mode in _GRAY_MODES else "RGB") + ("A" if see_through else "")
    return (image if image.mode == mode else image.convert(mode)), icc


def _from_cmyk(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    if icc is None:
        return image.convert("RGB"), None
    srgb = ImageCms.createProfile("sRGB")
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        rgb = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
    except ImageCms.PyCMSError:
        return image.convert("RGB"), None
    return cast(Image.Image, rgb), ImageCms.ImageCmsProfile(srgb).tobytes()


def _deep_samples(data: bytes) -> NDArray[np.uint16]:
    samples = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if samples is None or samples.dtype != np.uint16:
        raise BadInput("This 16-bit picture cannot be decoded; save it as RGB or grey.", code="unreadable")
    if samples.ndim == 2:
        return cast(NDArray[np.uint16], samples)
    if samples.shape[2] >= 3:
        for rows in strips(samples.shape[0]):  # from BGR, in place
            strip = samples[rows]
            strip[..., [0, 2]] = strip[..., [2, 0]]
    return cast(NDArray[np.uint16], samples)


def _upright(samples: Samples, turn: int) -> Samples:
    """Apply an EXIF orientation (Exif 2.32, tag 274) to ``(H, W)`` or ``(H, W, C)``."""
    if turn in (2, 3):
        samples = samples[:, ::-1]
    if turn in (3, 4):
        samples = samples[::-1]
    if turn >= 5:
        samples = samples.swapaxes(0, 1)
    if turn in (6, 7):
        samples = samples[:, ::-1]
    if turn in (7, 8):
        samples = samples[::-1]
    return samples


def _split(samples: NDArray[Any]) -> tuple[Samples, Samples | None]:
    """Colour and alpha, each C-contiguous; grey is spread over three channels."""
    channels = 1 if samples.ndim == 2 else samples.shape[2]
    alpha = np.ascontiguousarray(samples[..., -1]) if channels in (2, 4) else None
    if channels < 3:
        colour = cv2.cvtColor(np.ascontiguousarray(samples if channels == 1 else samples[..., 0]), cv2.COLOR_GRAY2RGB)
    else:
        colour = np.ascontiguousarray(samples[..., :3])
    return cast(Samples, colour), alpha


def _refusal(error: Exception) -> BadInput:
    text = str(error).lower()
    if "truncated" in text or "unexpected end" in text or isinstance(error, EOFError):
        return BadInput("The picture ends too early; upload it again.", code="truncated")
    return BadInput("The picture is damaged and cannot be decoded.", code="unreadable")
