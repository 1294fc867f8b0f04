"""AWS in process: buckets, the table as the template defines it, a state machine, and recorded answers to tokens."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend

from handlers import keeping, prices, recipes
from handlers.aws import clients
from handlers.observability import metrics
from handlers.settings import settings
from infra.local import template
from schemas import ids
from schemas.pointers import S3Pointer
from tests.documents import DELIVERY, INBOX, WORK
from tests.unit.handlers.documented import answered
from tests.unit.handlers.http_calls import Answer, Ask, Call

ROOT = Path(__file__).parents[3]
REGION = "eu-central-1"
STATE_MACHINE = f"arn:aws:states:{REGION}:123456789012:stateMachine:cleanplate-pipeline"
BATCH_MACHINE = STATE_MACHINE.replace("-pipeline", "-batches")
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "TABLE_NAME": "records",
    "INBOX_BUCKET": INBOX,
    "WORK_BUCKET": WORK,
    "DELIVERY_BUCKET": DELIVERY,
    "EVENT_BUS": "cleanplate-reviews",
    "OUTCOME_BUS": "cleanplate-outcomes",
    "STATE_MACHINE_ARN": STATE_MACHINE,
    "BATCH_MACHINE_ARN": BATCH_MACHINE,
    "ENDPOINT_PREFIX": "cleanplate",
    "ENDPOINT_LAYOUT": "shared",
    "DEFAULT_RECIPE": "remove-watermark",
    "RECIPES_FOLDER": str(ROOT / "infra" / "recipes"),
    "REVIEW_FOLDER": str(ROOT / "infra" / "review"),
    "PRICES_FILE": str(ROOT / "infra" / "prices.yaml"),
    "POWERTOOLS_SERVICE_NAME": "cleanplate",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the functions the environment that the template gives them, and nothing remembered from another test."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "MAX_ATTEMPTS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    _forget()
    yield
    _forget()


def _forget() -> None:
    settings.cache_clear()
    recipes.forget()
    keeping.forget()
    prices.prices.cache_clear()
    metrics.clear_metrics()


@pytest.fixture(scope="package")
def _memory() -> Iterator[None]:
    """Serve AWS from memory for all tests here: a client costs more to make than all that most tests do with it."""
    with pytest.MonkeyPatch.context() as patched, mock_aws(config={"core": {"mock_credentials": False}}):
        for name, value in ENVIRONMENT.items():
            patched.setenv(name, value)
        clients.client.cache_clear()
        yield
        clients.client.cache_clear()


@pytest.fixture
def aws(_memory: None) -> None:
    """Start from an empty account with our resources in it."""
    start_afresh()


def start_afresh() -> None:
    """Empty the account and put our resources into it; also between the examples of one property."""
    moto_api_backend.reset()
    _create_buckets()
    _create_table()
    for bus in ("EVENT_BUS", "OUTCOME_BUS"):
        clients.client("events").create_event_bus(Name=ENVIRONMENT[bus])
    definition = '{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": true}}}'
    role = "arn:aws:iam::123456789012:role/pipeline"
    for name in ("cleanplate-pipeline", "cleanplate-batches"):
        clients.client("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=role)


def _create_buckets() -> None:
    s3 = clients.client("s3")
    for bucket in (INBOX, WORK, DELIVERY):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


@cache
def _table() -> dict[str, Any]:
    defined = template.load(ROOT / "template.yaml")["Resources"]["RecordsTable"]["Properties"]
    wanted = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {name: defined[name] for name in wanted}


def _create_table() -> None:
    clients.client("dynamodb").create_table(TableName="records", **_table())


@dataclass
class TaskTokens:
    """What Step Functions was told about waiting tasks; ``gone`` tokens are answered as AWS answers late ones."""

    answered: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    gone: bool = False

    def succeed(self, **arguments: Any) -> None:
        """Stand in for SendTaskSuccess."""
        self._check("SendTaskSuccess")
        self.answered.append(arguments)

    def fail(self, **arguments: Any) -> None:
        """Stand in for SendTaskFailure."""
        self._check("SendTaskFailure")
        self.refused.append(arguments)

    def _check(self, operation: str) -> None:
        if self.gone:
            raise clients.ClientError({"Error": {"Code": "TaskTimedOut", "Message": "Task Timed Out"}}, operation)


@pytest.fixture
def tokens(aws: None, monkeypatch: pytest.MonkeyPatch) -> TaskTokens:
    """Record what waiting tasks are told: moto knows no task tokens."""
    recorded = TaskTokens()
    stepfunctions = clients.client("stepfunctions")
    monkeypatch.setattr(stepfunctions, "send_task_success", recorded.succeed)
    monkeypatch.setattr(stepfunctions, "send_task_failure", recorded.fail)
    return recorded


@pytest.fixture
def asked(aws: None, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Record what endpoints are asked: moto's answer at once, and ours take their time."""
    calls: list[dict[str, Any]] = []
    runtime = clients.client("sagemaker-runtime")
    monkeypatch.setattr(runtime, "invoke_endpoint_async", lambda **arguments: calls.append(arguments))
    return calls


@pytest.fixture
def announced(aws: None, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Record what the bus is told, and let moto judge it as well."""
    entries: list[dict[str, Any]] = []
    put = clients.client("events").put_events

    def record(**arguments: Any) -> Any:
        entries.extend(arguments["Entries"])
        return put(**arguments)

    monkeypatch.setattr(clients.client("events"), "put_events", record)
    return entries


Upload = Callable[..., S3Pointer]


@pytest.fixture
def upload(aws: None) -> Upload:
    """Put an object into the inbox, as a person does."""

    def put(key: str, body: bytes = b"picture", *, bucket: str = INBOX, **options: Any) -> S3Pointer:
        version = clients.client("s3").put_object(Bucket=bucket, Key=key, Body=body, **options)["VersionId"]
        return S3Pointer(bucket=bucket, key=key, version_id=version)

    return put


@pytest.fixture
def context() -> Any:
    """Build the context that Lambda passes."""
    return SimpleNamespace(
        function_name="function",
        memory_limit_in_mb=512,
        invoked_function_arn=f"arn:aws:lambda:{REGION}:123456789012:function:function",
        aws_request_id="8a2ec6c9-5d12-4f1c-9d86-5f9b2f4b2f6e",
        get_remaining_time_in_millis=lambda: 30_000,
    )


@pytest.fixture
def ask(aws: None, captured: Callable[[str], Any], context: Any) -> Ask:
    """Send a request as API Gateway passes it on, and get what it is given back."""

    def send(
        method: str, path: str, *, body: Any = None, encode: bool = False, headers: Any = None, **query: str
    ) -> dict[str, Any]:
        event = captured("http-api-get")
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["requestContext"]["http"]["method"] = method
        event["queryStringParameters"] = query
        event["headers"] |= headers or {}
        if isinstance(body, bytes):  # what is no text arrives encoded
            event["body"], event["isBase64Encoded"] = base64.b64encode(body).decode(), True
        elif body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            event["body"] = base64.b64encode(text.encode()).decode() if encode else text
            event["isBase64Encoded"] = encode
        return answered(event, context)

    return send


@pytest.fixture
def call(ask: Ask) -> Call:
    """Send a request as API Gateway passes it on; get status and document."""

    def send(method: str, path: str, **more: Any) -> Answer:
        answer = ask(method, path, **more)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def asset_of(pointer: S3Pointer) -> str:
    """Name the asset that an upload is."""
    return ids.asset_id(pointer.bucket, pointer.key, pointer.version_id or "")


def executions(machine: str = STATE_MACHINE) -> dict[str, str]:
    """List every execution there is of a machine, with its status."""
    found = clients.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    return {execution["name"]: execution["status"] for execution in found}


def stop(run_id: str) -> None:
    """Cut an execution off, as a restarted engine does."""
    clients.client("stepfunctions").stop_execution(
        executionArn=STATE_MACHINE.replace(":stateMachine:", ":execution:") + f":{run_id}"
    )
