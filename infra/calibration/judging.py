"""Whole repairs judged as a deployment judges them, by numbers that were not fitted on their photographs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from inference.assessment.calibration import Calibration
from inference.assessment.confidence import confidence_from
from infra.calibration.figures import Confidences, Goods
from infra.calibration.fitting import calibrate
from infra.calibration.observing import Observation

FOLDS = 10


@dataclass(frozen=True)
class Judged:
    """A repair: its sort of damage, what made it, what was claimed, and whether every part of it was good."""

    edit: str
    kind: str
    model: str
    confidence: float | None
    good: bool


def judge(observations: Iterable[Observation], calibration: Calibration) -> list[Judged]:
    """Judge each repair by its worst patch. It is good if its patches are."""
    edits: dict[str, list[Observation]] = defaultdict(list)
    for each in observations:
        edits[each.edit].append(each)
    return [_judged(name, parts, calibration) for name, parts in sorted(edits.items())]


def across_photographs(observations: Sequence[Observation]) -> list[Judged]:
    """Judge each repair by numbers that were fitted without its photograph."""
    photographs = sorted({each.photo for each in observations})
    fold_of = {photo: number % FOLDS for number, photo in enumerate(photographs)}
    found = []
    for fold in range(FOLDS):
        others = [each for each in observations if fold_of[each.photo] != fold]
        fitted = calibrate(others, photographs=0, version=1, today=date(2000, 1, 1))
        found += judge([each for each in observations if fold_of[each.photo] == fold], fitted)
    return found


def as_arrays(judged: Iterable[Judged]) -> tuple[Confidences, Goods]:
    """Take those of which something was claimed."""
    known = [(each.confidence, each.good) for each in judged if each.confidence is not None]
    return np.array([confidence for confidence, _ in known]), np.array([good for _, good in known], bool)


def _judged(name: str, parts: list[Observation], calibration: Calibration) -> Judged:
    claims = [
        confidence_from(part.features, part.model, measured=part.measured, calibration=calibration).value
        for part in parts
    ]
    known = [claim for claim in claims if claim is not None]
    largest = max(parts, key=lambda part: part.pixels)
    return Judged(
        edit=name,
        kind=largest.kind,
        model="unblend" if any(part.measured for part in parts) else largest.model,
        confidence=min(known) if len(known) == len(claims) else None,
        good=all(part.good for part in parts),
    )
