"""Structure pass: no seam. Works in a narrow band along the border of the hole."""

import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, depth_inside, mean_near, smoothstep
from inference.refinement.jumps import excess_jump, step_at_rim
from inference.refinement.quiet import LUMA
from inference.refinement.tiles import Place, tile_by_tile

REACH = 8.0
"""Depth in pixels within which the fill is bent. Deeper, the fill is as its model made it."""

_WIDER = (1.0, 2.0, 4.0)
"""Deviations in pixels of the means along the rim, and the depths at which each takes over."""


def close_seam(picture: Plane, hole: Mask, *, strength: float = 1.0) -> Plane:
    """Let the fill meet its surroundings at the border; ``(H, W, 3)`` float32 levels in and out.

    Neighbours differ everywhere; a seam is where they differ more across the border than beside it. Only that excess is
    taken out, by a membrane that is pinned at the rim and lets go within :data:`REACH` pixels (Perez et al., SIGGRAPH
    2003). Levelling the whole step left no jump at all, which shows as a line through texture and grain.
    """

    def closed(piece: Plane, inside: Mask, place: Place) -> Plane:
        step, rim = step_at_rim(piece, inside)
        share = excess_jump(piece @ LUMA, inside)
        return piece + strength * _membrane(share[..., None] * step, rim, inside)

    return tile_by_tile(closed, picture, hole, hole & (depth_inside(hole) <= REACH))


def _membrane(step: Plane, rim: Mask, hole: Mask) -> Plane:
    """Spread the steps of the rim into the hole, the deeper the wider and the weaker; 0 outside and below REACH.

    As a solution of Laplace's equation does: fine detail along the rim dies out within its own size. Means of growing
    width are enough for that (Farbman et al., SIGGRAPH Asia 2011).
    """
    depth = depth_inside(hole)
    spread, _ = mean_near(step, rim, _WIDER[0])
    for sigma in _WIDER[1:]:
        wider, _ = mean_near(step, rim, sigma)
        part = smoothstep((depth - sigma) / sigma)[..., None]
        spread = spread * (1 - part) + wider * part
    spread[rim] = step[rim]
    falloff = hole * (1 - smoothstep((depth - 1) / REACH))
    return np.asarray(spread * falloff[..., None], np.float32)
