"""A line of text that stands alone: is it laid over the picture, or part of the scene?"""

from dataclasses import dataclass

import numpy as np

from inference.masking.line import Line
from inference.masking.overlay import Overlay
from inference.masking.pairs import Pairs, readings
from inference.masking.straighten import Straightened
from inference.protocols import Rgb

SURE_OF_TEXT = 0.85
"""Score of the text detector."""
CLEAR = 0.62
"""Between-class share of the variance. Text on a plain ground has 0.8 and more, texture without text about 0.6."""
STEEPEST = 60.0
"""Degrees; marks are read without turning one's head, and trunks and poles are not."""

LEVEL, BORDER, STAMP = 2.5, 0.16, 0.12
"""Captions, stamps and names lie level (degrees), near the upper or lower border (of the height) and are low (of the
picture's shorter side)."""
SLANTED, CENTRED, LONG, LONG_OPAQUE = (8.0, 50.0), 0.2, 0.2, 0.4
"""Slanted marks (degrees) cross the picture's middle (of width and height) and are long (of the width), opaque ones
more so: a word on a cap had 0.33, the face of a parrot 0.27."""

CLEAN, STRONG = 5.5, 20.0
"""Contrast of the step against what the overlay leaves: from the first on a transparent overlay explains the line,
from the second on an opaque one does too. Lettering of the scene has its own light and shade: 5 to 11, and no
transparency."""
TRANSPARENT, UNEVEN = 0.85, 3.0
"""Largest opacity that counts as transparent, and the least standard deviation of the ground that can show it."""
BIASED = 25.0
"""Code values by which an estimated colour may leave 0..255."""


@dataclass(frozen=True)
class LoneMark:
    """A line, what it was drawn with, and how sure that is.

    Parameters
    ----------
    line
        Where.
    pairs
        Its strokes, level.
    overlay
        What they were drawn with.
    """

    line: Line
    pairs: Pairs
    overlay: Overlay


def examined(rgb: Rgb, line: Line) -> LoneMark | None:
    """Look at a line's strokes; ``None`` where it has none."""
    found = readings(Straightened(rgb, line, 0, 0).level)
    return LoneMark(line, found[0], found[0].overlay) if found else None


def is_laid_over(mark: LoneMark, rgb: Rgb) -> bool:
    """Whether a line is a mark and not lettering of the scene."""
    line, overlay = mark.line, mark.overlay
    if line.score < SURE_OF_TEXT or mark.pairs.clearness < CLEAR or abs(line.angle) > STEEPEST:
        return False
    opaque = overlay.opacity > TRANSPARENT and overlay.spread >= UNEVEN
    if is_stamp(line, rgb) or is_across(line, rgb, LONG_OPAQUE if opaque else LONG):
        return True
    in_gamut = bool(np.all((overlay.colour >= -BIASED) & (overlay.colour <= 255 + BIASED)))
    transparent = overlay.opacity <= TRANSPARENT and overlay.spread >= UNEVEN
    return in_gamut and overlay.contrast >= (CLEAN if transparent else STRONG)


def is_stamp(line: Line, rgb: Rgb) -> bool:
    """Whether a line lies where captions, stamps and names in corners do."""
    height, width = rgb.shape[:2]
    y = line.y / height
    return abs(line.angle) <= LEVEL and min(y, 1 - y) <= BORDER and line.height <= STAMP * min(height, width)


def is_across(line: Line, rgb: Rgb, least: float = LONG) -> bool:
    """Whether a line lies as marks across the middle do, and has at least a length (of the picture's width)."""
    height, width = rgb.shape[:2]
    centred = abs(line.x / width - 0.5) <= CENTRED and abs(line.y / height - 0.5) <= CENTRED
    return centred and SLANTED[0] <= abs(line.angle) <= SLANTED[1] and line.length >= least * width
