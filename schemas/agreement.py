"""How well a confidence agrees with people's verdicts, and whether it is time to fit it again. Plain arithmetic."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from schemas.pointers import Document
from schemas.verdict import Verdict

ENOUGH = 100
"""Verdicts below which nothing is advised: with 100, the 95 % interval of a share is still 0.2 wide."""
ENOUGH_OF_EACH = 10
"""Good and bad ones below which a ranking says nothing."""
RANKS_WELL = 0.8
_BINS = 10
_Z = 1.959964
"""Quantile of the normal distribution for 95 %."""

Pair = tuple[float, bool]
"""A confidence 0..1, and whether the result was good as it came."""
By = Literal["all", "model", "recipe"]
Sample = Literal["audit", "review"]


class Agreement(Document):
    """One group of verdicts. What cannot be said is ``None``.

    ``sample`` is ``audit`` for deliveries that chance chose, ``review`` for results that a rule sent to a person.
    """

    sample: Sample
    by: By
    group: str
    count: int
    without_confidence: int
    good: float | None = None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    auroc: float | None = None
    error: float | None = None
    refit: bool = False
    advice: str


def report(verdicts: Iterable[Verdict]) -> list[Agreement]:
    """Group verdicts by model and by recipe, audits apart from reviews.

    A group's ``count`` is of verdicts on results that had a confidence; the others are counted beside it.
    """
    groups: dict[tuple[Sample, By, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        sample: Sample = "audit" if verdict.audited else "review"
        groups[sample, "all", ""].append(verdict)
        groups[sample, "model", verdict.model or "none"].append(verdict)
        groups[sample, "recipe", verdict.recipe].append(verdict)
    return [_agreement(*key, groups[key]) for key in sorted(groups)]


def auroc(pairs: Sequence[Pair]) -> float | None:
    """Give the chance that a good one has more confidence than a bad one; ``None`` where there is only one sort."""
    ordered = sorted(pairs)
    ranks: dict[float, float] = {}
    start = 0
    while start < len(ordered):
        end = start
        while end < len(ordered) and ordered[end][0] == ordered[start][0]:
            end += 1
        ranks[ordered[start][0]] = (start + 1 + end) / 2
        start = end
    good = [ranks[confidence] for confidence, is_good in pairs if is_good]
    bad = len(pairs) - len(good)
    if not good or not bad:
        return None
    return (sum(good) - len(good) * (len(good) + 1) / 2) / (len(good) * bad)


class Bin(Document):
    """Confidences that lie together: how many, their mean, and the share that was good."""

    count: int
    confidence: float
    good: float


def bins(pairs: Sequence[Pair]) -> list[Bin]:
    """Sort into ten bins of equal width, in their order; empty ones are left out."""
    found: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[min(int(pair[0] * _BINS), _BINS - 1)].append(pair)
    return [
        Bin(
            count=len(own),
            confidence=sum(confidence for confidence, _ in own) / len(own),
            good=sum(is_good for _, is_good in own) / len(own),
        )
        for _, own in sorted(found.items())
    ]


def calibration_error(pairs: Sequence[Pair]) -> float:
    """Give the expected calibration error (Naeini et al., AAAI 2015): how far :func:`bins` are off, by their counts.

    Of nothing at all it is 0.
    """
    return sum(each.count * abs(each.confidence - each.good) for each in bins(pairs)) / max(len(pairs), 1)


def wilson(good: int, count: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson, 1927), which also holds near 0 and 1."""
    share, square = good / count, _Z * _Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count * count)) / (1 + square / count)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _agreement(sample: Sample, by: By, group: str, verdicts: Sequence[Verdict]) -> Agreement:
    pairs = [(verdict.confidence, verdict.good) for verdict in verdicts if verdict.confidence is not None]
    count, silent = len(pairs), len(verdicts) - len(pairs)
    if not pairs:
        advice = f"too few: 0 of {ENOUGH}"
        return Agreement(sample=sample, by=by, group=group, count=0, without_confidence=silent, advice=advice)
    good = sum(is_good for _, is_good in pairs)
    low, high = wilson(good, count)
    mean, ranking = sum(confidence for confidence, _ in pairs) / count, auroc(pairs)
    complaint = _complaint(mean, low, high, ranking, min(good, count - good))
    enough = count >= ENOUGH
    return Agreement(
        sample=sample,
        by=by,
        group=group,
        count=count,
        without_confidence=silent,
        good=good / count,
        low=low,
        high=high,
        confidence=mean,
        auroc=ranking,
        error=calibration_error(pairs),
        refit=enough and complaint is not None,
        advice=(f"refit: {complaint}" if complaint else "agrees") if enough else f"too few: {count} of {ENOUGH}",
    )


def _complaint(mean: float, low: float, high: float, ranking: float | None, fewer: int) -> str | None:
    if not low <= mean <= high:
        return f"it says {mean:.2f}, people between {low:.2f} and {high:.2f}"
    if ranking is not None and fewer >= ENOUGH_OF_EACH and ranking < RANKS_WELL:
        return f"it ranks with {ranking:.2f}, below {RANKS_WELL}"
    return None
