"""What the assessment measures of edits whose truth is known."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from inference.assessment.classical_assess import ClassicalAssessor
from inference.assessment.confidence import features_of
from inference.compositing.composite import lay_on
from inference.compositing.regions import as_slices
from inference.pictures import Picture
from inference.registry import Registry
from inference.stages.assess import judged_patches
from infra.calibration.edits import Edit
from infra.calibration.truth import is_good

ASSESSOR = "classical-assess"
_LEAST_HOLE = 6
"""Pixels. Crumbs of a mask are neither good nor bad."""


@dataclass(frozen=True)
class Observation:
    """One patch: what was measured of it, and whether it was good.

    Parameters
    ----------
    edit, photo, kind
        Which repair it belongs to, of which photograph, of which sort of damage.
    model
        What made it.
    measured
        Whether it was computed from what shows through.
    good
        By :func:`infra.calibration.truth.is_good`.
    pixels
        Of its hole.
    features
        By :func:`inference.assessment.confidence.features_of`.
    signals
        All of them, for reports.
    """

    edit: str
    photo: str
    kind: str
    model: str
    measured: bool
    good: bool
    pixels: int
    features: dict[str, float]
    signals: dict[str, Any]


def observe(edit: Edit) -> list[Observation]:
    """Judge each patch of an edit with the assessment's own code, and hold it against the truth."""
    after = edit.source.copy()
    lay_on(after, edit.layer)
    picture = Picture(edit.source)
    found = []
    for patch, assessment in judged_patches(_assessor(), picture, edit.layer, {}):
        if np.count_nonzero(patch.hole) < _LEAST_HOLE:
            continue
        own = np.zeros(after.shape[:2], bool)
        own[as_slices(patch.box)] = patch.hole
        found.append(
            Observation(
                edit=edit.name,
                photo=edit.facts["photo"],
                kind=edit.facts["kind"],
                model=patch.model,
                measured=patch.measured,
                good=is_good(after, edit.truth, own),
                pixels=int(np.count_nonzero(own)),
                features=features_of(assessment.signals),
                signals=assessment.signals.model_dump(exclude_none=True),
            )
        )
    return found


@cache
def _assessor() -> ClassicalAssessor:
    """Read the card once a process: a folder of them is read with it."""
    return ClassicalAssessor(Registry().card(ASSESSOR), {})


def write(observations: Iterable[Observation], path: Path) -> None:
    """Keep observations, one a line."""
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in observations))


def read(path: Path) -> list[Observation]:
    """Read them again."""
    return [Observation(**json.loads(line)) for line in path.read_text().splitlines()]
