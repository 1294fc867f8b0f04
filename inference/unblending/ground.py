"""What may lie under a mark, before anything is known of the mark: smooth fills, and how rough the picture is."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import blur
from inference.unblending.ink import Plane

ROUGHNESS_REACH = 12.0
"""Deviation in pixels of the window in which roughness is measured: wide enough to look past a bold stroke."""

TO_YCC = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], np.float32)
"""Rows make luma and the two colour differences, which photographs correlate far less than red, green and blue."""


def smooth_ground(picture: Plane, hidden: Mask) -> Plane:
    """Fill ``hidden`` smoothly by a pyramid of means (push-pull, Gortler et al., SIGGRAPH 1996).

    As near to the truth as Telea's fill under text (23.3 against 23.7 dB), in a hundredth of its time.

    Parameters
    ----------
    picture
        ``(H, W, 3)``; returned unchanged where nothing is hidden.
    """
    known = (~hidden).astype(np.float32)
    levels: list[tuple[Plane, Plane]] = [(picture * known[..., None], known)]
    while min(levels[-1][1].shape) > 2 and (levels[-1][1] < 1e-3).any():
        levels.append((_halved(levels[-1][0]), _halved(levels[-1][1])))
    sums, weight = levels.pop()
    mean = sums / np.maximum(weight, 1e-6)[..., None]
    for sums, weight in reversed(levels):
        coarse = cv2.pyrUp(mean, dstsize=weight.shape[::-1])
        share = np.minimum(weight, 1)[..., None]
        mean = share * sums / np.maximum(weight, 1e-6)[..., None] + (1 - share) * coarse
    return np.where(hidden[..., None], mean, picture).astype(np.float32)


def _halved(values: Plane) -> Plane:
    return np.asarray(cv2.pyrDown(values), np.float32)


def roughness(picture: Plane, hidden: Mask) -> Plane:
    """Measure the mean step between neighbours near each pixel, over what is not hidden.

    Returns
    -------
    ndarray
        ``(H, W, 3)``, levels of luma and of both colour differences.
    """
    ycc = picture @ TO_YCC.T
    known = (~hidden).astype(np.float32)
    steps, count = np.zeros_like(ycc), np.zeros_like(known)
    for axis in (0, 1):
        both = known[1:] * known[:-1] if axis == 0 else known[:, 1:] * known[:, :-1]
        place = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        steps[place] += np.abs(np.diff(ycc, axis=axis)) * both[..., None]
        count[place] += both
    everywhere = steps.sum(axis=(0, 1)) / max(float(count.sum()), 1)
    weight = blur(count, ROUGHNESS_REACH)
    nearby = blur(steps, ROUGHNESS_REACH) / np.maximum(weight, 1e-3)[..., None]
    trust = np.minimum(weight / 0.1, 1)[..., None]
    return np.asarray(trust * nearby + (1 - trust) * everywhere, np.float32)
