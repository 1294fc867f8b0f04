"""How strong slopes are in each place of a fill, against what the surroundings let one expect."""

import cv2
import numpy as np

from inference.assessment.smooth import membrane, reduced
from inference.protocols import Mask
from inference.refinement.bands import Plane, distance_outside

RING = 32.0
"""Pixels of surroundings whose variety counts."""

_NEAR = 4.0
"""Pixels, deviation of the neighbourhood in which energies are averaged."""
_UNSEEN = 2.0
"""Squared levels a pixel that nobody sees: noise of a good camera."""
_UPPER, _LOWER = 0.98, 0.1


def slope_energy(luma: Plane) -> Plane:
    """Average squared slopes around each pixel; the natural logarithm, ``(H, W)``. What nobody sees is added."""
    soft = cv2.GaussianBlur(luma, (0, 0), 1.0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.25)
    return np.asarray(np.log(cv2.GaussianBlur(across**2 + down**2, (0, 0), _NEAR) + _UNSEEN), np.float32)


def slope_signals(luma: Plane, hole: Mask) -> tuple[float, float] | None:
    """Compare the energy of slopes in a fill with that around it.

    Returns
    -------
    tuple
        How far the fill departs from a smooth surface through the energies around it, in all but 2 % of the hole; and
        how much those around vary, from the calm to the steep. Both are natural logarithms of ratios of energy. A
        varied neighbourhood may have had anything where the hole is now. ``None`` where nothing is around.
    """
    outside = distance_outside(hole)
    ring = (outside > 1) & (outside <= RING)
    if not ring.any() or not hole.any():
        return None
    energy = slope_energy(luma)
    spread = float(np.quantile(energy[ring], _UPPER) - np.quantile(energy[ring], _LOWER))
    inside, _ = reduced(hole)
    if inside.all():
        return None
    small = cv2.resize(energy, inside.shape[::-1], interpolation=cv2.INTER_AREA)
    expected = membrane(np.dstack([small] * 3).astype(np.float32), inside)[..., 0]
    return float(np.quantile(np.abs(small - expected)[inside], _UPPER)), spread
