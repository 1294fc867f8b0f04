"""A queue that hears what is said on a bus of a deployment."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from infra.local.session import StackSession


class Listener:
    """Hears one bus from now on. ``heard`` is all that came so far, in its order."""

    def __init__(self, aws: StackSession, queue: str) -> None:
        self._sqs = aws.client("sqs")
        self._queue = queue
        self.heard: list[dict[str, Any]] = []

    def listen(self) -> None:
        """Take what has come meanwhile, or comes within a second."""
        answer = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            self.heard.append(json.loads(message["Body"]))
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])

    def of(self, asset_id: str, count: int = 1, timeout: float = 120) -> list[dict[str, Any]]:
        """Wait until so many events of an asset have come; return them."""
        deadline = time.monotonic() + timeout
        while len(found := [event for event in self.heard if event["detail"]["subject"] == asset_id]) < count:
            assert time.monotonic() < deadline, f"heard {found} of {asset_id}"
            self.listen()
        return found


@contextmanager
def listening(aws: StackSession, bus: str) -> Iterator[Listener]:
    """Hear a bus through a rule and a queue, both gone afterwards."""
    events, sqs = aws.client("events"), aws.client("sqs")
    name = f"listener-{uuid.uuid4().hex[:12]}"
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = events.put_rule(Name=name, EventBusName=bus, EventPattern='{"source": ["cleanplate"]}')["RuleArn"]
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        yield Listener(aws, queue)
    finally:
        events.remove_targets(Rule=name, EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name=name, EventBusName=bus)
        sqs.delete_queue(QueueUrl=queue)
