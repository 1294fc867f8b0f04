"""Structure pass: no seam. Works in a narrow band along the border of the hole."""

from inference.protocols import Mask
from inference.refinement.bands import Plane
from inference.refinement.rim import border_step, take_out


def close_seam(picture: Plane, hole: Mask, *, strength: float = 1.0) -> Plane:
    """Let the fill meet its surroundings at the border; ``(H, W, 3)`` float32 levels in and out."""
    step = border_step(picture, hole, layer=1.5, sigma=2.5)
    return take_out(strength * step, picture, hole, reach=7.0)
