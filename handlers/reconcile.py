"""Reconcile: find runs that stopped without an outcome, and start them again.

A run can be cut off by what its state machine cannot catch: its own timeout, an abort, an engine that was killed.
Called by Step Functions' own events, by a schedule, and once after the local stack came up (``{"sweep": true}``).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from handlers.aws import executions, records, storage
from handlers.deadlines import act_on_deadlines
from handlers.launch import look_at
from handlers.observability import count, logger, metrics
from handlers.orders import launch, start
from handlers.settings import settings
from schemas import keys
from schemas.asset import Status
from schemas.errors import CleanplateError
from schemas.events import ExecutionEnded
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, Outcome, now
from schemas.run import RunState

Subject = TypeVar("Subject")


def mend(asset: AssetRecord) -> None:
    """Start an unfinished run again where its execution is over, or never began."""
    record = records.find_run(asset.asset_id, asset.run_id) if not asset.status.is_outcome else None
    if record is None:
        return
    state = executions.status_of(asset.run_id)
    if state is None:
        start(record.run)
    elif state != "RUNNING" and record.run.restarts + 1 < settings().max_attempts:
        count("RunsRestarted")
        launch(record.run.restarted(), asset.size_bytes, replaces=asset)
    elif state != "RUNNING":
        reason = f"The work was cut off {record.run.restarts + 1} times and was given up. Your original is untouched."
        outcome = Outcome(status=Status.FAILED, code="gave_up", reason=reason)
        records.conclude(asset.asset_id, asset.run_id, outcome)


def mend_ended(event: ExecutionEnded) -> int:
    """Look at the asset of an execution that ended; return how many there were.

    Where the event does not carry the input (it was too large, or is no run of ours), the schedule's tick finds it.
    """
    try:
        run = RunState.model_validate_json(event.detail.input or "").run
    except ValidationError:
        logger.warning("an execution without a run", extra={"execution": event.detail.name})
        return 0
    asset = records.find_asset(run.asset_id)
    if asset is None or asset.run_id != event.detail.name:
        return 0
    mend(asset)
    return 1


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
        if keys.is_companion(key):  # whatever it belongs to is looked at itself
            continue
        _try(look_at, S3Pointer(bucket=bucket, key=key), key)


def _try(act: Callable[[Subject], None], subject: Subject, name: str) -> None:
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
        return {"unfinished": mend_ended(ExecutionEnded.model_validate(event))}
    unfinished = mend_all()
    act_on_deadlines(now())
    if event.get("sweep"):
        sweep()
    return {"unfinished": unfinished}
