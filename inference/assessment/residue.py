"""What still shows of a mark that was computed away: its outline, in the result."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane

OUTLINE = 0.35
"""Share of the mark's steep steps from which a pixel lies on its outline."""
BESIDE = 4
"""Pixels around the outline that it is compared with."""
PLACE = 64
"""Pixels a side of a place: a mark mostly stays in a part of a picture only. Of places of 32 to 96 pixels none ranked
better than another by more than 0.02 of AUROC; over the whole mark at once it was 0.13 worse."""

_STEEP = 0.95
_CALM = 1.0
_LEAST = 30
_SHARE = 0.03


def residue(before: Plane, after: Plane, hole: Mask) -> float | None:
    """Compare the result's steps on the mark's outline with those right beside it, where they differ most.

    A mark that was taken off too weakly or too strongly leaves its outline standing, as if it were engraved.

    Parameters
    ----------
    before, after
        ``(H, W)`` luminance, levels 0..255, of the source and of the result.

    Returns
    -------
    float
        Natural logarithm of the ratio of mean steps in the worst place; about 0.5 where nothing of the outline shows.
        ``None`` where there is hardly any outline.
    """
    near = cv2.dilate(hole.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    taken, left = _steps(before - after), _steps(after)
    strong = float(np.quantile(taken[near], _STEEP)) if near.any() else 0.0
    outline = near & (taken >= max(OUTLINE * strong, 1.0))
    around = cv2.dilate(outline.astype(np.uint8), np.ones((2 * BESIDE + 1, 2 * BESIDE + 1), np.uint8)) > 0
    beside = around & ~(cv2.dilate(outline.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
    on, off = _share(outline), _share(beside)
    known = outline & (on > _SHARE) & (off > _SHARE)
    if np.count_nonzero(known) < _LEAST:
        return None
    standing = _share(left * outline)[known] / on[known] + _CALM
    return float(np.log(standing / (_share(left * beside)[known] / off[known] + _CALM)).max())


def _share(values: Mask | Plane) -> Plane:
    """Average over places."""
    return np.asarray(cv2.blur(values.astype(np.float32), (PLACE, PLACE)), np.float32)


def _steps(levels: Plane) -> Plane:
    """Steps to the next pixels, levels."""
    across, down = cv2.Sobel(levels, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(levels, cv2.CV_32F, 0, 1, scale=0.25)
    return np.asarray(np.hypot(across, down), np.float32)
