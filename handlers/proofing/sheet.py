"""What stands in the place of a file that cannot be shown."""

from PIL import Image, ImageDraw

_GROUND, _LINE = (232, 232, 232), (150, 150, 150)


def crossed_out(size: tuple[int, int]) -> Image.Image:
    """A grey sheet, crossed out: plainly a sign, and no picture."""
    sheet = Image.new("RGB", size, _GROUND)
    right, bottom = size[0] - 1, size[1] - 1
    pen = ImageDraw.Draw(sheet)
    for line in ((0, 0, right, bottom), (0, bottom, right, 0)):
        pen.line(line, fill=_LINE, width=max(1, min(size) // 80))
    return sheet
