"""Each gap of ministack that ``infra/local/emulator`` closes, against a running emulator."""

import base64
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from infra.local.emulator.concurrency import MOST_PER_FUNCTION
from infra.local.info import StackInfo
from infra.local.sagemaker.registry import EndpointRegistry
from infra.local.session import StackSession

pytestmark = pytest.mark.stack

INVOKE = "arn:aws:states:::lambda:invoke"
WAIT = f"{INVOKE}.waitForTaskToken"


@pytest.fixture(scope="module")
def aws(emulator: StackInfo) -> StackSession:
    return StackSession(emulator)


@pytest.fixture
def machine(emulator: StackInfo, aws: StackSession) -> Callable[..., str]:
    """Start an execution of one state, ``A``; return its address."""
    sfn = aws.client("stepfunctions")

    def start(state: dict[str, Any], **top_level: Any) -> str:
        definition = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {**state, "End": True}}, **top_level}
        created = sfn.create_state_machine(
            name=f"m-{uuid.uuid4().hex}",
            definition=json.dumps(definition),
            roleArn=emulator.outputs["MachineRole"],
        )
        arn: str = sfn.start_execution(stateMachineArn=created["stateMachineArn"], input="{}")["executionArn"]
        return arn

    return start


def eventually(look: Callable[[], Any], seconds: float = 15) -> Any:
    """Return what ``look`` finds once it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def ending(aws: StackSession, execution: str) -> dict[str, Any]:
    sfn = aws.client("stepfunctions")

    def ended() -> dict[str, Any] | None:
        described: dict[str, Any] = sfn.describe_execution(executionArn=execution)
        return None if described["status"] == "RUNNING" else described

    return eventually(ended)


def kept_tokens(aws: StackSession, info: StackInfo, name: str, count: int) -> list[str]:
    def enough() -> list[str] | None:
        items = aws.client("dynamodb").query(
            TableName=info.outputs["Table"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": name}},
        )["Items"]
        return [item["token"]["S"] for item in items] if len(items) >= count else None

    return eventually(enough)


def waiting_task(info: StackInfo, name: str, **fields: Any) -> dict[str, Any]:
    """Describe a task whose function keeps the token under ``name`` and answers nothing."""
    payload = {"name": name, "token": "{% $states.context.Task.Token %}"}
    arguments = {"FunctionName": info.outputs["KeepsToken"], "Payload": payload}
    return {"Type": "Task", "Resource": WAIT, "Arguments": arguments, **fields}


def invoke(aws: StackSession, function: str, event: dict[str, Any]) -> tuple[Any, str | None]:
    answer = aws.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    return json.load(answer["Payload"]), answer.get("FunctionError")


def get(url: str, session: StackSession | None = None, **headers: str) -> Any:
    """GET, signed where a session is given."""
    request = AWSRequest("GET", url, headers=headers)
    if session:
        SigV4Auth(session.get_credentials(), "execute-api", session.region_name).add_auth(request)
    return urllib3.request("GET", url, headers=dict(request.headers), retries=False)


def test_an_exception_keeps_its_class_name_and_stack_trace(emulator: StackInfo, aws: StackSession) -> None:
    document, kind = invoke(aws, emulator.outputs["Raises"], {})
    assert kind == "Unhandled"
    assert document["errorType"] == "TransientFailure"
    assert document["errorMessage"] == "try again"
    assert "probe.py" in "".join(document["stackTrace"])


def test_an_event_that_a_function_cannot_handle_ends_in_its_dead_letter_queue(
    emulator: StackInfo, aws: StackSession
) -> None:
    events, sqs, arn = aws.client("events"), aws.client("sqs"), emulator.outputs["Raises"]
    queue = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    target = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.client("lambda").update_function_configuration(FunctionName=arn, DeadLetterConfig={"TargetArn": target})
    events.create_event_bus(Name="own")
    events.put_rule(Name="fails", EventBusName="own", EventPattern='{"source": ["probe"]}')
    events.put_targets(Rule="fails", EventBusName="own", Targets=[{"Id": "function", "Arn": arn}])
    entry = {"Source": "probe", "DetailType": "Probe", "Detail": '{"number": 7}', "EventBusName": "own"}
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    (message,) = eventually(lambda: sqs.receive_message(QueueUrl=queue).get("Messages"), seconds=30)
    assert '"number": 7' in message["Body"].replace("\\", "")


def test_the_deployed_code_runs_in_a_warm_worker_with_a_lambda_context(emulator: StackInfo, aws: StackSession) -> None:
    first, _ = invoke(aws, emulator.outputs["Tells"], {"key": "ü €"})
    second, _ = invoke(aws, emulator.outputs["Tells"], {})
    assert first["event"] == {"key": "ü €"}
    assert first["function"] in emulator.outputs["Tells"]
    assert 0 < first["remaining_ms"] <= 20_000
    assert first["file"].startswith(first["task_root"])
    assert not first["sees_this_project"], "a function has what its zip holds, not what is installed for development"
    assert second["pid"] == first["pid"]


def test_an_invocation_has_the_lines_that_it_logged_and_no_others(emulator: StackInfo, aws: StackSession) -> None:
    def logged(*lines: str) -> list[str]:
        answer = aws.client("lambda").invoke(
            FunctionName=emulator.outputs["Says"], Payload=json.dumps({"lines": lines}), LogType="Tail"
        )
        text = base64.b64decode(answer.get("LogResult", "")).decode()
        return [line for line in text.splitlines() if not line.startswith(("START ", "END ", "REPORT "))]

    assert logged("one", "two") == ["one", "two"]
    assert logged() == []
    assert logged("three") == ["three"]


def test_an_http_api_gets_its_routes_and_authorizers_from_its_body(emulator: StackInfo, aws: StackSession) -> None:
    assert get(f"{emulator.api_url}/open").json() == {"path": "/open", "route": "GET /open"}
    assert get(f"{emulator.api_url}/things/7").status == 403
    signed = get(f"{emulator.api_url}/things/7", aws)
    assert signed.json() == {"path": "/things/7", "route": "ANY /{proxy+}"}


def test_a_greedy_route_takes_the_folder_itself_and_no_other_path(emulator: StackInfo) -> None:
    for path in ("/folder/", "/folder/file", "/folder/a/b"):
        assert get(emulator.api_url + path).json() == {"path": path, "route": "GET /folder/{proxy+}"}
    for path in ("/folder", "/folders/"):
        assert get(emulator.api_url + path).status == 403


def test_sagemaker_resources_reach_the_registry(emulator: StackInfo) -> None:
    endpoint = EndpointRegistry(emulator.state_dir / "endpoints.json").endpoint(emulator.outputs["Endpoint"])
    assert endpoint is not None
    assert endpoint.output is not None
    assert endpoint.output.output_path == f"s3://{emulator.outputs['Bucket']}/answers/"
    assert endpoint.output.success_topic == emulator.outputs["Topic"]


def test_an_endpoint_is_invoked_only_by_whom_a_policy_allows(emulator: StackInfo, aws: StackSession) -> None:
    allowed, _ = invoke(aws, emulator.outputs["AsksEndpoint"], {"endpoint": "probe-probe"})
    denied, _ = invoke(aws, emulator.outputs["AsksEndpoint"], {"endpoint": "another"})
    assert allowed == "ServiceUnavailable"  # let through, to a runtime that these tests do not start
    assert denied == "AccessDeniedException"


def test_scaling_of_endpoints_is_accepted(emulator: StackInfo) -> None:
    expected = "endpoint/probe-probe/variant/AllTraffic|sagemaker:variant:DesiredInstanceCount|sagemaker"
    assert emulator.outputs["ScalableTarget"] == expected


def test_an_upload_event_names_the_version_and_passes_a_mapping_with_a_number_parameter(
    emulator: StackInfo, aws: StackSession
) -> None:
    key = "folder/a b+ü%20.png"
    put = aws.client("s3").put_object(Bucket=emulator.outputs["Bucket"], Key=key, Body=b"1")

    def recorded() -> dict[str, Any] | None:
        items = aws.client("dynamodb").query(
            TableName=emulator.outputs["Table"],
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "messages"}},
        )["Items"]
        events = [json.loads(item["body"]["S"])["detail"]["object"] for item in items]
        return next((event for event in events if event["key"] == key), None)

    assert eventually(recorded)["version-id"] == put["VersionId"]


def test_a_reader_of_a_stream_holds_up_no_queue(emulator: StackInfo, aws: StackSession) -> None:
    """The function that is told of the change waits for a message that comes through a queue after it."""
    db, key, name = aws.client("dynamodb"), uuid.uuid4().hex, uuid.uuid4().hex
    db.put_item(TableName=emulator.outputs["Streamed"], Item={"pk": {"S": name}, "waits_for": {"S": key}})
    aws.client("s3").put_object(Bucket=emulator.outputs["Bucket"], Key=key, Body=b"1")
    place = {"pk": {"S": "changes"}, "sk": {"S": name}}
    recorded = eventually(lambda: db.get_item(TableName=emulator.outputs["Table"], Key=place).get("Item"))
    assert recorded["what"] == {"S": "INSERT"}


def test_roles_are_enforced_and_loopback_counts_as_encrypted(emulator: StackInfo, aws: StackSession) -> None:
    written, _ = invoke(aws, emulator.outputs["Writes"], {"key": "allowed/x"})
    refused, kind = invoke(aws, emulator.outputs["Writes"], {"key": "elsewhere/x"})
    assert written == "written"
    assert kind == "Unhandled"
    assert "AccessDenied" in refused["errorMessage"]


def test_who_may_send_a_message_may_send_several_at_once(emulator: StackInfo, aws: StackSession) -> None:
    queue = emulator.outputs["QueueUrl"]
    assert invoke(aws, emulator.outputs["Sends"], {"queue": queue, "text": '{"batch": true}'}) == (1, None)


def test_a_function_that_raises_before_answering_fails_its_waiting_task(
    emulator: StackInfo, aws: StackSession, machine: Callable[..., str]
) -> None:
    arguments = {"FunctionName": emulator.outputs["Raises"], "Payload": {}}
    ended = ending(aws, machine({"Type": "Task", "Resource": WAIT, "Arguments": arguments, "TimeoutSeconds": 60}))
    assert (ended["status"], ended["error"]) == ("FAILED", "TransientFailure")


def test_every_attempt_has_a_token_of_its_own(
    emulator: StackInfo, aws: StackSession, machine: Callable[..., str]
) -> None:
    retry = [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    execution = machine(waiting_task(emulator, "attempts", TimeoutSeconds=1, Retry=retry))
    first, second = kept_tokens(aws, emulator, "attempts", 2)
    sfn = aws.client("stepfunctions")
    with pytest.raises(ClientError, match="TaskDoesNotExist"):
        sfn.send_task_success(taskToken=first, output='"late"')
    sfn.send_task_success(taskToken=second, output='"in time"')
    assert json.loads(ending(aws, execution)["output"]) == "in time"


def test_a_missing_heartbeat_fails_the_task(
    emulator: StackInfo, aws: StackSession, machine: Callable[..., str]
) -> None:
    execution = machine(waiting_task(emulator, "silent", HeartbeatSeconds=1, TimeoutSeconds=60))
    assert ending(aws, execution)["error"] == "States.HeartbeatTimeout"


def test_heartbeats_keep_a_task_waiting(emulator: StackInfo, aws: StackSession, machine: Callable[..., str]) -> None:
    """Longer than a heartbeat may be away in all, and often enough that a busy machine may miss two."""
    execution = machine(waiting_task(emulator, "beating", HeartbeatSeconds=3, TimeoutSeconds=60))
    (token,) = kept_tokens(aws, emulator, "beating", 1)
    sfn = aws.client("stepfunctions")
    for _ in range(5):
        time.sleep(1)
        sfn.send_task_heartbeat(taskToken=token)
    sfn.send_task_success(taskToken=token, output='"alive"')
    assert json.loads(ending(aws, execution)["output"]) == "alive"


def test_a_retry_waits_no_longer_than_its_maximum(
    emulator: StackInfo, aws: StackSession, machine: Callable[..., str]
) -> None:
    retry = [{"ErrorEquals": ["TransientFailure"], "IntervalSeconds": 60, "MaxDelaySeconds": 1, "MaxAttempts": 1}]
    arguments = {"FunctionName": emulator.outputs["Raises"], "Payload": {}}
    execution = machine({"Type": "Task", "Resource": INVOKE, "Arguments": arguments, "Retry": retry})
    assert ending(aws, execution)["error"] == "TransientFailure"


def test_a_task_times_out_by_how_long_its_function_runs_and_not_by_how_long_it_waited_for_a_place(
    emulator: StackInfo, aws: StackSession, machine: Callable[..., str]
) -> None:
    def task(seconds: float, timeout: int) -> dict[str, Any]:
        call = {"FunctionName": emulator.outputs["Sleeps"], "Payload": {"seconds": seconds}}
        return {"Type": "Task", "Resource": INVOKE, "TimeoutSeconds": timeout, "Arguments": call}

    assert ending(aws, machine(task(0, 20)))["status"] == "SUCCEEDED"  # the workers are there
    at_once = [machine(task(3, 7)) for _ in range(3 * MOST_PER_FUNCTION)]
    assert {ending(aws, execution)["status"] for execution in at_once} == {"SUCCEEDED"}
    late = ending(aws, machine(task(5, 1)))
    assert (late["status"], late["error"]) == ("FAILED", "States.Timeout")


def test_an_execution_ends_with_its_timeout(aws: StackSession, machine: Callable[..., str]) -> None:
    execution = machine({"Type": "Wait", "Seconds": 60}, TimeoutSeconds=1)
    assert ending(aws, execution)["status"] == "TIMED_OUT"


def test_a_stopped_execution_stays_stopped(emulator: StackInfo, aws: StackSession, machine: Callable[..., str]) -> None:
    execution = machine(waiting_task(emulator, "stopped", TimeoutSeconds=60))
    (token,) = kept_tokens(aws, emulator, "stopped", 1)
    sfn = aws.client("stepfunctions")
    sfn.stop_execution(executionArn=execution, error="Cancelled")
    sfn.send_task_failure(taskToken=token, error="TooLate")
    time.sleep(0.3)  # the failure has to pass through the engine before it could do harm
    assert sfn.describe_execution(executionArn=execution)["status"] == "ABORTED"


def mapped(info: StackInfo, aws: StackSession, name: str, *, at_once: int) -> dict[str, Any]:
    """Describe a distributed map over three lines of an object, whose items each wait for their token."""
    lines = "".join(json.dumps({"name": name, "number": number}) + "\n" for number in range(3))
    aws.client("s3").put_object(Bucket=info.outputs["Bucket"], Key=f"lists/{name}.jsonl", Body=lines.encode())
    item = waiting_task(info, "{% $states.input.name %}", TimeoutSeconds=60, End=True)
    reader = {"Bucket": info.outputs["Bucket"], "Key": "{% 'lists/' & '" + name + "' & '.jsonl' %}"}
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Item"}
    return {
        "Type": "Map",
        "MaxConcurrency": "{% " + str(at_once) + " %}",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSONL"},
            "Arguments": reader,
        },
        "ItemProcessor": {**processor, "States": {"Item": item}},
        "Output": "{% {'sum': $sum($states.result)} %}",
    }


def test_a_distributed_map_reads_its_items_by_jsonata_and_each_waits_for_its_own_token(
    emulator: StackInfo, aws: StackSession, machine: Callable[..., str]
) -> None:
    execution = machine(mapped(emulator, aws, "mapped", at_once=3))
    for number, token in enumerate(kept_tokens(aws, emulator, "mapped", 3)):
        aws.client("stepfunctions").send_task_success(taskToken=token, output=str(number))
    assert json.loads(ending(aws, execution)["output"]) == {"sum": 3}


def test_a_distributed_map_takes_no_more_items_at_once_than_asked_for_and_none_once_it_is_stopped(
    emulator: StackInfo, aws: StackSession, machine: Callable[..., str]
) -> None:
    sfn, execution = aws.client("stepfunctions"), machine(mapped(emulator, aws, "bounded", at_once=1))
    (first,) = kept_tokens(aws, emulator, "bounded", 1)
    sfn.send_task_success(taskToken=first, output="0")
    first, second = kept_tokens(aws, emulator, "bounded", 2)
    sfn.stop_execution(executionArn=execution)
    sfn.send_task_success(taskToken=second, output="0")
    time.sleep(0.3)  # the next item would have to be begun
    assert len(kept_tokens(aws, emulator, "bounded", 2)) == 2


def test_other_peoples_pages_are_kept_out(emulator: StackInfo) -> None:
    url = emulator.endpoint_url
    assert urllib3.request("POST", f"{url}/_ministack/reset", retries=False).status == 403
    assert get(f"{url}/", Origin="https://example.com").status == 403
    assert get(f"{url}/", Host="rebound.example.com").status == 403
    assert get(f"{url}/_ministack/health").status == 200


def of_cdn(emulator: StackInfo, host: str, **headers: str) -> Any:
    """Ask for the one object that the bucket shows to everybody."""
    url = f"{emulator.endpoint_url}/shown.jpg"
    return urllib3.request("GET", url, headers={"Host": host, **headers}, retries=False, redirect=False)


@pytest.fixture
def shown(emulator: StackInfo, aws: StackSession) -> bytes:
    aws.client("s3").put_object(Bucket=emulator.outputs["Bucket"], Key="shown.jpg", Body=b"something")
    return b"something"


def test_a_cdn_is_read_over_loopback_and_under_its_own_name_over_https_alone(emulator: StackInfo, shown: bytes) -> None:
    name = emulator.outputs["OpenCdn"]
    assert of_cdn(emulator, name).status == 301
    assert of_cdn(emulator, name, **{"X-Forwarded-Proto": "https"}).data == shown
    assert of_cdn(emulator, name.replace(".net", f".localhost:{emulator.ports.emulator}")).data == shown


def test_a_cdn_with_trusted_keys_lets_nobody_in_who_has_no_signature(emulator: StackInfo, shown: bytes) -> None:
    found = of_cdn(emulator, emulator.outputs["ClosedCdn"], **{"X-Forwarded-Proto": "https"})
    assert found.status == 403
    assert shown not in found.data
