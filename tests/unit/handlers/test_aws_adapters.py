"""What AWS is asked has the shape AWS demands, and what it answers has our three names."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from handlers.aws import endpoints, executions, storage, table
from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas.conclude import outcome_of
from schemas.errors import BadInput, CleanplateError, PermanentFailure, TransientFailure
from schemas.events import StateMachineError
from schemas.pointers import S3Pointer
from schemas.run import RunState
from schemas.stage import Stage
from tests import documents
from tests.documents import INBOX, WORK
from tests.unit.handlers.conftest import Upload

REQUEST = S3Pointer(bucket=WORK, key="requests/i-1.json")


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "arn:aws:iam::123456789012:role/secret"}}, "Operation")


@pytest.mark.parametrize(
    ("raised", "kind", "code"),
    [
        (_error("AccessDenied"), PermanentFailure, "aws_refused"),
        (_error("AccessDeniedException"), PermanentFailure, "aws_refused"),
        (_error("403"), PermanentFailure, "aws_refused"),
        (_error("NoSuchBucket"), PermanentFailure, "aws_refused"),
        (_error("ResourceNotFoundException"), PermanentFailure, "aws_refused"),
        (_error("StateMachineDoesNotExist"), PermanentFailure, "aws_refused"),
        (_error("ValidationException"), PermanentFailure, "aws_refused"),
        (_error("ValidationError"), PermanentFailure, "aws_refused"),
        (_error("ThrottlingException"), TransientFailure, "aws_unavailable"),
        (_error("ProvisionedThroughputExceededException"), TransientFailure, "aws_unavailable"),
        (_error("TransactionConflictException"), TransientFailure, "aws_unavailable"),
        (_error("SlowDown"), TransientFailure, "aws_unavailable"),
        (_error("InternalError"), TransientFailure, "aws_unavailable"),
        (_error("ServiceUnavailable"), TransientFailure, "aws_unavailable"),
        (_error("SomethingNew"), TransientFailure, "aws_unavailable"),
        (EndpointConnectionError(endpoint_url="https://secret"), TransientFailure, "aws_unreachable"),
        (ReadTimeoutError(endpoint_url="https://secret"), TransientFailure, "aws_unreachable"),
    ],
)
def test_every_error_of_aws_has_one_of_our_names(raised: Exception, kind: type[CleanplateError], code: str) -> None:
    with pytest.raises(CleanplateError) as caught, translated("a test"):
        raise raised
    assert (type(caught.value), caught.value.code) == (kind, code)
    assert "secret" not in caught.value.message


def test_our_own_errors_pass_through() -> None:
    with pytest.raises(BadInput), translated("a test"):
        raise BadInput("No.", code="no")


@pytest.fixture
def sagemaker() -> Iterator[Stubber]:
    with Stubber(client("sagemaker-runtime")) as stub:
        yield stub


@pytest.fixture
def stepfunctions() -> Iterator[Stubber]:
    with Stubber(client("stepfunctions")) as stub:
        yield stub


def test_an_endpoint_is_asked_in_the_shape_sagemaker_demands(sagemaker: Stubber) -> None:
    expected = {
        "EndpointName": "cleanplate-shared",
        "InputLocation": f"s3://{WORK}/requests/i-1.json",
        "InferenceId": "i-1",
        "ContentType": "application/json",
        "Accept": "application/json",
        "RequestTTLSeconds": 900,
        "InvocationTimeoutSeconds": 900,
    }
    sagemaker.add_response("invoke_endpoint_async", {"InferenceId": "i-1"}, expected)
    endpoints.invoke("cleanplate-shared", REQUEST, "i-1")
    sagemaker.assert_no_pending_responses()


def test_an_endpoint_that_there_is_not_is_not_asked_again(sagemaker: Stubber) -> None:
    sagemaker.add_client_error("invoke_endpoint_async", "ValidationError", "Endpoint cleanplate-x not found.", 400)
    with pytest.raises(PermanentFailure):
        endpoints.invoke("cleanplate-x", REQUEST, "i-1")


def test_answers_to_tokens_have_the_shape_step_functions_demands(stepfunctions: Stubber) -> None:
    summary = documents.summary(Stage.MASK)
    stepfunctions.add_response(
        "send_task_success", {}, {"taskToken": "t", "output": summary.model_dump_json(exclude_none=True)}
    )
    cause = '{"errorMessage": "no: No."}'
    stepfunctions.add_response("send_task_failure", {}, {"taskToken": "t", "error": "BadInput", "cause": cause})
    assert executions.answer("t", summary)
    assert executions.refuse("t", BadInput("No.", code="no"))


@pytest.mark.parametrize("message", ["a" * 100_000, "\U0001f600" * 40_000, '"' * 40_000])
def test_a_cause_is_never_longer_than_step_functions_takes(monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(client("stepfunctions"), "send_task_failure", lambda **arguments: told.append(arguments))
    executions.refuse("t", TransientFailure(message, code="chatty"))
    assert len(told[0]["cause"]) <= 32_768
    error = StateMachineError.model_validate({"Error": "TransientFailure", "Cause": told[0]["cause"]})
    assert outcome_of(error).code == "chatty"


@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_nobody_waiting_any_more_is_no_error(stepfunctions: Stubber, code: str) -> None:
    stepfunctions.add_client_error("send_task_success", code, http_status_code=400)
    stepfunctions.add_client_error("send_task_failure", code, http_status_code=400)
    assert not executions.answer("t", documents.summary(Stage.MASK))
    assert not executions.refuse("t", BadInput("No.", code="no"))


def test_other_refusals_of_step_functions_are_errors(stepfunctions: Stubber) -> None:
    stepfunctions.add_client_error("send_task_success", "AccessDeniedException", http_status_code=400)
    stepfunctions.add_client_error("start_execution", "StateMachineDoesNotExist", http_status_code=400)
    stepfunctions.add_client_error("describe_execution", "ThrottlingException", http_status_code=400)
    with pytest.raises(PermanentFailure):
        executions.answer("t", documents.summary(Stage.MASK))
    with pytest.raises(PermanentFailure):
        executions.start(RunState(run=documents.run()))
    with pytest.raises(TransientFailure):
        executions.status_of("r-1")


def test_what_starts_an_execution_has_no_nulls(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(client("stepfunctions"), "start_execution", lambda **arguments: sent.append(arguments))
    run = documents.run()
    assert executions.start(RunState(run=run))
    assert (sent[0]["stateMachineArn"], sent[0]["name"]) == (settings().state_machine_arn, run.run_id)
    assert "null" not in sent[0]["input"]  # JSONata's $exists(null) is true


def test_a_cancelled_transaction_tells_a_condition_from_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*reasons: str) -> ClientError:
        codes = [{"Code": reason} for reason in reasons]
        response: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": codes}
        return ClientError(response, "TransactWriteItems")

    def answer_with(error: ClientError) -> None:
        def refuse(**_arguments: Any) -> None:
            raise error

        monkeypatch.setattr(client("dynamodb"), "transact_write_items", refuse)

    answer_with(cancelled("None", "ConditionalCheckFailed"))
    assert table.transact([], "a test") is False
    answer_with(cancelled("TransactionConflict", "None"))
    with pytest.raises(TransientFailure):
        table.transact([], "a test")
    answer_with(_error("ThrottlingException"))
    with pytest.raises(TransientFailure):
        table.transact([], "a test")


@pytest.mark.parametrize("key", ["", "k" * 1025, "\u00fc" * 600])
def test_a_key_that_s3_cannot_hold_is_not_there(aws: None, key: str) -> None:
    assert storage.head(INBOX, key) is None


def test_the_bucket_itself_missing_is_our_fault(aws: None) -> None:
    with pytest.raises(CleanplateError):
        list(storage.keys_under("no-such-bucket", ""))
    with pytest.raises(PermanentFailure):
        storage.read_text(S3Pointer(bucket="no-such-bucket", key="x"))


def test_listing_crosses_pages_and_stops_where_told(upload: Upload) -> None:
    for number in range(7):
        upload(f"a/{number}.jpg")
    client("s3").meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=3), unique_id="small"
    )
    try:
        assert len(list(storage.keys_under(INBOX, "a/"))) == 7
        assert len(list(storage.keys_under(INBOX, "a/", at_most=5))) == 5
    finally:
        client("s3").meta.events.unregister("provide-client-params.s3.ListObjectsV2", unique_id="small")


def test_a_link_lasts_minutes_and_names_the_version(upload: Upload) -> None:
    photo = upload("a.jpg")
    link = storage.presigned_get(photo)
    assert "X-Amz-Expires=300" in link
    assert f"versionId={photo.version_id}" in link
    assert "versionId" not in storage.presigned_get(photo.model_copy(update={"version_id": "null"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TABLE_NAME", None),
        ("ENDPOINT_LAYOUT", "secret-value"),
        ("MAX_PIXELS", "secret-value"),
        ("MAX_ATTEMPTS", "0"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(PermanentFailure) as raised:
        settings()
    assert name in raised.value.message
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("layout", "stage", "name"),
    [
        ("shared", Stage.MASK, "cleanplate-shared"),
        ("shared", Stage.ASSESS_UPSCALED, "cleanplate-shared"),
        ("per-stage", Stage.INPAINT, "cleanplate-inpaint"),
        ("per-stage", Stage.ASSESS_UPSCALED, "cleanplate-assess"),
    ],
)
def test_a_stage_knows_its_endpoint(monkeypatch: pytest.MonkeyPatch, layout: str, stage: Stage, name: str) -> None:
    monkeypatch.setenv("ENDPOINT_LAYOUT", layout)
    assert settings().endpoint_for(stage) == name
