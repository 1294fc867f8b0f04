"""Retention: once an hour, look for what has been kept for long enough."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.erasure.forgetting import look
from handlers.observability import logger, metrics
from schemas.records import now


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Handle the schedule's tick."""
    return {"passed_on": look(now())}
