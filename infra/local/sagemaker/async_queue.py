"""Asynchronous inferences: a bounded queue, and threads that take them from S3 to the container and back.

What waits here when the process is killed is lost, as it can be on a real endpoint. The state machine's timeout asks
again.
"""

import json
import logging
import queue
import threading
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.sagemaker import notification
from infra.local.sagemaker.container import Answer, Container, ContainerUnavailable, Question
from infra.local.sagemaker.notification import Inference
from infra.local.sagemaker.registry import AsyncOutput
from schemas.pointers import S3Pointer

logger = logging.getLogger(__name__)

LARGEST_INPUT = 64 * 1024 * 1024
"""Bytes of an input object. SageMaker takes 1 GB; ours are request documents of a few kilobytes."""


@dataclass(frozen=True)
class Job:
    """One asynchronous inference."""

    inference: Inference
    input: S3Pointer
    output: S3Pointer
    failure: S3Pointer | None
    notify: AsyncOutput
    headers: dict[str, str]
    timeout_seconds: float


class Full(Exception):
    """The queue holds as many jobs as it may."""


class _InputUnreadable(Exception):
    """The input object is missing, too large, or not ours to read."""


class AsyncQueue:
    """Works through jobs in the order in which they came.

    Parameters
    ----------
    container
        What does the work.
    s3, sns
        boto3 clients; they may be used from several threads.
    workers
        Jobs at the same time.
    capacity
        Jobs that may wait.
    """

    def __init__(self, container: Container, s3: Any, sns: Any, *, workers: int, capacity: int) -> None:
        self._container = container
        self._s3 = s3
        self._sns = sns
        self._jobs: queue.Queue[Job] = queue.Queue(capacity)
        for number in range(workers):
            threading.Thread(target=self._work, name=f"inference-{number}", daemon=True).start()

    def put(self, job: Job) -> None:
        """Add a job.

        Raises
        ------
        Full
            If too many wait already.
        """
        try:
            self._jobs.put_nowait(job)
        except queue.Full as error:
            raise Full from error

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                self._run(job)
            except (ClientError, BotoCoreError):
                # Nobody can be told: telling goes through the same services. The state machine's timeout asks again.
                logger.exception("inference %s could not be answered", job.inference.inference_id)

    def _run(self, job: Job) -> None:
        try:
            question = Question(self._read(job.input), job.headers, job.timeout_seconds)
            answer = self._container.invoke(question)
        except (_InputUnreadable, ContainerUnavailable) as error:
            self._fail(job, str(error), Answer(0, "text/plain", str(error).encode()))
            return
        if answer.failure:
            self._fail(job, answer.failure, answer)
            return
        self._write(job.output, answer)
        message = notification.completed(
            job.inference, output_location=job.output.uri, content_type=answer.content_type
        )
        self._publish(job.notify.success_topic, message)

    def _read(self, pointer: S3Pointer) -> bytes:
        try:
            found = self._s3.get_object(Bucket=pointer.bucket, Key=pointer.key)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise _InputUnreadable(f"Failed to download input from {pointer.uri}: {code}") from error
        if found["ContentLength"] > LARGEST_INPUT:
            raise _InputUnreadable(f"Input {pointer.uri} is larger than {LARGEST_INPUT} bytes")
        body: bytes = found["Body"].read()
        return body

    def _fail(self, job: Job, reason: str, answer: Answer) -> None:
        logger.warning("inference %s failed: %s", job.inference.inference_id, reason[:500])
        if job.failure:
            self._write(job.failure, answer)
        location = job.failure.uri if job.failure else None
        message = notification.failed(job.inference, reason=reason, failure_location=location)
        self._publish(job.notify.error_topic, message)

    def _write(self, pointer: S3Pointer, answer: Answer) -> None:
        self._s3.put_object(Bucket=pointer.bucket, Key=pointer.key, Body=answer.body, ContentType=answer.content_type)

    def _publish(self, topic: str | None, message: dict[str, Any]) -> None:
        if topic:
            self._sns.publish(TopicArn=topic, Message=json.dumps(message))
