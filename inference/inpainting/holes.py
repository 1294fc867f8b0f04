"""What every inpainter asks of a hole before it starts."""

import numpy as np

from inference.protocols import Mask, Rgb
from inference.refinement.bands import depth_inside, distance_outside
from schemas.errors import BadInput


def blank(rgb: Rgb, hole: Mask) -> Rgb:
    """Copy ``rgb`` with one colour, the mean of the known pixels, under the hole.

    No inpainter is given the unwanted thing at all, because not all of them ignore it: OpenCV's FSR_BEST was seen
    to give other bytes for other values under the mask.

    Raises
    ------
    BadInput
        ``mask_size`` if the two differ in size, ``mask_covers_everything`` if no pixel is known.
    """
    if hole.shape != rgb.shape[:2]:
        raise BadInput("The mask must have the size of the picture.", code="mask_size")
    if hole.all():
        raise BadInput("The mask leaves nothing to fill the hole from.", code="mask_covers_everything")
    blanked = rgb.copy()
    blanked[hole] = np.rint(rgb[~hole].mean(axis=0)).astype(np.uint8)
    return blanked


def widths(hole: Mask) -> np.ndarray:
    """Measure how wide the hole is around each of its pixels.

    Returns
    -------
    ndarray
        ``(H, W)`` float32, pixels: diameter of the largest disc around the pixel that lies in the hole, 0 outside the
        hole. The border of the picture is not known ground: a hole that touches it counts as wider than it looks.
    """
    return np.maximum(2 * depth_inside(hole) - 1, 0)


def areas(hole: Mask, wider_than: float) -> Mask:
    """Select the parts of the hole in which a disc of ``wider_than`` pixels fits, with their corners.

    Width is judged where it is, not once for a connected part: letters run together, and a wire may hang on a balloon.
    """
    centres = widths(hole) > wider_than
    if not centres.any():
        return centres
    to_centre = distance_outside(centres)
    # A disc leaves out the corner of a square by 0.21 of its diameter, hence 0.71; two pixels more for rounding.
    return hole & (to_centre <= 0.71 * wider_than + 2)
