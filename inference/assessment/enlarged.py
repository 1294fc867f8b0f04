"""Whether an edit that passed at native size shows in its enlargement: a net sharpens grain, but not what is smooth."""

import cv2
import numpy as np

from inference.assessment.native import RING, luminance, noise_ratio, seam_ratio, sharpness_ratio
from inference.assessment.texture import strengths, texture_distance
from inference.assessment.window import window
from inference.inpainting.holes import widths
from inference.protocols import Mask, Rgb

LARGEST = 1024
"""Pixels a side of the enlargement that are looked at, around the widest part of the hole: 0.1 s."""


def enlarged_edit(enlarged: Rgb, hole: Mask) -> dict[str, float | None]:
    """Hold the widest part of an edit against its surroundings, both enlarged.

    Parameters
    ----------
    enlarged
        ``(H * scale, W * scale, 3)``.
    hole
        ``(H, W)``, in the native picture.

    Returns
    -------
    dict
        Signals by name, of the enlargement: the same ones as at native size, with a ring that is as many times wider.
        Nothing where the hole is empty or everything.
    """
    if not hole.any() or hole.all():
        return {}
    scale = enlarged.shape[0] / hole.shape[0]
    rows, columns = window(hole, widths(hole), max(round(LARGEST / scale), 1))
    place = tuple(slice(round(span.start * scale), round(span.stop * scale)) for span in (rows, columns))
    luma = luminance(np.ascontiguousarray(enlarged[place]))
    near = hole[rows, columns].astype(np.uint8)
    inside = cv2.resize(near, luma.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
    if inside.all():
        return {}
    return {
        "seam_ratio": seam_ratio(luma, inside, scale),
        "noise_ratio": noise_ratio(luma, inside, RING * scale),
        "sharpness_ratio": sharpness_ratio(luma, inside, RING * scale),
        "texture_distance": texture_distance(strengths(luma), inside, RING * scale),
    }
