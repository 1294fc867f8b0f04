"""How well a confidence ranks errors and keeps its word. Arrays are ``(n,)``: confidence 0..1, and whether good."""

import numpy as np
from numpy.typing import NDArray

from schemas import agreement

Confidences = NDArray[np.float64]
Goods = NDArray[np.bool_]


def auroc(confidence: Confidences, good: Goods) -> float | None:
    """Give the chance that a good one has more confidence than a bad one; ``None`` where there is only one sort."""
    return agreement.auroc(_pairs(confidence, good))


def bins(confidence: Confidences, good: Goods) -> list[agreement.Bin]:
    """Sort by confidence; see :func:`schemas.agreement.bins`."""
    return agreement.bins(_pairs(confidence, good))


def calibration_error(confidence: Confidences, good: Goods) -> float:
    """Give the expected calibration error; see :func:`schemas.agreement.calibration_error`."""
    return agreement.calibration_error(_pairs(confidence, good))


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


def _pairs(confidence: Confidences, good: Goods) -> list[agreement.Pair]:
    return list(zip(confidence.tolist(), good.tolist(), strict=True))
