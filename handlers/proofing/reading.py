"""Files of any kind to upright pictures in sRGB, 8 bits a channel, without transparency: what a browser can show."""

import io
from pathlib import Path

from PIL import Image, ImageCms

from handlers.picture_file import eight_bits, opened_within, turn_of, upright_size
from handlers.proofing.checkerboard import on_checkerboard
from schemas.asset import Limits
from schemas.errors import BadInput

LIMITS = Limits(max_bytes=1 << 30, max_pixels=400_000_000, max_side=65_535)
"""What an enlargement may have at most (``inference`` refuses to make a larger one), and a file that fits our disk."""
_MOST_MEMORY = 2_000_000_000
"""Bytes that one decoded picture may take, of the function's 3 GB. Pillow takes four a pixel."""
_MASK_THRESHOLD = 8
"""Of 255: what the models take for a mask's inside."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SPACES = {"L": b"GRAY", "RGB": b"RGB ", "CMYK": b"CMYK"}
"""Colour space that a profile must be of (ICC.1:2022, header bytes 16..19) to fit a picture's mode."""


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of the upright picture, from its header.

    Raises
    ------
    BadInput
        If it is no picture that can be shown.
    """
    with opened_within(path, LIMITS) as picture:
        return upright_size(picture)


def read(path: Path, *, side: int | None = None, cell: int = 16) -> Image.Image:
    """Decode a picture to upright RGB in sRGB.

    Parameters
    ----------
    side
        Longest side that is enough, pixels: a JPEG is then decoded at a half, quarter or eighth of its size.
    cell
        Side of the checkerboard's cells behind what is transparent, pixels.

    Raises
    ------
    BadInput
        If it does not decode, or would take more memory than there is.
    """
    with opened_within(path, LIMITS) as picture:
        see_through = picture.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in picture.info
        if picture.width * picture.height * (8 if see_through else 4) > _MOST_MEMORY:
            raise BadInput("The picture is too large to be shown.", code="too_many_pixels")
        if side and picture.format in ("JPEG", "MPO"):
            # As wide as asked for at least, so that what is reduced from it is as sharp.
            picture.draft(None, (side, side) if max(picture.size) > side else picture.size)
        turn, profile = turn_of(picture), picture.info.get("icc_profile")
        picture.load()
    shown = _in_srgb(_plain(picture, see_through), profile)
    if turn in _TURNS:
        shown = shown.transpose(_TURNS[turn])
    return on_checkerboard(shown, cell) if see_through else shown


def read_mask(path: Path, size: tuple[int, int]) -> Image.Image:
    """Decode a mask to 255 where something was to be replaced, and 0.

    Raises
    ------
    BadInput
        If it does not decode, or belongs to a picture of another size.
    """
    with opened_within(path, LIMITS) as picture:
        if picture.size != size:
            raise BadInput("The mask belongs to another picture.", code="mask_size")
        picture.load()
    return eight_bits(picture).convert("L").point([0] * _MASK_THRESHOLD + [255] * (256 - _MASK_THRESHOLD))


def _plain(picture: Image.Image, see_through: bool) -> Image.Image:
    """To L, RGB or CMYK as the profile means them, or RGBA."""
    picture = eight_bits(picture)
    if see_through:  # a palette goes straight there: through RGB its transparent index would lose its meaning
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    if picture.mode in _SPACES:
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """To RGB or RGBA in sRGB; a profile that is damaged or of another kind of picture is left aside."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    space = _SPACES["RGB" if mode == "RGBA" else picture.mode]
    if profile and profile[16:20] == space:
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            # Through a conversion to itself the values would differ by one from those in the file.
            if "srgb" in ImageCms.getProfileDescription(own).lower():
                return _as(picture, mode)
            srgb = ImageCms.createProfile("sRGB")
            in_place = picture.mode == mode
            converted = ImageCms.profileToProfile(picture, own, srgb, outputMode=mode, inPlace=in_place)
            return converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return _as(picture, mode)


def _as(picture: Image.Image, mode: str) -> Image.Image:
    return picture if picture.mode == mode else picture.convert(mode)  # to its own mode would be a copy
