"""The checkerboard that stands for: there is nothing here."""

from PIL import Image

_LIGHT, _DARK = 255, 204
_ROWS = 256


def on_checkerboard(picture: Image.Image, cell: int) -> Image.Image:
    """Lay an RGBA picture on a checkerboard with cells of ``cell`` pixels, strip by strip to save memory."""
    shown = Image.new("RGB", picture.size)
    rows = max(2 * cell, _ROWS // (2 * cell) * 2 * cell)  # whole pairs of cells: the strips' boards join
    ground = _board(picture.width, rows, cell)
    for top in range(0, picture.height, rows):
        strip = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        laid = ground.crop((0, 0, *strip.size))
        laid.paste(strip, mask=strip.getchannel("A"))
        shown.paste(laid, (0, top))
    return shown


def _board(width: int, height: int, cell: int) -> Image.Image:
    columns, lines = -(-width // cell), -(-height // cell)
    tones = bytes(_DARK if (x + y) % 2 else _LIGHT for y in range(lines) for x in range(columns))
    board = Image.frombytes("L", (columns, lines), tones)
    board = board.resize((columns * cell, lines * cell), Image.Resampling.NEAREST)
    return board.crop((0, 0, width, height)).convert("RGB")
