"""Cancelling: the outcome is written down first, then what still works on the run is stopped, and cleaned up after."""

from typing import NamedTuple

from handlers.api.errors import Conflict
from handlers.aws import endpoints, executions, records, storage
from handlers.observability import count, logger
from handlers.prices import prices
from handlers.settings import settings
from schemas.asset import Status
from schemas.cost import spent
from schemas.records import Outcome, RunRecord
from schemas.review import Person


class _Worked(NamedTuple):
    """What a stage took, as prices count it."""

    seconds: float


def cancel(record: RunRecord, person: Person) -> RunRecord:
    """Cancel a run that is under way. Asked again, it is cleaned up after again, and nothing else happens.

    In this order a crash leaves a run that is cancelled and whose execution still works for nothing, at worst until
    this is asked again: nothing that it does counts any more. The other way round `reconcile` would start it again.

    Raises
    ------
    Conflict
        ``over`` if it has another outcome already; ``delivering`` while its files are handed out.
    """
    run = record.run
    if record.outcome is None:
        _conclude(record, person)
    after = records.find_run(run.asset_id, run.run_id)
    if after is None or after.outcome is None:
        raise Conflict("It is being delivered at this moment; look at it again.", code="delivering")
    if after.outcome.status not in (Status.CANCELLED, Status.SUPERSEDED):
        raise Conflict(f"This run is over: {after.outcome.reason}", code="over")
    _clean_up(run.asset_id, run.run_id)
    return after


def _conclude(record: RunRecord, person: Person) -> None:
    run = record.run
    reason = f"Cancelled by {person.name}. Your original is untouched."
    stages = records.stages_of(run.asset_id, run.run_id)
    work = [_Worked(stage.model_seconds or 0.0) for stage in stages if not stage.reused]
    cost = spent(work, prices(), settings().instance)
    outcome = Outcome(status=Status.CANCELLED, code="cancelled", reason=reason, cost=cost)
    if run.trial:
        records.end_trial(run.asset_id, run.run_id, outcome)
    elif records.cancel(run.asset_id, run.run_id, outcome):
        count("Cancelled")
        logger.info("run cancelled", extra={"asset_id": run.asset_id, "run_id": run.run_id})


def _clean_up(asset_id: str, run_id: str) -> None:
    """Stop the execution; take back what waits in an endpoint's queue, so that no model works on it for nothing."""
    executions.stop(run_id)
    for callback in records.waited_for(asset_id, run_id):
        storage.delete(endpoints.request_document(run_id, callback.inference_id))
        records.forget_callback(callback)
