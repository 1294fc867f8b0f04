"""What still shows of a mark that was computed away: its outline, in the result."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane


def residue(before: Plane, after: Plane, hole: Mask) -> float | None:
    """Correlate the steps of what was taken off with those of the result, -1..1; 0 where nothing of it shows.

    A mark that was taken off too weakly shows as itself, one taken off too strongly as its negative.

    Parameters
    ----------
    before, after
        ``(H, W)`` luminance, levels 0..255, of the source and of the result.
    """
    near = cv2.dilate(hole.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    taken, left = _steps(before - after)[near].ravel(), _steps(after)[near].ravel()
    power = float(np.sqrt((taken @ taken) * (left @ left)))
    return float(taken @ left) / power if power > 0 else None


def _steps(levels: Plane) -> Plane:
    return np.dstack([cv2.Sobel(levels, cv2.CV_32F, 1, 0), cv2.Sobel(levels, cv2.CV_32F, 0, 1)])
