"""Queues of webhooks, and a receiver that answers what a test says."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers import outbound
from handlers.aws.clients import client
from handlers.outbound import Reply
from handlers.settings import settings
from handlers.webhooks import registering, send, signing
from schemas.asset import Status
from schemas.errors import BadInput, CleanplateError
from schemas.outcome_event import OutcomeEvent
from schemas.records import AssetRecord, Outcome
from schemas.webhook import WebhookOrder, WebhookRecord
from tests import documents

URL = "https://shop.example/hooks"


class Receiver:
    """Takes what is posted. ``answers`` come first, one each; then everything is taken."""

    def __init__(self) -> None:
        self.answers: list[Reply | CleanplateError] = []
        self.posted: list[tuple[str, bytes, Mapping[str, str]]] = []

    def check(self, url: str) -> None:
        """Stand in for the check of addresses."""
        if "private" in url:
            raise BadInput("Not public.", code="private_address")

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float) -> Reply:
        """Stand in for the network."""
        self.check(url)
        self.posted.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else Reply(204, b"", {})
        if isinstance(answer, CleanplateError):
            raise answer
        return answer


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """Whoever takes webhooks."""
    found = Receiver()
    monkeypatch.setattr(outbound, "check", found.check)
    monkeypatch.setattr(outbound, "post", found.post)
    return found


@pytest.fixture(autouse=True)
def queues(aws: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Make the queues, and the secret that the template makes."""
    made = {}
    for name in ("WEBHOOK_QUEUE_URL", "WEBHOOK_DEAD_LETTERS_URL"):
        made[name] = str(client("sqs").create_queue(QueueName=name.lower())["QueueUrl"])
        monkeypatch.setenv(name, made[name])
    settings.cache_clear()
    secret = json.dumps({"current": "abcdefghijklmnopqrstuvwxyz012345"})
    client("secretsmanager").create_secret(Name="cleanplate/webhooks/callback", SecretString=secret)
    return made


@pytest.fixture
def registered(receiver: Receiver) -> Callable[..., WebhookRecord]:
    """Register webhooks."""
    return lambda **order: registering.register(WebhookOrder.model_validate({"url": URL, **order}), "person:1")[0]


@pytest.fixture
def work(queues: dict[str, str], context: Any) -> Callable[[], list[int]]:
    """Let the sender have every message that waits; return for how many seconds some were put off."""

    def once() -> list[int]:
        sqs, url = client("sqs"), queues["WEBHOOK_QUEUE_URL"]
        put_off: list[int] = []
        change = sqs.change_message_visibility
        with pytest.MonkeyPatch.context() as patched:

            def record(**asked: Any) -> None:
                put_off.append(asked["VisibilityTimeout"])
                change(**asked | {"VisibilityTimeout": 0})

            patched.setattr(sqs, "change_message_visibility", record)
            for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
                given = {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": {},
                    "eventSource": "aws:sqs",
                }
                if not send.handler({"Records": [given]}, context)["batchItemFailures"]:
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return put_off

    return once


def buried(queues: dict[str, str]) -> list[str]:
    """Names of the deliveries among the dead letters."""
    found = client("sqs").receive_message(
        QueueUrl=queues["WEBHOOK_DEAD_LETTERS_URL"], MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return [json.loads(message["Body"])["delivery_id"] for message in found.get("Messages", [])]


def outcome(status: Status = Status.DELIVERED, **changes: Any) -> OutcomeEvent:
    """Make an outcome's event."""
    moment = datetime(2026, 11, 29, tzinfo=UTC)
    facts = {
        "asset_id": "a-" + "0" * 24,
        "source": documents.PHOTO,
        "size_bytes": 1,
        "recipe": "edit@1",
        "run_id": "r-" + "1" * 40,
        "status": status,
        "outcome": Outcome(status=status, reason="So.", code="so"),
        "created_at": moment,
        "updated_at": moment,
    }
    return OutcomeEvent.of(AssetRecord.model_validate(facts | changes), "shop")


def secret_of(webhook: WebhookRecord) -> str:
    """Read a webhook's secret, as its receiver knows it."""
    return signing.of(webhook.webhook_id).shown
