"""Artwork of a mark, as somebody sent it: judged by its content before it is kept."""

import hashlib
import tempfile
from pathlib import Path

from PIL import Image

from handlers.picture_file import eight_bits, inspect_file
from schemas.asset import Inspection, MediaType
from schemas.errors import BadInput
from schemas.mark import ARTWORK


def inspect_artwork(data: bytes) -> Inspection:
    """Look at artwork: a PNG whose transparency is the shape of the mark.

    Without transparency the mark is what differs from the median colour of its four corners.

    Raises
    ------
    BadInput
        If it is no PNG, too large or too small, damaged, or shows nothing.
    """
    if len(data) > ARTWORK.max_bytes:
        limit = ARTWORK.max_bytes / (1 << 20)
        raise BadInput(f"The artwork has {len(data):,} bytes; {limit:g} MiB are allowed.", code="too_many_bytes")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "artwork"
        path.write_bytes(data)
        inspection = inspect_file(path, len(data), hashlib.sha256(data).hexdigest(), ARTWORK)
        if inspection.media_type is not MediaType.PNG:
            kind = inspection.media_type.extension.upper()
            raise BadInput(f"The artwork is a {kind}; save it as PNG, best with transparency.", code="artwork_type")
        with Image.open(path, formats=["PNG"]) as picture:
            _check_it_shows_something(picture)
    return inspection


def _check_it_shows_something(picture: Image.Image) -> None:
    seen = eight_bits(picture).convert("RGBA")
    if seen.getchannel("A").getbbox() is None:
        raise BadInput("The artwork is transparent all over: there is no mark to see.", code="blank_artwork")
    if seen.getcolors(1) is not None:
        raise BadInput(
            "The artwork is one colour all over and has no shape: draw the mark on a transparent ground.",
            code="blank_artwork",
        )
