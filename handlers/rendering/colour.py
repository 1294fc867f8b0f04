"""Colours between spaces: relative colorimetric with black point compensation, by Little CMS within libvips."""

import pyvips

from handlers.rendering.opening import settled
from handlers.rendering.profiles import description

PROFILE = "icc-profile-data"
_HOW = {"intent": "relative", "black_point_compensation": True, "pcs": "lab"}
_WIDEN = 257
"""8 to 16 bit: 255 * 257 is 65535."""
BUILT_IN = {"srgb": "srgb", "display-p3": "p3"}
"""Profiles of libvips by the names that recipes call them."""
_PLAIN_CMYK = "cmyk"


def profile_of(image: "pyvips.Image") -> bytes | None:
    """ICC profile that a picture carries."""
    return bytes(image.get(PROFILE)) if image.get_typeof(PROFILE) else None


def icc_name(image: "pyvips.Image") -> str | None:
    """What the picture's profile calls itself; ``None`` without one."""
    profile = profile_of(image)
    return description(profile) if profile else None


def is_deep(image: "pyvips.Image") -> bool:
    """Whether it has more than 8 bits per channel."""
    return str(image.format) not in ("uchar", "char")


def to_srgb(image: "pyvips.Image") -> "pyvips.Image":
    """Convert to sRGB with 8 bits, three channels and transparency where there is some; it carries no profile.

    Grey and palettes become RGB. A picture without a profile is taken as sRGB, CMYK without one as libvips' own CMYK.
    16 bits are rounded, not dithered: every format that this is for loses more than half a step of 8 bits.
    """
    return _removed(_to(image, "srgb", 8))


def to_profile(image: "pyvips.Image", name: str, *, deep: bool) -> "pyvips.Image":
    """Convert to a named profile (see ``BUILT_IN``), which the picture then carries."""
    return _to(image, BUILT_IN[name], 16 if deep else 8)


def to_8_bit(image: "pyvips.Image") -> "pyvips.Image":
    """Round 16 bits to 8; the profile stays."""
    if not is_deep(image):
        return image
    plain = {"rgb16": "srgb", "grey16": "b-w"}.get(str(image.interpretation), image.interpretation)
    return (image / _WIDEN).rint().cast("uchar").copy(interpretation=plain)


def flattened(image: "pyvips.Image") -> "pyvips.Image":
    """Show the picture on white where it is transparent."""
    if not image.hasalpha():
        return image
    white = [65_535.0 if is_deep(image) else 255.0]
    return image.flatten(background=white, max_alpha=white[0]).cast(image.format)


def _to(image: "pyvips.Image", name: str, depth: int) -> "pyvips.Image":
    colour, alpha = _split(image)
    made = _converted(colour, name, depth)
    if alpha is None:
        return made
    kept = to_8_bit(alpha) if depth == 8 else (alpha if is_deep(alpha) else (alpha.cast("ushort") * _WIDEN))
    return made.bandjoin(kept.cast(made.format)).copy(interpretation=made.interpretation)


def _converted(colour: "pyvips.Image", name: str, depth: int) -> "pyvips.Image":
    is_cmyk = str(colour.interpretation) == "cmyk"
    if profile_of(colour) is not None:
        try:
            # Evaluated here: a damaged profile is only found out about when it is used.
            return settled(colour.icc_transform(name, embedded=True, depth=depth, **_HOW))
        except pyvips.Error:
            colour = _removed(colour)
    if is_cmyk:
        return colour.icc_transform(name, input_profile=_PLAIN_CMYK, depth=depth, **_HOW)
    plain = to_8_bit(colour).colourspace("srgb") if depth == 8 else colour.colourspace("rgb16")
    if name == "srgb" and depth == 8:
        return plain
    return plain.icc_transform(name, input_profile="srgb", depth=depth, **_HOW)


def _split(image: "pyvips.Image") -> tuple["pyvips.Image", "pyvips.Image | None"]:
    if not image.hasalpha():
        return image, None
    return image.extract_band(0, n=image.bands - 1), image.extract_band(image.bands - 1)


def _removed(image: "pyvips.Image") -> "pyvips.Image":
    plain = image.copy()
    if plain.get_typeof(PROFILE):
        plain.remove(PROFILE)
    return plain
