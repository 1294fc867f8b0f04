"""Route: deliver, or ask a person. The rules are pure and stand in ``schemas.policy``."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import provenance
from handlers.aws import records
from handlers.observability import logger, metrics
from handlers.prices import cost_of
from handlers.reviews import ask_a_person
from schemas.asset import Status
from schemas.policy import Decision, Route
from schemas.records import Outcome, now
from schemas.routing import lowest_confidence, route_of
from schemas.run import RunState
from schemas.stage import Stage


def route(state: RunState) -> Decision:
    """Decide, write the decision down, and open a review where a person is asked.

    The run then *ends*; nothing waits for the person. A replay asks nobody: it only decides again.
    """
    started, run, decision = now(), state.run, route_of(state)
    records.add_stage(
        provenance.of_ours(
            run,
            Stage.ROUTE,
            started,
            confidence=lowest_confidence(state),
            findings=decision.findings,
            parameters={"rule": decision.rule, "route": decision.route},
            decision=decision.route.value,
            rule=decision.rule,
            ruling=run.ruling,
            note=decision.reason,
        )
    )
    if decision.route is Route.REVIEW and run.replay_of is None:
        outcome = Outcome(
            status=Status.AWAITING_REVIEW,
            reason=decision.reason,
            code=decision.rule.replace("-", "_"),
            route=decision.route,
            rule=decision.rule,
            confidence=lowest_confidence(state),
            findings=decision.findings,
            cost=cost_of(state),
        )
        ask_a_person(state, outcome)
    return decision


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer with the decision; the state machine goes on to ``deliver`` or ends."""
    return route(RunState.model_validate(event)).model_dump(mode="json")
