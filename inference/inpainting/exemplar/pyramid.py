"""The picture and its hole at several sizes."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane

TEXTURE_SIGMA = 2.0
"""Pixels over which busyness is averaged: about the patch."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def halved(picture: Plane, hole: Mask) -> tuple[Plane, Mask]:
    """Halve both. A pixel is known where at least two of its four are, and is their average.

    Parameters
    ----------
    picture
        ``(H, W, 3)`` float32; what lies under the hole does not count.
    hole
        ``(H, W)``.
    """
    odd = (0, hole.shape[0] % 2, 0, hole.shape[1] % 2)
    known = cv2.copyMakeBorder((~hole).astype(np.float32), *odd, cv2.BORDER_REPLICATE)
    counted = cv2.copyMakeBorder(picture, *odd, cv2.BORDER_REPLICATE) * known[..., None]
    size = (known.shape[1] // 2, known.shape[0] // 2)
    share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    means = cv2.resize(counted, size, interpolation=cv2.INTER_AREA) / np.maximum(share, 0.25)[..., None]
    return np.asarray(means, np.float32), np.asarray(share < 0.5)


def busyness(picture: Plane, hole: Mask) -> Plane:
    """Average the absolute slopes of the known brightness, across and down.

    Patches are compared by it as well, because by colour alone a smooth patch is the likeliest match of any texture.

    Returns
    -------
    Plane
        ``(H, W, 2)`` float32 levels a pixel; fades out under the hole.
    """
    luma = picture @ LUMA
    known = cv2.erode((~hole).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    weight = np.maximum(_spread(known), 1e-3)
    across = np.abs(np.diff(luma, axis=1, prepend=luma[:, :1]))
    down = np.abs(np.diff(luma, axis=0, prepend=luma[:1]))
    return np.dstack([_spread(across * known) / weight, _spread(down * known) / weight])


def _spread(values: Plane) -> Plane:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), TEXTURE_SIGMA), np.float32)
