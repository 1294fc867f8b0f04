"""SQS intake: every object that arrives in the inbox, at least once and in any order."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import TypeAdapter

from handlers.launch import look_at
from handlers.observability import logger, metrics
from handlers.spreading import spread
from schemas.events import FolderContinues, ObjectCreated

_ARRIVALS: TypeAdapter[ObjectCreated | FolderContinues] = TypeAdapter(ObjectCreated | FolderContinues)
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def take(record: SQSRecord) -> None:
    """Handle one message. What it raises sends that message alone back to the queue, and in the end to its DLQ."""
    arrived = _ARRIVALS.validate_json(record.body)
    if isinstance(arrived, FolderContinues):
        spread(arrived.mask, arrived.detail.token)
    else:
        look_at(arrived.pointer)


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch; name the messages that failed."""
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
