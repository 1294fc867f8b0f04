"""EventBridge batch outcomes: an asset came to an outcome; the batches that it belongs to are told."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.batch_items import look
from handlers.observability import logger, metrics
from schemas.outcome_event import OutcomeHeard


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Handle one event, which may come twice, late, or after a newer one."""
    look(OutcomeHeard.model_validate(event).detail.data.asset_id)
