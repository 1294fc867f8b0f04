"""Fan out: an outcome was told on the bus; have it told at every address that wants it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import webhooks
from handlers.observability import logger, metrics
from handlers.webhooks.ordering import call_back, tell
from schemas.outcome_event import OutcomeEvent, OutcomeHeard


def fan_out(event: OutcomeEvent) -> int:
    """Order the deliveries of an outcome; return how many there are. A copy of the event orders none anew."""
    wanted = [webhook for webhook in webhooks.registered() if webhook.wants(event)]
    for webhook in wanted:
        tell(event, webhook)
    if event.data.callback:
        call_back(event, event.data.callback)
    return len(wanted) + bool(event.data.callback)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Handle one event of the outcome bus."""
    return {"deliveries": fan_out(OutcomeHeard.model_validate(event).detail)}
