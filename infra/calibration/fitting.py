"""A logistic regression with a slope for each feature and an offset for each model, and the span it may be asked in."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from inference.assessment.calibration import ENOUGH, Calibration, Family, Span
from infra.calibration.observing import Observation

FEATURES = {
    "filled": ("width", "slopes", "likeness", "texture", "structure", "broken"),
    "measured": ("residue", "structure"),
}
"""What each family is told by. Others were measured and did not help, or changed their sign between two sets of
photographs: docs/judgement.md."""
BETTER_WHEN_HIGH = frozenset({"likeness"})
"""All other features are worse when they are high."""
RIDGE = 2.0
"""Pull of the weights towards 0, in observations at one deviation."""
OFFSET_RIDGE = 8.0
"""The same for a model's own offset: it takes that many observations to leave the family's mean half-way."""
SPAN = (0.002, 0.998)
"""Quantiles of a feature between which there are observations enough."""
LEAST_BAD = 10
"""Bad observations without which no slope can be told; the share of the good ones is all that is claimed then."""

_ROUNDS = 60


def calibrate(observations: Sequence[Observation], photographs: int, version: int, today: date) -> Calibration:
    """Fit every family."""
    families = {}
    for name, features in FEATURES.items():
        own = [each for each in observations if each.measured == (name == "measured")]
        if len(own) >= ENOUGH:
            families[name] = fit(own, features)
    edits = len({each.edit for each in observations})
    return Calibration(version=version, fitted_on=today, photographs=photographs, edits=edits, families=families)


def fit(observations: Sequence[Observation], features: Sequence[str]) -> Family:
    """Fit one family. Where too few were bad to tell a slope, its share of the good is the answer for all.

    A feature that would count for a repair although more of it can only be worse (or the reverse) is left out.
    """
    good = np.array([each.good for each in observations], float)
    counts = dict(sorted(Counter(each.model for each in observations).items()))
    if len(good) - good.sum() < LEAST_BAD or not features:
        return Family(intercept=_log_odds(good), observations=counts)
    whole = [each for each in observations if all(name in each.features for name in features)]
    family = _fitted(whole, features)
    contrary = [name for name, weight in family.weights.items() if weight * (1 if name in BETTER_WHEN_HIGH else -1) < 0]
    if contrary:
        return fit(observations, [name for name in features if name not in contrary])
    return family


def _fitted(observations: Sequence[Observation], features: Sequence[str]) -> Family:
    good = np.array([each.good for each in observations], float)
    values = np.array([[each.features[name] for name in features] for each in observations])
    low, high = np.quantile(values, SPAN, axis=0)
    values = np.clip(values, low, high)
    mean, deviation = values.mean(0), values.std(0) + 1e-9
    counts = Counter(each.model for each in observations)
    models = sorted(counts)
    belongs = np.array([[each.model == model for model in models] for each in observations], float)
    design = np.hstack([np.ones((len(good), 1)), (values - mean) / deviation, belongs])
    pull = np.array([0.0, *[RIDGE] * len(features), *[OFFSET_RIDGE] * len(models)])
    weights = regress(design, good, pull)
    slopes = weights[1 : 1 + len(features)] / deviation
    spans = zip(features, low, high, strict=True)
    return Family(
        intercept=_rounded(weights[0] - slopes @ mean),
        weights=_named(features, slopes),
        spans={name: Span(low=_rounded(a), high=_rounded(b)) for name, a, b in spans},
        offsets=_named(models, weights[1 + len(features) :]),
        observations=dict(sorted(counts.items())),
    )


def regress(design: NDArray[np.float64], good: NDArray[np.float64], pull: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve a penalised logistic regression by Newton's method (iteratively reweighted least squares)."""
    weights = np.zeros(design.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        curvature = design.T @ (design * (chance * (1 - chance))[:, None]) + np.diag(pull + 1e-9)
        step = np.linalg.solve(curvature, design.T @ (good - chance) - pull * weights)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _log_odds(good: NDArray[np.float64]) -> float:
    """Log odds of the share of the good, with half an observation added on each side (Jeffreys)."""
    return _rounded(np.log((good.sum() + 0.5) / (len(good) - good.sum() + 0.5)))


def _named(names: Sequence[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {name: _rounded(value) for name, value in zip(names, values, strict=True)}


def _rounded(value: float) -> float:
    return round(float(value), 4)
