"""SQS: messages for whoever works through a queue."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlers.aws.clients import client, translated
from schemas.errors import TransientFailure

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

_AT_ONCE = 10
"""Messages in one call; SQS takes no more."""


def send(queue_url: str, bodies: Sequence[str], *, delay_seconds: int = 0) -> None:
    """Send messages; whoever works through the queue sees them after a delay of 15 minutes at most.

    Raises
    ------
    TransientFailure
        If some were not taken. Those before them were: whoever asks again sends them twice.
    """
    for first in range(0, len(bodies), _AT_ONCE):
        some = bodies[first : first + _AT_ONCE]
        when = {"DelaySeconds": delay_seconds} if delay_seconds else {}
        entries = [{"Id": str(number), "MessageBody": body, **when} for number, body in enumerate(some)]
        with translated("sending messages"):
            answer = client("sqs").send_message_batch(QueueUrl=queue_url, Entries=entries)
        if answer.get("Failed"):
            raise TransientFailure("The queue did not take every message.", code="queue_busy")


def tries(record: "SQSRecord") -> int:
    """Count how often a message was received, this time included."""
    return int(record.attributes.approximate_receive_count or "1")


def put_off(queue_url: str, record: "SQSRecord", pauses: Sequence[int]) -> None:
    """Have a message come again after a pause, in seconds, that grows with its tries; then always after the last."""
    delay(queue_url, record.receipt_handle, pauses[min(tries(record), len(pauses)) - 1])


def delay(queue_url: str, receipt_handle: str, seconds: int) -> None:
    """Have a message that was received come again after this time, instead of when its queue would give it again."""
    with translated("putting a message off"):
        client("sqs").change_message_visibility(
            QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )
