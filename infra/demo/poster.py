"""The README's picture: before, mask and after of what the demo delivered."""

from collections.abc import Sequence

from PIL import Image, ImageOps

from infra.report.page import Entry
from infra.report.previews import mask_shown, open_upright

_TILE = (363, 242)
_GAP = 8


def poster(entries: Sequence[Entry]) -> Image.Image:
    """Draw a row of three for each delivered picture that has a mask: given, masked, delivered at its native size."""
    rows = [_row(entry) for entry in entries if entry.files]
    return _laid_out([tile for row in rows for tile in row], columns=3)


def _row(entry: Entry) -> list[Image.Image]:
    if entry.mask is None or entry.after is None:
        return []
    before, after = open_upright(entry.before), open_upright(entry.after)
    shown = mask_shown(before, open_upright(entry.mask))
    return [ImageOps.fit(picture, _TILE, Image.Resampling.LANCZOS) for picture in (before, shown, after)]


def _laid_out(tiles: Sequence[Image.Image], *, columns: int) -> Image.Image:
    width, height = _TILE[0] + _GAP, _TILE[1] + _GAP
    rows = -(-len(tiles) // columns)
    canvas = Image.new("RGB", (columns * width + _GAP, rows * height + _GAP), "white")
    for index, tile in enumerate(tiles):
        row, column = divmod(index, columns)
        canvas.paste(tile, (_GAP + column * width, _GAP + row * height))
    return canvas
