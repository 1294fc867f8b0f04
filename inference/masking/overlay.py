"""What makes a mark a mark: one colour at one opacity, laid over whatever was there."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb

FAINTEST_STEP = 5.0
"""Code values. Where an overlay would change the ground by less, nothing can be said: white letters on a white wall."""
_ROUNDS = 3
_NOISE = 1.5  # of a pair's ground, code values: it keeps the slope of a flat ground from being made up


@dataclass(frozen=True)
class Overlay:
    """``inside = opacity * colour + (1 - opacity) * ground``, as fitted to pixels inside of strokes.

    Parameters
    ----------
    colour
        ``(3,)`` code values; outside of 0..255 where the fit is poor.
    opacity
        0..1. On a flat ground it cannot be told from the colour: it is 1 then, and ``colour`` is what is seen.
    step
        ``(3,)``: mean of inside minus ground.
    error
        Root mean square of what the fit leaves, code values.
    spread
        Standard deviation of the ground over the pairs: how much the fit had to explain.
    """

    colour: NDArray[np.float64]
    opacity: float
    step: NDArray[np.float64]
    error: float
    spread: float

    @property
    def contrast(self) -> float:
        """Largest step of a channel against what the fit leaves."""
        return float(np.abs(self.step).max() / (self.error + 1))


def fitted(inside: NDArray[np.float32], ground: NDArray[np.float32]) -> Overlay:
    """Fit the model to pairs by least squares with one slope for all channels; pairs that stand out are dropped.

    Parameters
    ----------
    inside, ground
        ``(N, 3)``, ``N >= 1``: a pixel inside of a stroke, and what the ground is likely to be there.
    """
    kept = np.ones(len(inside), bool)
    for _ in range(_ROUNDS):
        a, b = inside[kept].astype(np.float64), ground[kept].astype(np.float64)
        mean_a, mean_b = a.mean(axis=0), b.mean(axis=0)
        variance = ((b - mean_b) ** 2).sum()
        slope = ((a - mean_a) * (b - mean_b)).sum() / (variance + b.size * _NOISE**2)
        slope = float(np.clip(slope, 0, 1 - _least_opacity(mean_a - mean_b, mean_b)))
        left = np.sqrt((((inside - mean_a) - slope * (ground - mean_b)) ** 2).mean(axis=1))
        kept = left <= 2.5 * np.median(left) + 1
    error = float(np.sqrt((left[kept] ** 2).mean()))
    colour = (mean_a - slope * mean_b) / (1 - slope)
    return Overlay(colour, 1 - slope, mean_a - mean_b, error, float(np.sqrt(variance / b.size)))


def _least_opacity(step: NDArray[np.float64], ground: NDArray[np.float64]) -> float:
    """The opacity at which the strongest channel would need black or white paint; no mark is blacker than black."""
    room = np.where(step > 0, 255 - ground, ground)
    return float(np.clip((np.abs(step) / np.maximum(room, 1)).max(), 0.1, 1))


def evidence(rgb: Rgb, overlay: Overlay, reach: int) -> tuple[NDArray[np.float32], Mask]:
    """How much of the overlay is in each pixel, for strokes up to a width.

    The ground of a channel is estimated by a morphological opening, or a closing where the paint is darker than it.
    Paint changes all channels by its own amount; a bright twig rarely does. So the channel with the least has most say.

    Parameters
    ----------
    rgb
        ``(H, W, 3)``.
    reach
        Pixels; strokes are narrower.

    Returns
    -------
    tuple
        ``(H, W)`` float32 in 0..1.5, about 1 inside of strokes and 0 elsewhere; and where that could be told.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    shares, tolds = [], []
    for channel in range(3):
        values = np.ascontiguousarray(rgb[..., channel])
        operation = cv2.MORPH_OPEN if overlay.step[channel] > 0 else cv2.MORPH_CLOSE
        ground = np.asarray(cv2.morphologyEx(values, operation, kernel), np.float32)
        expected = overlay.opacity * (np.float32(overlay.colour[channel]) - ground)
        expected *= np.sign(overlay.step[channel])
        shares.append(np.abs(values - ground) / np.maximum(expected, FAINTEST_STEP))
        tolds.append(expected >= FAINTEST_STEP)
    told = np.stack(tolds)
    one, two, three = np.where(told, np.stack(shares), np.float32(np.inf))
    low, high = np.minimum(one, two), np.maximum(one, two)
    least, second = np.minimum(low, three), np.maximum(low, np.minimum(high, three))
    second = np.where(np.isfinite(second), second, least)
    share = np.where(np.isfinite(least), (least + second) / 2, 0)
    return np.clip(share, 0, 1.5).astype(np.float32), np.asarray(told.any(axis=0))
