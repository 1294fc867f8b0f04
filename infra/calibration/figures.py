"""How well a confidence ranks errors and keeps its word. Arrays are ``(n,)``: confidence 0..1, and whether good."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas import agreement

Confidences = NDArray[np.float64]
Goods = NDArray[np.bool_]

BINS = 10


def auroc(confidence: Confidences, good: Goods) -> float | None:
    """Give the chance that a good one has more confidence than a bad one; ``None`` where there is only one sort."""
    return agreement.auroc(list(zip(confidence.tolist(), good.tolist(), strict=True)))


@dataclass(frozen=True)
class Bin:
    """Confidences that lie together: how many, their mean, and the share that was good."""

    count: int
    confidence: float
    good: float


def bins(confidence: Confidences, good: Goods) -> list[Bin]:
    """Sort into ``BINS`` of equal width; empty ones are left out."""
    number = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        Bin(int(own.sum()), float(confidence[own].mean()), float(good[own].mean()))
        for index in range(BINS)
        if (own := number == index).any()
    ]


def calibration_error(confidence: Confidences, good: Goods) -> float:
    """Give the expected calibration error (Naeini et al., AAAI 2015): mean distance of word and share, by counts.

    Of nothing at all it is 0.
    """
    if not len(good):
        return 0.0
    return agreement.calibration_error(list(zip(confidence.tolist(), good.tolist(), strict=True)))


def review_share(confidence: Confidences, good: Goods, caught: float = 0.95) -> float | None:
    """Give the share of the good that go to people when the threshold is set so that this share of the bad does."""
    bad = np.sort(confidence[~good])
    if not bad.size or not good.any():
        return None
    threshold = bad[int(np.ceil(caught * bad.size)) - 1]
    return float((confidence[good] <= threshold).mean())


def burden(confidence: Confidences, good: Goods) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the curve of review: share of the bad that is caught, and of the good that is sent, at every threshold."""
    order = np.argsort(confidence, kind="stable")
    bad = np.cumsum(~good[order]) / max(1, int((~good).sum()))
    fine = np.cumsum(good[order]) / max(1, int(good.sum()))
    start = np.zeros(1)
    return np.concatenate([start, bad]), np.concatenate([start, fine])
