"""Marks as a studio would register them, drawn with Pillow alone: letters, a ring, shapes, two inks, a soft shadow."""

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 480
"""Pixels of the longer side of an artwork."""
WHITE, BLACK, RED, TEAL = (255, 255, 255, 255), (15, 15, 15, 255), (206, 41, 57, 255), (24, 128, 140, 255)


def letters() -> Image.Image:
    """White letters in one line."""
    image = _blank(SIDE, 110)
    ImageDraw.Draw(image).text((SIDE / 2, 55), "NORTH & CO", WHITE, _font(74), anchor="mm")
    return image


def ring() -> Image.Image:
    """Dark letters in a ring."""
    image = _blank(SIDE, SIDE)
    draw = ImageDraw.Draw(image)
    draw.ellipse((16, 16, SIDE - 16, SIDE - 16), outline=BLACK, width=34)
    draw.text((SIDE / 2, SIDE / 2), "Qr", BLACK, _font(220), anchor="mm")
    return image


def shapes() -> Image.Image:
    """Solid shapes without a letter: little more than their outline can be recognised."""
    image = _blank(SIDE, 300)
    draw = ImageDraw.Draw(image)
    draw.polygon([(20, 280), (150, 30), (280, 280)], fill=WHITE)
    draw.polygon([(230, 280), (330, 120), (430, 280)], fill=WHITE)
    draw.ellipse((360, 20, 440, 100), fill=WHITE)
    return image


def two_inks() -> Image.Image:
    """Letters on a coloured plate, beside a disc of another colour."""
    image = _blank(SIDE, 160)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((140, 20, SIDE - 10, 140), 24, fill=TEAL)
    draw.text((305, 80), "harbour", WHITE, _font(66), anchor="mm")
    draw.ellipse((10, 20, 130, 140), fill=RED)
    return image


def shadowed() -> Image.Image:
    """White letters over their own soft shadow."""
    image = _blank(SIDE, 150)
    ImageDraw.Draw(image).text((SIDE / 2 + 5, 80), "Lumen", BLACK, _font(110), anchor="mm")
    image = image.filter(ImageFilter.GaussianBlur(4))
    ImageDraw.Draw(image).text((SIDE / 2, 74), "Lumen", WHITE, _font(110), anchor="mm")
    return image


ARTWORKS: dict[str, Callable[[], Image.Image]] = {
    "letters": letters,
    "ring": ring,
    "shapes": shapes,
    "inks": two_inks,
    "shadow": shadowed,
}


def _blank(width: int, height: int) -> Image.Image:
    return Image.new("RGBA", (width, height), (0, 0, 0, 0))


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font: what a bench draws must not hang on the machine's fonts."""
    return ImageFont.load_default(size)
