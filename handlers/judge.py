"""Judge: the gate after the native-size assessment. The rules are pure and stand in ``schemas.gate``."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import provenance
from handlers.aws import records
from handlers.observability import count, logger, metrics
from handlers.prices import cost_ahead, cost_of
from schemas.conclude import error_of
from schemas.errors import CleanplateError, PermanentFailure
from schemas.events import StateMachineError
from schemas.gate import Judgement, Step, judge
from schemas.records import now
from schemas.run import RunState
from schemas.stage import Stage


def judged(state: RunState, failure: CleanplateError | None) -> Judgement:
    """Judge a trial, and write down what was decided and why.

    Raises
    ------
    PermanentFailure
        ``superseded``: another run has taken over, so there is nothing left to judge.
    """
    if failure is not None and failure.code == "superseded":
        raise PermanentFailure(failure.message, code=failure.code)
    started, run = now(), state.run
    answer = judge(state, failure, spent=cost_of(state).dollars, ahead=cost_ahead(state))
    parameters = {"rule": answer.decision.rule, "step": answer.step, "trial": len(answer.state.trials)}
    if answer.step is Step.TRY and answer.state.fill:
        parameters["next_model"] = answer.state.fill.model
        count("FallbacksTried")
    records.add_stage(
        provenance.of_ours(
            run,
            Stage.JUDGE,
            started,
            trial=len(answer.state.trials),
            confidence=answer.state.trials[-1].confidence,
            parameters=parameters,
            findings=answer.decision.findings,
            decision=answer.step.value,
            rule=answer.decision.rule,
            note=failure.message if failure else answer.decision.reason,
        )
    )
    return answer


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Take a state, or a state with the error that ended its trial; answer with the next step and the state for it."""
    failure = error_of(StateMachineError.model_validate(event["error"])) if "error" in event else None
    state = RunState.model_validate(event["state"] if "error" in event else event)
    answer = judged(state, failure)
    return {"step": answer.step.value, "state": answer.state.model_dump(mode="json", exclude_none=True)}
