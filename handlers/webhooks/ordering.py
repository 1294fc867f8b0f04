"""Ordering deliveries: each is written down, then put into the queue that the sender works through."""

import json
import secrets
from datetime import timedelta

from handlers.aws import deliveries, queues
from handlers.settings import settings
from schemas.outcome_event import OutcomeEvent
from schemas.records import now, timestamp
from schemas.webhook import DeliveryRecord, DeliveryState, WebhookRecord, delivery_id, payload

TEST_TYPE = "cleanplate.webhook.test.v1"
_KEPT = timedelta(days=30)


def tell(event: OutcomeEvent, webhook: WebhookRecord) -> DeliveryRecord:
    """Have an outcome told to a webhook."""
    return _ordered(_record(event.id, event.type, event.subject, payload(event), webhook_id=webhook.webhook_id))


def call_back(event: OutcomeEvent, url: str) -> DeliveryRecord:
    """Have an outcome told at the address that came with the picture."""
    return _ordered(_record(event.id, event.type, event.subject, payload(event), url=url))


def try_out(webhook: WebhookRecord) -> DeliveryRecord:
    """Have an event told to a webhook that says nothing but that it works."""
    moment, event_id = timestamp(now()), f"t-{secrets.token_hex(20)}"
    event = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/cleanplate/{settings().endpoint_prefix}",
        "type": TEST_TYPE,
        "subject": webhook.webhook_id,
        "time": moment,
        "datacontenttype": "application/json",
        "data": {"message": "This is how events come."},
    }
    body = json.dumps(event, separators=(",", ":"))
    return _ordered(_record(event_id, TEST_TYPE, webhook.webhook_id, body, webhook_id=webhook.webhook_id))


def again(record: DeliveryRecord) -> bool:
    """Send a delivery that is over once more, with as many attempts as the first time; ``False`` if it is not over."""
    if record.state is DeliveryState.PENDING:
        return False
    changed = deliveries.note(record, DeliveryState.PENDING, attempts=0, next_at=None)
    if changed:
        _queue(record)
    return changed


def _record(
    event_id: str, kind: str, subject: str, body: str, *, webhook_id: str | None = None, url: str | None = None
) -> DeliveryRecord:
    moment = now()
    return DeliveryRecord(
        delivery_id=delivery_id(event_id, webhook_id or f"callback:{url}"),
        event_id=event_id,
        event_type=kind,
        subject=subject,
        webhook_id=webhook_id,
        url=url,
        body=body,
        created_at=moment,
        updated_at=moment,
        expires_at=int((moment + _KEPT).timestamp()),
    )


def _ordered(record: DeliveryRecord) -> DeliveryRecord:
    if not deliveries.begin(record):
        record = deliveries.find(record.delivery_id) or record
    if record.state is DeliveryState.PENDING and not record.attempts:  # or its message may have been lost
        _queue(record)
    return record


def _queue(record: DeliveryRecord) -> None:
    queues.send(settings().webhook_queue_url, [json.dumps({"delivery_id": record.delivery_id})])
