"""Removals: take away what somebody withdrew or had erased, again until it is done."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import queues
from handlers.erasure.carrying_out import erase, sweep
from handlers.erasure.forgetting import forget
from handlers.observability import logger, metrics
from handlers.settings import settings
from handlers.taking_down import take_down
from schemas.removal import Removal

_PAUSES = (2, 10, 60, 300, 900)
"""Seconds before the next try; then always the last of them. The template gives up after ten tries, two hours."""

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def take(record: SQSRecord) -> None:
    """Handle one message; what it raises has the message come again."""
    removal = Removal.model_validate_json(record.body)
    try:
        _do(removal)
    except Exception:
        logger.exception("not taken away yet", extra={"asset_id": removal.asset_id})
        queues.put_off(settings().removal_queue_url, record, _PAUSES)
        raise


def _do(removal: Removal) -> None:
    match removal.what:
        case "withdraw":
            take_down(removal.asset_id)
        case "erase":
            erase(removal.asset_id)
        case "forget":
            forget(removal.asset_id)
        case "sweep":
            sweep(removal)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch; name the messages that failed."""
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
