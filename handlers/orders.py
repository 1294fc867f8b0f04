"""A run is written down, then started, with what it begins with."""

from collections.abc import Sequence
from typing import NamedTuple

from handlers.aws import executions, records, reviews
from handlers.aws.table import Write
from handlers.keeping import keep
from handlers.observability import count, logger
from schemas.asset import Inspection, Status
from schemas.entry import starting_state
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, RunRecord, now
from schemas.run import Run, RunState
from schemas.stage import Stage


class Beside(NamedTuple):
    """What lies beside a picture, by its version: only what arrives later makes intake start another run."""

    mask_version: str
    job_version: str


def launch(
    run: Run,
    size_bytes: int,
    *,
    replaces: AssetRecord | None,
    also: Sequence[Write] = (),
    beside: Beside | None = None,
) -> None:
    """Write a run down, then start it. In this order a crash between the two is found and mended by a retry.

    A review that still waited for a verdict on the run before is closed with it, unless ``also``, which is written in
    the same transaction, holds that verdict. ``beside`` is given where the run was ordered otherwise than by that.
    """
    moment = now()
    state = _starting(run)
    if beside is None and run.parent and replaces:  # a verdict's run changes nothing of what was ordered
        beside = Beside(replaces.mask_version, replaces.job_version)
    beside = beside or Beside(mask_version(run.mask), run.job_version)
    asset = AssetRecord(
        asset_id=run.asset_id,
        source=run.source,
        size_bytes=size_bytes,
        recipe=run.recipe.reference,
        mask_version=beside.mask_version,
        job_version=beside.job_version,
        tags=run.tags,
        batch=run.batch,
        callback=run.callback,
        run_id=run.run_id,
        attempt=run.attempt,
        inspection=replaces.inspection if replaces and run.entry is not Stage.INSPECT else None,
        status=Status.QUEUED,
        created_at=replaces.created_at if replaces else moment,
        updated_at=moment,
    )
    keep(run.recipe)
    record = RunRecord(run=run, recipe_sha256=run.recipe.sha256, started_at=moment)
    records.begin(asset, record, replaces=replaces, also=also or superseding(replaces))
    executions.start(state)
    count("RunsStarted")
    logger.info("run started", extra={"asset_id": run.asset_id, "run_id": run.run_id, "attempt": run.attempt})


def start(run: Run) -> None:
    """Start a run that was written down before."""
    executions.start(_starting(run))


def _starting(run: Run) -> RunState:
    before = reviews.kept_state(run.asset_id, run.parent) if run.parent else None
    return starting_state(run, before)


def superseding(asset: AssetRecord | None) -> list[Write]:
    """Close the review of a run whose place something else takes: what it shows will be delivered by nobody."""
    review = reviews.find(asset.asset_id, asset.run_id) if asset and asset.status.is_outcome else None
    if review is None or not review.state.waits:
        return []
    return reviews.superseding(review, "Another run took this one's place.")


def try_out(run: Run) -> None:
    """Write a trial down and start it. The asset's standing is left alone."""
    keep(run.recipe)
    records.add_run(RunRecord(run=run, recipe_sha256=run.recipe.sha256, started_at=now()))
    executions.start(_starting(run))
    count("TrialsStarted")


def enter(run: Run, stage: Stage, inspection: Inspection | None = None) -> bool:
    """Note that a run reached a stage; ``False`` if another has taken over. A trial's asset is not told."""
    return run.trial or records.enter_stage(run.asset_id, run.run_id, stage, inspection)


def mask_version(mask: S3Pointer | None) -> str:
    """Give the version of a mask beside an upload; empty without one."""
    return (mask.version_id or "") if mask else ""
