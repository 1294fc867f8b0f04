"""Send: bring one delivery to its address, signed; what is not taken comes again later, for about a day."""

import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import outbound
from handlers.aws import deliveries, queues, webhooks
from handlers.observability import count, logger, metrics
from handlers.settings import settings
from handlers.webhooks import signing
from handlers.webhooks.pausing import pause_after
from schemas.errors import BadInput, TransientFailure
from schemas.pointers import Document
from schemas.records import now, timestamp
from schemas.webhook import DeliveryRecord, DeliveryState

_SECONDS = 15.0
"""A receiver should take an event and work on it afterwards."""

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


class DeliveryMessage(Document):
    """What the queue holds: which delivery."""

    delivery_id: str


class _Refused(Document):
    """An attempt that failed: in words, and whether another one may help."""

    reason: str
    status: int | None = None
    final: bool = False
    headers: Mapping[str, str] = {}


def send(record: DeliveryRecord) -> int | None:
    """Make one attempt at a delivery; return the seconds after which another one is due, or ``None``."""
    refused = _attempt(record)
    attempts = record.attempts + 1
    if refused is None:
        deliveries.note(record, DeliveryState.DELIVERED, attempts=attempts, reason=None, next_at=None)
        count("WebhooksDelivered")
        return None
    moment = now()
    pause = None if refused.final else pause_after(attempts, moment, refused.headers)
    facts = {"attempts": attempts, "reason": refused.reason, "status": refused.status}
    logger.info("a webhook was not taken", extra={"delivery_id": record.delivery_id, "status": refused.status})
    if pause is not None:
        due = timestamp(moment + timedelta(seconds=pause))
        deliveries.note(record, DeliveryState.PENDING, **facts, next_at=due)
        return pause
    if deliveries.note(record, DeliveryState.FAILED, **facts, next_at=None):
        count("WebhooksFailed")
    bury(record)
    return None


def bury(record: DeliveryRecord) -> None:
    """Put a delivery that is given up where somebody sees it."""
    queues.send(settings().webhook_dead_letters_url, [json.dumps({"delivery_id": record.delivery_id})])


def _attempt(record: DeliveryRecord) -> _Refused | None:
    """Post it; ``None`` if it was taken."""
    url, endpoint = record.url, signing.CALLBACKS
    if record.webhook_id is not None:
        webhook = webhooks.find(record.webhook_id)
        if webhook is None:
            return _Refused(reason="The webhook was removed.", final=True)
        if webhook.disabled_at is not None:
            return _Refused(reason="The webhook is disabled.", final=True)
        url, endpoint = webhook.url, webhook.webhook_id
    headers = {
        "Content-Type": "application/json",
        **signing.of(endpoint).headers(record.delivery_id, now(), record.body),
    }
    try:
        reply = outbound.post(url or "", record.body.encode(), headers, timeout=_SECONDS)
    except BadInput as error:
        return _Refused(reason=error.message, final=True)
    except TransientFailure as error:
        return _Refused(reason=error.message)
    return _judged(record, reply)


def _judged(record: DeliveryRecord, reply: outbound.Reply) -> _Refused | None:
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    gone = reply.status == HTTPStatus.GONE
    if gone and record.webhook_id is not None:
        webhooks.disable(record.webhook_id, "Its address answered 410: it is gone.")
    # What else was answered is not kept: it is another's text, and may be secret.
    return _Refused(
        reason=f"The address answered {reply.status}.", status=reply.status, final=gone, headers=reply.headers
    )


def take(record: SQSRecord) -> None:
    """Handle one message.

    Raises
    ------
    TransientFailure
        If the delivery is to be tried again; its message was put off until then.
    """
    delivery = deliveries.find(DeliveryMessage.model_validate_json(record.body).delivery_id)
    if delivery is None or delivery.state is DeliveryState.DELIVERED:
        return
    if delivery.state is DeliveryState.FAILED:  # cut off before it was buried
        bury(delivery)
        return
    pause = send(delivery)
    if pause is not None:
        queues.delay(settings().webhook_queue_url, record.receipt_handle, pause)
        raise TransientFailure(f"To be tried again in {pause} s.", code="not_taken")


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch; name the messages that failed."""
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
