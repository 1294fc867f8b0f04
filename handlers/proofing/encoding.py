"""Pictures to the files that a browser is sent."""

import io
from typing import Any

from PIL import Image

from schemas.proof import AREA_SIDE

OVERVIEW_QUALITY, DETAIL_QUALITY, MINIATURE_QUALITY = 88, 96, 82
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
File = tuple[bytes, str, str]
"""Content, media type, and ending of the name."""


def overview(picture: Image.Image) -> File:
    """JPEG with full colour resolution.

    Its blocks of 8 x 8 pixels are coded each by itself: what is equal in two pictures stays equal when one blinks
    between them. WebP guesses from what lies around, so an edit would change its surroundings too.
    """
    return _encoded(picture, "JPEG", quality=OVERVIEW_QUALITY, subsampling=0, optimize=True), JPEG, "jpg"


def detail(picture: Image.Image) -> File:
    """Without loss, up to the size of a native detail; an enlarged one as a JPEG in which no loss can be seen."""
    if max(picture.size) > AREA_SIDE:
        return _encoded(picture, "JPEG", quality=DETAIL_QUALITY, subsampling=0), JPEG, "jpg"
    # Effort 0: a third of a second less for each than the default, for a twentieth more bytes.
    return _encoded(picture, "WEBP", lossless=True, quality=0, method=0), WEBP, "webp"


def miniature(picture: Image.Image) -> File:
    """JPEG for the eye alone: nothing is compared or measured in it, so colour has half the resolution."""
    return _encoded(picture, "JPEG", quality=MINIATURE_QUALITY, optimize=True, progressive=True), JPEG, "jpg"


def layer(picture: Image.Image) -> File:
    """A picture of few colours, without loss."""
    return _encoded(picture, "PNG", transparency=picture.info["transparency"]), PNG, "png"


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()
