"""Finish: a stage failed for good, or a replay has come to its end; give the run an outcome in words.

The original is never touched.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import replaying
from handlers.aws import records
from handlers.aws.reviews import keeping
from handlers.observability import count, logger, metrics
from handlers.reviews import ask_a_person
from schemas.asset import Status
from schemas.conclude import outcome_of
from schemas.errors import PermanentFailure
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
    """Take a state with the error that ended its run, or the state of a replay; answer with the outcome."""
    failed = "error" in event
    state = RunState.model_validate(event["state"] if failed else event)
    error = StateMachineError.model_validate(event["error"]) if failed else None
    if state.run.replay_of is not None:
        return replaying.conclude(state, error).model_dump(mode="json")
    if error is None:
        raise PermanentFailure("Nothing failed, and this is no replay.", code="nothing_to_finish")
    return finish(state, error).model_dump(mode="json")
