"""Finish: a stage failed for good; give the run an outcome in words. The original is never touched."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import records
from handlers.aws.reviews import keeping
from handlers.observability import count, logger, metrics
from handlers.reviews import ask_a_person
from schemas.asset import Status
from schemas.conclude import outcome_of
from schemas.events import StateMachineError
from schemas.records import Outcome
from schemas.run import RunState


def finish(state: RunState, error: StateMachineError) -> Outcome:
    """Write down how a run failed, unless it was overtaken."""
    run = state.run
    outcome = outcome_of(error, redone=run.redo_of is not None and not run.trial)
    # The cause of an unknown error goes to the log and nowhere else: it may hold internals.
    logger.warning("run failed", extra={"run_id": run.run_id, "error": error.error, "cause": str(error.cause)[:2000]})
    if outcome.status is Status.AWAITING_REVIEW:
        ask_a_person(state, outcome)
    elif run.trial:
        records.end_trial(run.asset_id, run.run_id, outcome)
    elif records.conclude(run.asset_id, run.run_id, outcome, [keeping(state)]):
        count(outcome.status.title().replace("_", ""))
    return outcome


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer with the outcome."""
    outcome = finish(RunState.model_validate(event["state"]), StateMachineError.model_validate(event["error"]))
    return outcome.model_dump(mode="json")
