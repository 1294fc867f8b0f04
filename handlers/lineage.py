"""What is behind a run: its own stages, and those of the runs before it whose work it kept."""

from handlers.aws.dossier import Dossier
from schemas.entry import KEPT
from schemas.records import StageRecord
from schemas.stage import Stage

_MOST = 20
"""Generations; a person who has a picture made again more often than that sees the latest."""


def runs_behind(dossier: Dossier, run_id: str | None) -> list[str]:
    """Name the runs that led to a run, the oldest first, and itself last."""
    found: list[str] = []
    while (record := dossier.run(run_id)) is not None and len(found) < _MOST and record.run.run_id not in found:
        found.append(record.run.run_id)
        run_id = record.run.parent
    return found[::-1]


def stages_behind(dossier: Dossier, run_id: str | None) -> list[StageRecord]:
    """Choose of an asset's stages those that led to a run's result, in their order."""
    found: list[StageRecord] = []
    kept: set[Stage] | None = None
    current: str | None = run_id
    for _ in range(_MOST):
        record = dossier.run(current)
        if record is None:
            break
        own = dossier.stages_of(record.run.run_id)
        found = [stage for stage in own if kept is None or stage.stage in kept] + found
        rejected = record.run.ruling is not None and record.run.ruling.verdict == "original"
        begins_with = set() if rejected else {Stage.INSPECT, *KEPT.get(record.run.entry, ())}
        if record.run.entry is Stage.INSPECT:
            break
        kept = begins_with if kept is None else kept & begins_with
        current = record.run.parent
    return found
