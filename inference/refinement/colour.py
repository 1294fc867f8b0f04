"""Colour pass: no tint. Matches low frequencies near the border; the middle of a wide fill keeps its colours."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, smoothstep
from inference.refinement.rim import border_step, take_out
from inference.refinement.tiles import Place, tile_by_tile

NARROWEST = 12.0
"""Pixels of depth below which a hole has no low frequencies of its own: strokes are left to the structure pass."""


_REACH = 40.0
"""Pixels of depth at which the last of a tint is left in; the middle of a wider fill keeps its colours."""


def match_colour(picture: Plane, hole: Mask, *, strength: float = 1.0) -> Plane:
    """Take a tint out of the fill; ``(H, W, 3)`` float32 levels in and out.

    A tint is a step with one sign along the border. Steps that come and go are structure that the fill got wrong, and
    levelling them made the seam of objects 5 % more visible, not less.
    """
    depth = depth_inside(hole)
    deepest = float(depth.max(initial=0))
    if deepest < NARROWEST:
        return picture
    reach = min(deepest, _REACH)
    band = hole & (depth < reach)

    def measured(piece: Plane, inside: Mask, place: Place) -> Plane:
        return border_step(piece, inside, layer=5.0, sigma=12.0)

    step = tile_by_tile(measured, picture, hole, band)
    return take_out(strength * _steadiness(step, hole) * step, picture, hole, reach=reach)


def _steadiness(step: Plane, hole: Mask) -> Plane:
    """Weigh each connected part of the hole and channel: 0 for a step of changing sign, 1 for a steady one."""
    count, labels = cv2.connectedComponents(hole.astype(np.uint8), connectivity=8)
    depth = depth_inside(hole)
    rim = (depth > 0) & (depth < 2)
    parts, steps = labels[rim], step[rim]
    weights = np.zeros((count, 3), np.float32)
    for channel in range(3):
        mean = np.bincount(parts, steps[:, channel], count)
        size = np.bincount(parts, np.abs(steps[:, channel]), count)
        weights[:, channel] = np.abs(mean) / np.maximum(size, 1e-6)
    return np.asarray(smoothstep((weights - 0.7) / 0.3)[labels], np.float32)
