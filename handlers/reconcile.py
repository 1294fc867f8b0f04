"""Reconcile: find runs that stopped without an outcome, and start them again.

A run can be cut off by what its state machine cannot catch: its own timeout, an abort, an engine that was killed.
Called by Step Functions' own events, by a schedule, and once after the local stack came up (``{"sweep": true}``).
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import executions, records, storage
from handlers.launch import launch, look_at
from handlers.observability import count, logger, metrics
from handlers.settings import settings
from schemas.asset import Status
from schemas.errors import CleanplateError
from schemas.events import ExecutionEnded
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, Outcome
from schemas.run import RunState


def mend(asset: AssetRecord) -> None:
    """Start an unfinished run again where its execution is over, or never began."""
    record = records.find_run(asset.asset_id, asset.run_id) if not asset.status.is_outcome else None
    if record is None:
        return
    state = executions.status_of(asset.run_id)
    if state is None:
        executions.start(record.run)
    elif state != "RUNNING" and asset.attempt < settings().max_attempts:
        count("RunsRestarted")
        launch(record.run.again(), asset.size_bytes, replaces=asset)
    elif state != "RUNNING":
        reason = f"The work was cut off {asset.attempt} times and was given up. Your original is untouched."
        outcome = Outcome(status=Status.FAILED, code="gave_up", reason=reason)
        records.conclude(asset.asset_id, asset.run_id, outcome)


def mend_all() -> int:
    """Look at every asset without an outcome; return how many there were."""
    # Read the list to its end first: mending moves entries within the index that is being read.
    unfinished = [asset for status in (Status.QUEUED, Status.RUNNING) for asset in records.all_with_status(status)]
    for asset in unfinished:
        _try(mend, asset, asset.asset_id)
    return len(unfinished)


def sweep() -> None:
    """Look at everything in the inbox: what arrived while nobody listened gets its run."""
    bucket = settings().inbox_bucket
    for key in storage.keys_under(bucket, "", at_most=100_000):
        _try(look_at, S3Pointer(bucket=bucket, key=key), key)


def _try(act: Any, subject: Any, name: str) -> None:
    """One asset that cannot be mended must not keep the others from it."""
    try:
        act(subject)
    except CleanplateError as error:
        logger.warning("could not reconcile", extra={"subject": name, "code": error.code})


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Handle the end of one execution, a schedule's tick, or a request to sweep."""
    if event.get("source") == "aws.states":
        ended = ExecutionEnded.model_validate(event).detail
        run = RunState.model_validate_json(ended.input).run if ended.input else None
        asset = records.find_asset(run.asset_id) if run else None
        if asset and asset.run_id == ended.name:
            mend(asset)
        return {"unfinished": int(asset is not None)}
    unfinished = mend_all()
    if event.get("sweep"):
        sweep()
    return {"unfinished": unfinished}
