"""A queue of what is to be taken away, worked through when a test says so, and a CDN that keeps what it is told."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from handlers import removals
from handlers.aws.clients import client
from handlers.settings import settings


@dataclass
class Cdn:
    """What CloudFront was told to forget; the same reference counts once, as there."""

    told: dict[str, list[str]] = field(default_factory=dict)

    def create_invalidation(self, **arguments: Any) -> None:
        """Stand in for CreateInvalidation."""
        batch = arguments["InvalidationBatch"]
        assert batch["Paths"]["Quantity"] == len(batch["Paths"]["Items"])
        self.told.setdefault(batch["CallerReference"], batch["Paths"]["Items"])


@dataclass
class Removals:
    """The queue, and the function behind it."""

    url: str
    cdn: Cdn
    context: Any

    def waiting(self) -> list[dict[str, Any]]:
        """Take what waits out of the queue."""
        found: list[dict[str, Any]] = []
        while got := client("sqs").receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            found += got
        return found

    def work(self) -> list[str]:
        """Let the function take all that waits; return the bodies of what it could not finish."""
        messages = self.waiting()
        failed = {name for message in messages for name in self.take(message)}
        return [message["Body"] for message in messages if message["MessageId"] in failed]

    def drain(self) -> None:
        """Work until nothing waits, with nothing failing; what is held back for later is left."""
        while messages := self.waiting():
            assert [self.take(message) for message in messages] == [[]] * len(messages)

    def take(self, message: dict[str, Any], tries: int = 1) -> list[str]:
        """Let the function take one message; return its name if it failed."""
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": {"ApproximateReceiveCount": str(tries)},
            "eventSource": "aws:sqs",
        }
        answer = removals.handler({"Records": [record]}, self.context)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def working(monkeypatch: pytest.MonkeyPatch, context: Any) -> Removals:
    """Set the queue up, in an account that is there."""
    url = client("sqs").create_queue(QueueName="removals")["QueueUrl"]
    monkeypatch.setenv("REMOVAL_QUEUE_URL", url)
    monkeypatch.setenv("CDN_DISTRIBUTION", "E2QWRUHAPOMQZL")
    settings.cache_clear()
    cdn = Cdn()
    monkeypatch.setattr(client("cloudfront"), "create_invalidation", cdn.create_invalidation)
    return Removals(url, cdn, context)


def what(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Read what messages say."""
    return [json.loads(message["Body"]) for message in messages]
