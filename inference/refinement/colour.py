"""Colour pass: no tint. Matches low frequencies near the border; the middle of a wide fill keeps its colours."""

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside
from inference.refinement.rim import take_out_step

NARROWEST = 12.0
"""Pixels of depth below which a hole has no low frequencies of its own: strokes are left to the structure pass."""


def match_colour(picture: Plane, hole: Mask, *, strength: float = 1.0) -> Plane:
    """Take slow differences of colour out of the fill; ``(H, W, 3)`` float32 levels in and out."""
    deepest = float(depth_inside(hole).max(initial=0))
    if deepest < NARROWEST:
        return picture
    corrected = take_out_step(picture, hole, layer=5.0, sigma=12.0, reach=min(deepest, 40.0))
    return picture + strength * (corrected - picture)
