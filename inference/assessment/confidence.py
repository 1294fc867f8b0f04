"""A confidence from a few monotone terms. It ranks; it is not calibrated yet, and says so."""

import cv2
import numpy as np

from inference.protocols import Mask
from inference.refinement.bands import Plane, distance_outside
from schemas.signals import Signals


def complexity(luma: Plane, hole: Mask) -> float:
    """Measure how much structure surrounds the hole: deviation, in levels, of slow brightness in a ring as wide."""
    outside = distance_outside(hole)
    ring = (outside > 0) & (outside <= 32)
    slow = cv2.GaussianBlur(luma, (0, 0), 2.0)
    gradient = np.hypot(cv2.Sobel(slow, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(slow, cv2.CV_32F, 0, 1, scale=0.125))
    return float(gradient[ring].mean()) if ring.any() else 0.0


def confidence_native(signals: Signals, structure: float) -> float:
    """Estimate whether a careful person would accept the edit, 0..1. Uncalibrated.

    Doubts add up: a wide hole before structured surroundings, a visible seam, a tint, grain that does not match.
    """
    doubt = 0.02 * signals.widest_hole * (0.3 + structure / 6)
    doubt += 0.5 * abs(np.log(signals.seam_ratio or 1))
    doubt += 0.05 * (signals.ring_colour_delta or 0)
    doubt += 0.3 * abs(np.log(signals.noise_ratio or 1))
    return float(np.exp(-doubt * 0.5))


def confidence_upscaled(consistency: float) -> float:
    """Trust an enlargement that reduces to the picture it was made from: half at 28 dB, 0.98 at 36 dB. Uncalibrated."""
    return float(1 / (1 + np.exp(-(consistency - 28) / 2)))
