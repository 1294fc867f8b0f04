"""scikit-image's own photographs, and one person cut out of them."""

from pathlib import Path

import skimage.data
from PIL import Image, ImageDraw, ImageFilter

_ASTRONAUT_OUTLINE = (
    (224, 14), (262, 18), (290, 36), (302, 66), (300, 104), (282, 124), (272, 138), (270, 160), (292, 178), (306, 204),
    (308, 238), (336, 252), (356, 284), (362, 330), (364, 352), (390, 344), (424, 346), (460, 364), (484, 396),
    (494, 436), (510, 440), (511, 511), (28, 511), (24, 470), (24, 420), (38, 330), (52, 286), (78, 262), (118, 230),
    (114, 190), (128, 162), (158, 148), (184, 154), (186, 130), (166, 120), (154, 92), (156, 62), (172, 34), (196, 20),
)  # fmt: skip
"""Around the astronaut of ``skimage.data.astronaut()``: x, y in pixels of that 512 x 512 photograph."""


def load(file: str) -> Image.Image:
    """Open one of the photographs that lie inside the scikit-image wheel, as RGB. Nothing is downloaded."""
    with Image.open(Path(skimage.data.__file__).parent / file) as photo:
        return photo.convert("RGB")


def astronaut_cutout(height: int) -> Image.Image:
    """Cut the astronaut out; RGBA with a soft edge, ``height`` pixels high. The lower edge is the photograph's own."""
    photo = load("astronaut.png")
    outline = Image.new("L", photo.size, 0)
    ImageDraw.Draw(outline).polygon(_ASTRONAUT_OUTLINE, fill=255)
    photo.putalpha(outline.filter(ImageFilter.GaussianBlur(2)))
    left, top, right, bottom = photo.getbbox(alpha_only=True) or (0, 0, *photo.size)
    cutout = photo.crop((left, top, right, bottom))
    return cutout.resize((round(cutout.width * height / cutout.height), height), Image.Resampling.LANCZOS)
