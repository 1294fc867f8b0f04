"""Step Functions: the executions that work through batches, one for each attempt."""

import json

from botocore.exceptions import ClientError

from handlers.aws.clients import client, error_code, translated
from handlers.settings import settings
from schemas.batch import BatchRecord

_NOT_RUNNING = ("ExecutionDoesNotExist", "ValidationException")


def start(batch: BatchRecord) -> None:
    """Start an attempt; that it was started before is success: its name is the batch and the attempt."""
    document = {"batch_id": batch.batch_id, "attempt": batch.attempt, "concurrency": batch.concurrency}
    with translated("starting a batch"):
        try:
            client("stepfunctions").start_execution(
                stateMachineArn=settings().batch_machine_arn, name=_name(batch), input=json.dumps(document)
            )
        except ClientError as error:
            if error_code(error) != "ExecutionAlreadyExists":
                raise


def stop(batch: BatchRecord) -> None:
    """Stop an attempt; one that is over is left as it is."""
    arn = settings().batch_machine_arn.replace(":stateMachine:", ":execution:") + f":{_name(batch)}"
    with translated("stopping a batch"):
        try:
            client("stepfunctions").stop_execution(executionArn=arn, error="Stopped")
        except ClientError as error:
            if error_code(error) not in _NOT_RUNNING:
                raise


def _name(batch: BatchRecord) -> str:
    return f"{batch.batch_id}-{batch.attempt}"
