"""A net fills at the size it was made for; a larger crop gets structure from there and detail from itself."""

from collections.abc import Callable

import cv2
import numpy as np

from inference.inpainting.detail import borrowed_detail
from inference.inpainting.holes import blank
from inference.protocols import Mask, Rgb

Fill = Callable[[Rgb, Mask], Rgb]
"""Takes a picture and its hole, gives the picture with the hole filled."""


def at_working_size(rgb: Rgb, hole: Mask, side: int, fill: Fill) -> Rgb:
    """Fill ``hole`` with a net that sees at most ``side`` pixels along the longer side.

    A net that is given more than it was trained on repeats itself or blurs; enlarged from its own size it would be
    soft beside a sharp picture. So the fill is made small, enlarged, and what is finer than the small picture can hold
    is borrowed from those parts of the picture that look like the fill there.

    Raises
    ------
    BadInput
        ``mask_size`` or ``mask_covers_everything``.
    """
    known = blank(rgb, hole)
    if max(hole.shape) <= side:
        return np.where(hole[..., None], fill(known, hole), rgb)
    scale = side / max(hole.shape)
    size = max(1, round(hole.shape[1] * scale)), max(1, round(hole.shape[0] * scale))
    small = np.asarray(cv2.resize(known, size, interpolation=cv2.INTER_AREA), np.uint8)
    touched = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
    if touched.all():  # a rim thinner than a small pixel: only the full size still knows something
        return np.where(hole[..., None], fill(known, hole), rgb)
    filled = fill(small, touched)
    coarse = enlarged(filled, hole.shape)
    made = coarse + borrowed_detail(rgb, hole, filled, touched)
    return np.where(hole[..., None], np.rint(made).clip(0, 255).astype(np.uint8), rgb)


def enlarged(small: Rgb, shape: tuple[int, ...]) -> np.ndarray:
    """Enlarge smoothly, ``(H, W, 3)`` float32."""
    return np.asarray(cv2.resize(small.astype(np.float32), shape[1::-1], interpolation=cv2.INTER_CUBIC))
