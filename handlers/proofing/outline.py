"""The mask as a layer over a picture: its inside tinted, its edge drawn."""

from PIL import Image

from handlers.proofing.heat import layer
from handlers.proofing.spreading import spread

_ACCENT = (255, 0, 140)
_TINT = 80
_WIDTH = 2
"""Pixels of the outline, which lies outside of the mask: what was replaced stays visible up to its edge."""


def overlay_of(mask: Image.Image) -> Image.Image:
    """Draw a mask of 0 and 255, at its own size."""
    indices = spread(mask, _WIDTH).point([0] * 255 + [2])
    indices.paste(1, mask=mask)
    return layer(indices, [(0, 0, 0, 0), (*_ACCENT, _TINT), (*_ACCENT, 255)])
