"""The runtime as boto3 sees it, between a serving program and S3, SNS and SQS."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.local.sagemaker.async_queue import AsyncQueue
from infra.local.sagemaker.container import Container
from infra.local.sagemaker.registry import EndpointRegistry
from infra.local.sagemaker.runtime import RuntimeServer
from schemas.events import InferenceNotification

REFUSAL = {"error": "BadInput", "code": "mask_size", "message": "The mask has another size."}


class Serving(BaseHTTPRequestHandler):
    """A serving program that does what its input says."""

    held = threading.Event()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if body == b"hold":
            self.held.wait(10)
        status, answer = (400, json.dumps(REFUSAL).encode()) if body == b"refuse" else (200, b"did " + body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        pass


def serve(server: HTTPServer) -> None:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class World:
    """A runtime with an endpoint of each kind, and a queue that hears both topics."""

    def __init__(self, folder: Path, container_url: str, capacity: int) -> None:
        self.s3, self.sns, self.sqs = (boto3.client(name, region_name="us-east-1") for name in ("s3", "sns", "sqs"))
        self.s3.create_bucket(Bucket="bucket")
        self.topic = self.sns.create_topic(Name="topic")["TopicArn"]
        self.queue = self.sqs.create_queue(QueueName="queue")["QueueUrl"]
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:queue")
        registry = EndpointRegistry(folder / "endpoints.json")
        registry.put("EndpointConfig", "async", self.config())
        registry.put("EndpointConfig", "sync", {"ProductionVariants": [{"VariantName": "Blue"}]})
        registry.put("Endpoint", "mask", {"EndpointConfigName": "async"})
        registry.put("Endpoint", "now", {"EndpointConfigName": "sync"})
        container = Container(container_url)
        jobs = AsyncQueue(container, self.s3, self.sns, workers=1, capacity=capacity)
        self.server = RuntimeServer(0, registry, container, jobs, account="123456789012", region="us-east-1")
        serve(self.server)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.runtime = boto3.client(
            "sagemaker-runtime",
            region_name="us-east-1",
            endpoint_url=self.url,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def config(self) -> dict[str, Any]:
        topics = {"SuccessTopic": self.topic, "ErrorTopic": self.topic}
        output = {"S3OutputPath": "s3://bucket/out", "S3FailurePath": "s3://bucket/bad", "NotificationConfig": topics}
        return {"ProductionVariants": [{"VariantName": "Blue"}], "AsyncInferenceConfig": {"OutputConfig": output}}

    def order(self, content: bytes, **more: Any) -> dict[str, Any]:
        self.s3.put_object(Bucket="bucket", Key="in", Body=content)
        answer: dict[str, Any] = self.runtime.invoke_endpoint_async(
            EndpointName="mask", InputLocation="s3://bucket/in", ContentType="application/json", **more
        )
        return answer

    def heard(self) -> dict[str, Any]:
        deadline = time.monotonic() + 10
        while True:
            messages = self.sqs.receive_message(QueueUrl=self.queue).get("Messages", [])
            if messages:
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=messages[0]["ReceiptHandle"])
                message: dict[str, Any] = json.loads(json.loads(messages[0]["Body"])["Message"])
                return message
            assert time.monotonic() < deadline, "no notification came"
            time.sleep(0.02)

    def read(self, uri: str) -> bytes:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        body: bytes = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body


@pytest.fixture
def container_url() -> Iterator[str]:
    Serving.held = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    serve(server)
    yield f"http://127.0.0.1:{server.server_address[1]}"
    Serving.held.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def world(tmp_path: Path, container_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        made = World(tmp_path, container_url, capacity=2)
        yield made
        made.server.shutdown()
        made.server.server_close()


def test_a_success_is_written_and_announced(world: World) -> None:
    answer = world.order(b"work", InferenceId="run-1")
    message = world.heard()
    assert answer["InferenceId"] == message["inferenceId"] == "run-1"
    assert message["invocationStatus"] == "Completed"
    assert message["eventName"] == "InferenceResult"
    assert message["requestParameters"] == {
        "contentType": "application/json",
        "endpointName": "mask",
        "inputLocation": "s3://bucket/in",
    }
    assert message["responseParameters"]["outputLocation"] == answer["OutputLocation"]
    assert world.read(answer["OutputLocation"]) == b"did work"


def test_a_refusal_by_the_container_reaches_the_handlers_as_the_error_it_was(world: World) -> None:
    answer = world.order(b"refuse", InferenceId="run-2")
    message = world.heard()
    failure = InferenceNotification.model_validate(message).failure()
    assert (type(failure).__name__, failure.code, failure.message) == tuple(REFUSAL.values())
    assert message["failureLocation"] == answer["FailureLocation"]
    assert json.loads(world.read(answer["FailureLocation"])) == REFUSAL


def test_a_container_that_answers_too_late_is_a_failure_worth_another_try(world: World) -> None:
    world.order(b"hold", InferenceId="run-3", InvocationTimeoutSeconds=1)
    failure = InferenceNotification.model_validate(world.heard()).failure()
    assert failure.retryable


def test_a_missing_input_is_announced_as_a_failure(world: World) -> None:
    world.runtime.invoke_endpoint_async(EndpointName="mask", InputLocation="s3://bucket/nothing", InferenceId="run-4")
    message = world.heard()
    assert message["invocationStatus"] == "Failed"
    assert "NoSuchKey" in message["failureReason"]


def test_more_orders_than_the_queue_holds_are_turned_away(world: World) -> None:
    def fill() -> None:
        for _ in range(4):  # one is worked on, two wait
            world.order(b"hold")

    with pytest.raises(ClientError) as refused:
        fill()
    assert refused.value.response["Error"]["Code"] == "ServiceUnavailable"


def test_a_synchronous_answer_names_its_variant(world: World) -> None:
    answer = world.runtime.invoke_endpoint(EndpointName="now", Body=b"work", ContentType="text/plain")
    assert answer["Body"].read() == b"did work"
    assert answer["InvokedProductionVariant"] == "Blue"


def test_a_synchronous_failure_is_a_model_error(world: World) -> None:
    with pytest.raises(world.runtime.exceptions.ModelError) as failed:
        world.runtime.invoke_endpoint(EndpointName="now", Body=b"refuse")
    assert failed.value.response["OriginalStatusCode"] == 400
    assert json.loads(failed.value.response["OriginalMessage"]) == REFUSAL


@pytest.mark.parametrize("operation", ["invoke_endpoint", "invoke_endpoint_async"])
def test_an_unknown_endpoint_is_a_validation_error(world: World, operation: str) -> None:
    arguments = {"Body": b""} if operation == "invoke_endpoint" else {"InputLocation": "s3://bucket/in"}
    with pytest.raises(ClientError, match="Endpoint nowhere of account 123456789012 not found") as refused:
        getattr(world.runtime, operation)(EndpointName="nowhere", **arguments)
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_pages_of_other_sites_are_refused(world: World) -> None:
    url = f"{world.url}/endpoints/now/invocations"
    answer = urllib3.request("POST", url, body=b"x", headers={"Origin": "https://example.com"}, retries=False)
    assert answer.status == 403


def test_a_body_that_announces_too_much_is_not_read(world: World) -> None:
    url = f"{world.url}/endpoints/now/invocations"
    answer = urllib3.request("POST", url, body=b"x", headers={"Content-Length": "99999999999"}, retries=False)
    assert answer.status == 400
