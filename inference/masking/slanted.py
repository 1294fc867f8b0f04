"""A large slanted word over the picture's middle: which paint it has, and whether paint is what it is."""

from inference.masking.lettering import Lettering, lettering
from inference.masking.lone import TRANSPARENT, LoneMark
from inference.masking.pairs import DARK, LIGHT, readings
from inference.masking.straighten import Straightened
from inference.protocols import Rgb

SLANTED = (8.0, 50.0)
"""Degrees. Level lines are captions and names, steeper ones trunks and poles."""
LEAST_HEIGHT = 20.0
"""Pixels: of smaller letters the strokes are too thin to have an inside."""
EXPLAINED, CONTRAST = 0.48, 5.5
"""Least share of the outline's step that one transparent paint explains, and least contrast of its fit. In clean
photographs what a transparent paint explains has a contrast of 4.9 at most; what has more there is opaque."""
PLAIN = 0.75, 8.0
"""The same, when no other reading of the line needs to be tried."""


def is_large_slanted(mark: LoneMark) -> bool:
    """Whether a line is one that this module is about."""
    return SLANTED[0] <= abs(mark.line.angle) <= SLANTED[1] and mark.line.height >= LEAST_HEIGHT


def slanted_letters(rgb: Rgb, mark: LoneMark, extent: tuple[float, float]) -> Lettering:
    """The letters of a line in the paint that explains them best.

    A line may be read as light, dark, warm or cool strokes, and over busy ground the most convincing reading is not
    always the mark's. Read wrongly, the strokes turn out to be things of the scene, which are opaque.
    """
    line = mark.line
    first = lettering(rgb, line, mark.overlay, mark.pairs.width, extent)
    if is_paint(first) and first.explained >= PLAIN[0] and first.overlay.contrast >= PLAIN[1]:
        return first
    others = readings(Straightened(rgb, line, 0, 0).level)[1:]
    found = [first, *(lettering(rgb, line, pairs.overlay, pairs.width, extent) for pairs in others)]
    return max((letters for letters in found if is_paint(letters)), key=_convincing, default=first)


def is_paint(letters: Lettering) -> bool:
    """Whether one transparent paint of a mark's colour explains letters."""
    overlay = letters.overlay
    usual = overlay.colour.max() >= LIGHT or overlay.colour.max() <= DARK
    explained = letters.explained >= EXPLAINED and overlay.contrast >= CONTRAST
    return bool(usual and explained and overlay.opacity <= TRANSPARENT)


def _convincing(letters: Lettering) -> float:
    return letters.explained * float(letters.overlay.contrast**0.5)
