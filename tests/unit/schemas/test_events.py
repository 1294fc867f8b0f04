"""Captured events are read; what failed behind SageMaker keeps its kind."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.conclude import cause_of, outcome_of
from schemas.errors import BY_NAME, BadInput, PermanentFailure, TransientFailure
from schemas.events import ExecutionEnded, InferenceNotification, ObjectCreated, StateMachineError
from schemas.stage import StageFailure

Captured = Callable[[str], Any]
SEE = "See https://eu-central-1.console.aws.amazon.com/cloudwatch/home#logEventViewer:group=/aws/{x} for more."


def _failed(reason: str, **more: Any) -> InferenceNotification:
    facts = {"inferenceId": "i-1", "invocationStatus": "Failed", "failureReason": reason}
    return InferenceNotification.model_validate(facts | more)


def test_an_upload_event_names_one_version(captured: Captured) -> None:
    bodies = [json.loads(record["body"]) for record in captured("sqs-object-created")["Records"]]
    pointers = [ObjectCreated.model_validate(body).pointer for body in bodies]
    assert [pointer.key for pointer in pointers] == [body["detail"]["object"]["key"] for body in bodies]
    assert all(pointer.version_id for pointer in pointers)


@pytest.mark.parametrize(
    "change", [{"source": "aws.ec2"}, {"detail-type": "Object Deleted"}, {"detail": {"bucket": {"name": "b"}}}]
)
def test_other_events_are_refused(captured: Captured, change: dict[str, Any]) -> None:
    body = json.loads(captured("sqs-object-created")["Records"][0]["body"])
    with pytest.raises(ValidationError):
        ObjectCreated.model_validate(body | change)


def test_the_end_of_an_execution_is_read_with_and_without_its_input(captured: Captured) -> None:
    assert ExecutionEnded.model_validate(captured("states-execution-timed-out")).detail.status == "TIMED_OUT"
    assert ExecutionEnded.model_validate(captured("states-execution-input-too-large")).detail.input is None


@pytest.mark.parametrize("kind", [BadInput, PermanentFailure, TransientFailure])
@pytest.mark.parametrize(
    "quoting",
    [
        lambda body: f'ClientError: Received client error (400) from primary with message "{body}". {SEE}',
        lambda body: (
            f"ClientError: Received server error (500) from primary with message {json.dumps(body)}. See logs."
        ),
        lambda body: body,
    ],
)
def test_a_quoted_failure_keeps_its_kind_code_and_message(kind: Any, quoting: Callable[[str], str]) -> None:
    said = kind('The mask is "empty",\nsays the model.', code="mask_empty")
    found = _failed(quoting(StageFailure.of(said).model_dump_json()).replace("{x}", "x")).failure()
    assert (type(found), found.code, found.message) == (kind, said.code, said.message)


@given(message=st.text(max_size=60))
def test_any_message_survives_being_quoted(message: str) -> None:
    body = StageFailure.of(BadInput(message, code="no")).model_dump_json()
    for text in (f'with message "{body}". See x', f"with message {json.dumps(body)}. See x"):
        assert _failed(text).failure().message == message


@pytest.mark.parametrize(
    ("reason", "kind", "code"),
    [
        ("", TransientFailure, "container_failed"),
        ("InternalServerError: could not get a response from the endpoint", TransientFailure, "container_failed"),
        ("ClientError: Received server error (500) from model. See the logs.", TransientFailure, "container_failed"),
        ("ClientError: Received client error (400) from model. See the logs.", PermanentFailure, "container_refused"),
        ('Received client error (400) with message "{not JSON}"', PermanentFailure, "container_refused"),
        ('Received server error (500) with message "{"detail": "x"}"', TransientFailure, "container_failed"),
        ("{" * 500, TransientFailure, "container_failed"),
        ('{"a":' * 100_000, TransientFailure, "container_failed"),
        ('with message "{\\x}"', TransientFailure, "container_failed"),
    ],
)
def test_an_unknown_failure_is_worth_another_try_unless_it_was_refused(reason: str, kind: Any, code: str) -> None:
    found = _failed(reason).failure()
    assert (type(found), found.code) == (kind, code)
    assert "JSON" not in found.message


def test_a_kind_of_failure_that_we_do_not_know_is_final() -> None:
    body = json.dumps({"error": "SomethingNew", "code": "new", "message": "New."})
    assert isinstance(_failed(body).failure(), PermanentFailure)


@pytest.mark.parametrize("content", ["%%%", "/w==", ""])
def test_a_response_that_cannot_be_decoded_is_passed_over(content: str) -> None:
    found = _failed("no words", responseBody={"content": content, "encoding": "BASE64"}).failure()
    assert found.code == "container_failed"


def test_a_response_in_plain_text_is_read() -> None:
    body = StageFailure.of(BadInput("No.", code="no")).model_dump_json()
    assert _failed("no words", responseBody={"content": body}).failure().code == "no"


@given(code=st.from_regex(r"[a-z][a-z_0-9]{0,20}", fullmatch=True), message=st.text(min_size=1, max_size=80))
def test_what_settle_writes_is_what_finish_reads(code: str, message: str) -> None:
    for name in BY_NAME:
        outcome = outcome_of(StateMachineError.model_validate({"Error": name, "Cause": cause_of(code, message)}))
        assert (outcome.code, outcome.reason) == (code, message)


@given(cause=st.text(max_size=40) | st.none() | st.integers() | st.dictionaries(st.text(max_size=3), st.text()))
def test_no_cause_whatsoever_breaks_an_ending(cause: Any) -> None:
    for name in (*BY_NAME, "States.TaskFailed", "KeyError"):
        for wrapped in (cause, json.dumps(cause), json.dumps([cause]), json.dumps({"errorMessage": cause})):
            outcome = outcome_of(StateMachineError.model_validate({"Error": name, "Cause": wrapped}))
            assert outcome.status.is_outcome
            assert outcome.reason
            assert outcome.code


def test_a_cause_may_be_left_out() -> None:
    assert outcome_of(StateMachineError.model_validate({"Error": "States.Timeout"})).code == "timeout"
