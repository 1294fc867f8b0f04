"""Structure pass: no seam. Works in a narrow band along the border of the hole."""

from inference.protocols import Mask
from inference.refinement.bands import Plane
from inference.refinement.rim import take_out_step


def close_seam(picture: Plane, hole: Mask, *, strength: float = 1.0) -> Plane:
    """Let the fill meet its surroundings at the border; ``(H, W, 3)`` float32 levels in and out."""
    corrected = take_out_step(picture, hole, layer=1.5, sigma=2.5, reach=7.0)
    return picture + strength * (corrected - picture)
