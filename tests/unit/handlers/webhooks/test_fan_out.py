"""An outcome is told to each address that wants it, once, however often the event comes."""

import json
from typing import Any

import pytest

from handlers.aws import deliveries, webhooks
from handlers.aws.clients import client
from handlers.webhooks.fan_out import fan_out, handler
from schemas.asset import Status
from schemas.webhook import EVENTS, DeliveryState
from tests.unit.handlers.webhooks.conftest import outcome


def waiting(queues: dict[str, str]) -> list[str]:
    found = client("sqs").receive_message(
        QueueUrl=queues["WEBHOOK_QUEUE_URL"], MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [json.loads(message["Body"])["delivery_id"] for message in found.get("Messages", [])]


def test_the_events_are_the_outcomes() -> None:
    assert set(EVENTS) == {status.lower() for status in Status if status.is_outcome}


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({}, True),
        ({"events": ["delivered"]}, True),
        ({"events": ["failed", "quarantined"]}, False),
        ({"recipes": ["edit"]}, True),
        ({"recipes": ["edit@1"]}, True),
        ({"recipes": ["edit@2", "other"]}, False),
        ({"recipes": ["edi"]}, False),
    ],
)
def test_a_webhook_is_told_what_it_asked_for(registered: Any, order: dict[str, Any], told: bool) -> None:
    registered(**order)
    assert fan_out(outcome()) == told


def test_a_repeated_event_makes_no_second_delivery(registered: Any, queues: dict[str, str]) -> None:
    webhook = registered()
    event = outcome(callback="https://one.example/told?token=s")
    assert [fan_out(event) for _ in range(3)] == [2, 2, 2]
    pending, _ = deliveries.page(DeliveryState.PENDING, None)
    assert {record.webhook_id for record in pending} == {webhook.webhook_id, None}
    assert len(pending) == 2
    assert set(waiting(queues)) == {record.delivery_id for record in pending}


def test_the_message_that_was_lost_between_record_and_queue_is_sent_by_the_repeated_event(
    registered: Any, queues: dict[str, str]
) -> None:
    registered()
    fan_out(outcome())
    client("sqs").purge_queue(QueueUrl=queues["WEBHOOK_QUEUE_URL"])
    fan_out(outcome())
    assert len(waiting(queues)) == 1


def test_a_disabled_webhook_is_told_nothing(registered: Any) -> None:
    webhook = registered()
    webhooks.disable(webhook.webhook_id, "Gone.")
    assert fan_out(outcome()) == 0


def test_nobody_but_the_callback_itself_learns_its_address(registered: Any) -> None:
    registered()
    fan_out(outcome(callback="https://one.example/told?token=s3cret"))
    pending, _ = deliveries.page(DeliveryState.PENDING, None)
    assert all("one.example" not in record.body for record in pending)


def test_the_function_reads_the_event_as_the_bus_hands_it_on(registered: Any, context: Any) -> None:
    registered()
    detail = outcome().model_dump(mode="json", exclude_none=True)
    event = {"version": "0", "source": "cleanplate", "detail-type": "Asset Delivered", "detail": detail}
    assert handler(event, context) == {"deliveries": 1}
