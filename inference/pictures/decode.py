"""Bytes from outside to a picture, or to a sentence that says what is wrong with them."""

import io
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from inference.pictures.exif import kept_exif, orientation
from inference.pictures.header import BROKEN, is_deep, media_type, open_checked
from inference.pictures.picture import Picture, Samples
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
    limits = limits or Limits()
    kind = media_type(data)
    with open_checked(data, kind, limits) as image:
        try:
            return _decode_opened(image, data, kind)
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
    image.load()  # also for 16 bits, where it only proves that the file is whole: OpenCV fills missing rows with grey
    was_gray = image.mode in _GRAY_MODES
    if is_deep(image, data, kind):
        samples = _deep_samples(data)
    else:
        image, icc = _plain(image, icc)
        samples = np.asarray(image)
    pixels, alpha = _split(_upright(samples, turn))
    return Picture(pixels, alpha, icc, exif, was_gray, kind)


def _plain(image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    """To L, LA, RGB or RGBA, with the profile that fits the result."""
    if image.mode == "CMYK":
        return _from_cmyk(image, icc)
    see_through = "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa")
    if image.mode in _GRAY_MODES:
        return image.convert("LA" if see_through else "L"), icc
    if image.mode == "P" and see_through:
        # Straight to RGBA: through RGB the transparent index would lose its meaning.
        return image.convert("RGBA"), icc
    return image.convert("RGBA" if see_through else "RGB"), icc


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
    order = [2, 1, 0, 3][: samples.shape[2]] if samples.shape[2] >= 3 else [0, 1]
    return cast(NDArray[np.uint16], samples[..., order])


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


def _split(samples: Samples) -> tuple[Samples, Samples | None]:
    """Colour and alpha, each C-contiguous; grey is spread over three channels."""
    if samples.ndim == 2:
        samples = samples[..., None]
    channels = samples.shape[2]
    colour = samples[..., :3] if channels >= 3 else np.repeat(samples[..., :1], 3, axis=2)
    alpha = np.array(samples[..., -1], order="C") if channels in (2, 4) else None
    return cast(Samples, np.array(colour, order="C")), cast(Samples | None, alpha)


def _refusal(error: Exception) -> BadInput:
    text = str(error).lower()
    if "truncated" in text or "unexpected end" in text or isinstance(error, EOFError):
        return BadInput("The picture ends too early; upload it again.", code="truncated")
    return BadInput("The picture is damaged and cannot be decoded.", code="unreadable")
