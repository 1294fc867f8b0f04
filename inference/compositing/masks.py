"""From any mask that people make to a hard generation mask."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.pictures import Picture
from inference.protocols import Mask
from schemas.errors import BadInput

THRESHOLD = 8
"""Of 255. Low on purpose: the soft rim of a painted mask still shows the unwanted thing (3 % of it at this value)."""

_OPAQUE = 255


def mask_values(picture: Picture) -> NDArray[np.uint8]:
    """``(H, W)`` uint8 of a decoded mask file: white and opaque means replace.

    Without transparency the luminance counts (Rec. 601). With transparency, where the colour is the same wherever
    something is painted (strokes on an empty layer, of any colour), the alpha counts alone; else both, multiplied.
    """
    rgb = picture.rgb8()
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    alpha = picture.alpha8()
    if alpha is None or alpha.min() == _OPAQUE:
        return np.asarray(gray)
    painted = rgb[alpha > 0]
    if painted.size == 0 or np.ptp(painted, axis=0).max() == 0:
        return alpha
    return np.asarray(cv2.multiply(gray, alpha, scale=1 / _OPAQUE))


def check_same_size(mask: NDArray[np.generic], width: int, height: int) -> None:
    """Refuse a mask that belongs to another picture.

    Raises
    ------
    BadInput
        ``mask_size``, naming both sizes. Guessing a scale would edit the wrong place.
    """
    if mask.shape != (height, width):
        message = f"The mask is {mask.shape[1]} x {mask.shape[0]}, but the picture is {width} x {height}."
        raise BadInput(message, code="mask_size")


def generation_mask(values: NDArray[np.uint8], *, threshold: int = THRESHOLD, grow: int | None = None) -> Mask:
    """Threshold and dilate.

    Parameters
    ----------
    values
        ``(H, W)`` uint8, soft values allowed.
    threshold
        Values from here on are replaced, 1..255.
    grow
        Radius of the dilation in pixels; ``default_growth`` of the picture when not given.

    Returns
    -------
    Mask
        All False where nothing is to be done.

    Raises
    ------
    BadInput
        ``mask_covers_everything`` when no pixel is left to learn from.
    """
    radius = default_growth(*values.shape) if grow is None else grow
    hole = dilate(values >= threshold, radius)
    check_something_is_left(hole)
    return hole


def check_something_is_left(hole: Mask) -> None:
    """Refuse a mask that leaves no surroundings.

    Raises
    ------
    BadInput
        ``mask_covers_everything``.
    """
    if hole.all():
        raise BadInput(
            "The mask covers the whole picture: nothing is left to repair it from.", code="mask_covers_everything"
        )


def default_growth(height: int, width: int) -> int:
    """Dilation for a picture of this size, pixels: 0.2 % of the longer side, 1..12.

    It takes in the antialiased edge and the JPEG ringing of what is removed.
    """
    return int(np.clip(round(0.002 * max(height, width)), 1, 12))


def dilate(mask: Mask, radius: int) -> Mask:
    """Grow by a disc of this radius in pixels."""
    if radius <= 0 or not mask.any():
        return mask.copy()
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return np.asarray(cv2.dilate(mask.astype(np.uint8), disc)).astype(bool)
