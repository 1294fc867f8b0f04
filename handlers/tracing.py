"""A run traced back: its order, the stages behind its result, its reviews and verdicts, out of what is written down."""

from handlers.aws import verdicts
from handlers.aws.dossier import Dossier
from handlers.lineage import runs_behind, stages_behind
from schemas.descent import finished_files, parts
from schemas.pointers import S3Pointer
from schemas.provenance import RunProvenance, TracedStage, lacking
from schemas.records import RunRecord, StageRecord
from schemas.stage import Stage

_DECISIONS = (Stage.JUDGE, Stage.ROUTE)
_EDITS = (Stage.GENERATE, Stage.REFINE, Stage.INPAINT)
"""Whose share counts, the last word first."""


def trace(known: Dossier, record: RunRecord) -> RunProvenance:
    """Put together all that is written down of a run, and of the runs whose work it kept."""
    run = record.run
    stages = _with_decisions(known, stages_behind(known, run.run_id))
    traced = traced_stages(known, record, stages)
    runs = runs_behind(known, run.run_id)
    return RunProvenance(
        asset_id=run.asset_id,
        run_id=run.run_id,
        order=run,
        recipe_sha256=record.recipe_sha256,
        started_at=record.started_at,
        ended_at=record.ended_at,
        outcome=record.outcome,
        current=known.asset is not None and known.asset.run_id == run.run_id,
        source=_source(record, stages),
        mask=_mask(traced),
        edited_share=_edited_share(traced),
        stages=traced,
        deeds=[entry for entry in known.trail if entry.run_id in runs],
        verdicts=[verdict for run_id in runs for verdict in verdicts.of_run(run_id)],
    )


def traced_stages(known: Dossier, record: RunRecord, stages: list[StageRecord]) -> list[TracedStage]:
    """Say of each stage behind a run what it had to do with the result."""
    review = next((each for each in known.reviews if each.run_id == record.run.run_id), None)
    found = parts(stages, finished_files(record.outcome, review))
    return [_traced(stage, part=part) for stage, part in zip(stages, found, strict=True)]


def _with_decisions(known: Dossier, stages: list[StageRecord]) -> list[StageRecord]:
    """Add what was decided in earlier runs about the work that was kept of them: why it went to a person, for one."""
    runs = dict.fromkeys(stage.run_id for stage in stages)
    decided = [stage for run_id in runs for stage in known.stages_of(run_id) if stage.stage in _DECISIONS]
    return sorted([*stages, *(each for each in decided if each not in stages)], key=lambda stage: stage.started_at)


def _traced(stage: StageRecord, **facts: str) -> TracedStage:
    written = stage.model_dump()
    seconds = max(0.0, round(stage.wall_seconds, 3))
    return TracedStage.model_validate({**written, **facts, "wall_seconds": seconds, "lacks": lacking(stage)})


def _source(record: RunRecord, stages: list[StageRecord]) -> S3Pointer:
    inspected = (stage.inputs.get("source") for stage in stages if stage.stage is Stage.INSPECT)
    return next((pointer for pointer in inspected if pointer), record.run.source)


def _mask(stages: list[TracedStage]) -> S3Pointer | None:
    """The mask that the result was made by; of a run that stopped before a fill, the one that was found."""
    used = [stage.mask.kept for stage in stages if stage.mask and stage.mask.kept and stage.part in {"made", "chose"}]
    return used[-1] if used else None


def _edited_share(stages: list[TracedStage]) -> float | None:
    shares = {stage.stage: stage.edited_share for stage in stages if stage.part == "made"}
    return next((shares[stage] for stage in _EDITS if shares.get(stage) is not None), None)
