"""Step Functions batch close: say how a batch ended. Also hears of executions that ended without saying so."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import batches
from handlers.observability import count, logger, metrics
from schemas.batch import BatchState
from schemas.conclude import error_of
from schemas.errors import BY_NAME
from schemas.events import StateMachineError

_CUT_OFF = "The batch was cut off; resume it, and what was done is not done again."
_COUNTED = {
    BatchState.DONE: "BatchesDone",
    BatchState.TRIED: "BatchesTried",
    BatchState.FAILED: "BatchesFailed",
}


def close(batch_id: str, attempt: int, error: dict[str, Any] | None) -> None:
    """Write down that an attempt is over: done, if every picture has an outcome; tried, if those to be tried have."""
    batch = batches.find(batch_id)
    if batch is None:
        return
    found = batches.items_of(batch_id)
    ended = sum(item.status is not None for item in found)
    left = max(0, (batch.aim or 0) - ended)
    if error is None and left == 0:
        state, reason = (BatchState.DONE if ended >= (batch.total or 0) else BatchState.TRIED), None
    else:
        state = BatchState.FAILED
        reason = _reason(error) if error else f"{left} pictures came to no outcome; resume the batch to try them again."
    if batches.end(batch_id, attempt, state, reason):
        count(_COUNTED[state])
        logger.info("batch ended", extra={"batch_id": batch_id, "state": state, "pictures": len(found)})


def _reason(error: dict[str, Any]) -> str:
    caught = StateMachineError.model_validate(error)
    return error_of(caught).message if caught.error in BY_NAME else _CUT_OFF


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Handle the state machine's last step, or EventBridge's word of an execution that never came to it."""
    if event.get("source") == "aws.states":
        batch_id, _, attempt = str(event["detail"]["name"]).rpartition("-")
        close(batch_id, int(attempt), {"Error": "CutOff", "Cause": ""})
        return
    close(event["batch_id"], event["attempt"], event.get("error"))
