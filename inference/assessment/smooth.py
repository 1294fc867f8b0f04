"""How far a fill is from the smoothest surface through its surroundings: the more of it was invented, the farther."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb
from inference.refinement.bands import around

LONGEST = 96
"""Pixels to which the longer side of a hole is reduced: slow colours are all that is compared."""
SIGMA = 6.0
"""Pixels of the picture: deviation of the blur that makes colours slow."""

_ROUNDS = 30
_LEAST_SIDE = 8


def smooth_delta(result: Rgb, hole: Mask) -> float:
    """Average CIE76 delta E over the hole between slow colours of the fill and of a smooth surface.

    The surface is pulled out of the surroundings by push-pull (Gortler et al., The Lumigraph, SIGGRAPH 1996) and
    relaxed to what a membrane would be.

    Parameters
    ----------
    result
        ``(H, W, 3)`` uint8 with the hole and its surroundings.
    hole
        ``(H, W)``, neither empty nor full.
    """
    inside, factor = reduced(hole)
    if inside.all():
        return 0.0
    small = cv2.resize(result, inside.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32)
    sigma = max(0.8, SIGMA * factor)
    apart = slow_lab(small, sigma) - slow_lab(membrane(small, inside), sigma)
    return float(np.linalg.norm(apart, axis=2)[inside].mean())


def reduced(hole: Mask) -> tuple[Mask, float]:
    """Bring a hole to a size at which its longer side has ``LONGEST`` pixels at most; and by which factor that is.

    What is partly in it is in it.
    """
    place = around(hole, 0)
    longest = max(place[0].stop - place[0].start, place[1].stop - place[1].start)
    factor = min(1.0, LONGEST / longest)
    size = (max(_LEAST_SIDE, round(hole.shape[1] * factor)), max(_LEAST_SIDE, round(hole.shape[0] * factor)))
    return np.asarray(cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0), factor


def membrane(levels: NDArray[np.float32], hole: Mask) -> NDArray[np.float32]:
    """Fill a hole with a smooth surface, ``(H, W, 3)`` float32."""
    known = (~hole).astype(np.float32)
    finer = [(levels * known[..., None], known)]
    while min(finer[-1][1].shape) > 2 and (finer[-1][1] < 0.5).any():
        finer.append((_down(finer[-1][0]), _down(finer[-1][1])))
    sums, weight = finer[-1]
    surface = sums / np.maximum(weight, 1e-4)[..., None]
    for sums, weight in finer[-2::-1]:
        coarse = cv2.pyrUp(surface, dstsize=(sums.shape[1], sums.shape[0]))
        share = np.minimum(weight, 1)[..., None]
        surface = sums / np.maximum(weight, 1e-4)[..., None] * share + coarse * (1 - share)
    for _ in range(_ROUNDS):
        surface[hole] = cv2.blur(surface, (3, 3))[hole]
    return np.asarray(surface, np.float32)


def _down(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.pyrDown(plane), np.float32)


def slow_lab(levels: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Give CIE L*a*b* of ``(H, W, 3)`` levels 0..255 without what changes within ``sigma`` pixels."""
    lab = cv2.cvtColor(np.clip(levels, 0, 255) / np.float32(255), cv2.COLOR_RGB2Lab)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), sigma), np.float32)
