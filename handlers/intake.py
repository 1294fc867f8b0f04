"""SQS intake: every object that arrives in the inbox or an attached bucket, at least once and in any order."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import TypeAdapter

from handlers.attached import take_in
from handlers.launch import look_at
from handlers.observability import logger, metrics
from handlers.settings import settings
from handlers.spreading import spread
from schemas.events import FolderContinues, ObjectCreated

_ARRIVALS: TypeAdapter[ObjectCreated | FolderContinues] = TypeAdapter(ObjectCreated | FolderContinues)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def take(record: SQSRecord) -> None:
    """Handle one message. What it raises sends that message alone back to the queue, and in the end to its DLQ."""
    try:
        _act_on(_ARRIVALS.validate_json(record.body))
    except Exception:
        logger.exception("a message goes back to the queue", extra={"message_id": record.message_id})
        raise


def _act_on(arrived: ObjectCreated | FolderContinues) -> None:
    if isinstance(arrived, FolderContinues):
        spread(arrived.mask, arrived.detail.token)
    elif arrived.pointer.bucket == settings().inbox_bucket:
        look_at(arrived.pointer)
    else:
        take_in(arrived.pointer)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch; name the messages that failed."""
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
