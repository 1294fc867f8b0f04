"""Settle turns SageMaker's notifications into answers to waiting tasks, once, and in our own words."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers import settle
from handlers.aws import records, storage
from handlers.aws.clients import client
from schemas.conclude import outcome_of
from schemas.events import StateMachineError
from schemas.mark import as_inputs
from schemas.pointers import S3Pointer
from schemas.records import Callback, now
from schemas.run import Run, StageSummary
from schemas.stage import Stage
from tests import documents
from tests.documents import WORK
from tests.unit.handlers.conftest import TaskTokens
from tests.unit.handlers.journeys import begin

INFERENCE = "i-5f0c8a1e9b7d4c3a2f1e0d9c8b7a69584736251a"
RESULT = S3Pointer(bucket=WORK, key="stages/mask/abc/result.json")
Captured = Callable[[str], Any]


@pytest.fixture
def run(tokens: TaskTokens) -> Run:
    order = begin(documents.PHOTO)
    records.put_callback(
        Callback(
            inference_id=INFERENCE,
            task_token="token",
            asset_id=order.asset_id,
            run_id=order.run_id,
            stage=Stage.MASK,
            inputs={"source": documents.PHOTO, **as_inputs(documents.MARKS)},
            result=RESULT,
            submitted_at=now(),
            expires_at=2_000_000_000,
        )
    )
    return order


def _answer_lies_there() -> None:
    storage.write_text(RESULT, documents.result(Stage.MASK).model_dump_json())


def test_a_success_lets_the_chain_go_on_and_is_written_down(
    run: Run, tokens: TaskTokens, captured: Captured, context: Any
) -> None:
    _answer_lies_there()
    settle.handler(captured("sagemaker-async-completed"), context)
    (told,) = tokens.answered
    assert told["taskToken"] == "token"
    assert StageSummary.model_validate_json(told["output"]) == StageSummary.of(documents.result(Stage.MASK), RESULT)
    (stage,) = records.stages_of(run.asset_id, run.run_id)
    assert (stage.model_seconds, stage.outputs) == (0.5, documents.result(Stage.MASK).outputs)
    assert stage.inputs == {"source": documents.PHOTO, "mark-acme": documents.MARKS["acme"]}
    assert records.find_callback(INFERENCE) is None


def test_what_the_chain_carries_has_no_nulls(run: Run, tokens: TaskTokens, captured: Captured, context: Any) -> None:
    _answer_lies_there()
    settle.handler(captured("sagemaker-async-completed"), context)
    assert "null" not in tokens.answered[0]["output"]  # JSONata's $exists(null) is true


def test_a_second_copy_of_a_notification_does_nothing(
    run: Run, tokens: TaskTokens, captured: Captured, context: Any
) -> None:
    _answer_lies_there()
    for _ in range(3):
        settle.handler(captured("sagemaker-async-completed"), context)
    assert len(tokens.answered) == 1
    assert len(records.stages_of(run.asset_id, run.run_id)) == 1


def test_a_crash_before_forgetting_who_waits_writes_the_stage_only_once(
    run: Run, tokens: TaskTokens, captured: Captured, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer_lies_there()
    with monkeypatch.context() as patched:
        patched.setattr(settle.records, "forget_callback", lambda _inference: None)
        settle.handler(captured("sagemaker-async-completed"), context)
    tokens.gone = True
    settle.handler(captured("sagemaker-async-completed"), context)
    assert len(records.stages_of(run.asset_id, run.run_id)) == 1
    assert records.find_callback(INFERENCE) is None


def test_a_notification_that_nobody_waits_for_does_nothing(
    tokens: TaskTokens, captured: Captured, context: Any
) -> None:
    settle.handler(captured("sagemaker-async-completed"), context)
    assert (tokens.answered, tokens.refused) == ([], [])


@pytest.mark.parametrize(
    ("event", "error", "code"),
    [
        ("sagemaker-async-failed-quoted", "BadInput", "mask_empty"),
        ("sagemaker-async-failed-with-response", "TransientFailure", "out_of_memory"),
        ("sagemaker-async-failed-not-quoted", "PermanentFailure", "container_refused"),
        ("sagemaker-async-failed-unreachable", "TransientFailure", "container_failed"),
    ],
)
def test_a_failure_keeps_its_kind_its_code_and_its_message(
    run: Run, tokens: TaskTokens, captured: Captured, context: Any, event: str, error: str, code: str
) -> None:
    settle.handler(captured(event), context)
    (told,) = tokens.refused
    assert (told["taskToken"], told["error"]) == ("token", error)
    outcome = outcome_of(StateMachineError.model_validate({"Error": told["error"], "Cause": told["cause"]}))
    assert outcome.code == code
    assert outcome.reason.endswith(".")
    assert records.find_callback(INFERENCE) is None


def test_a_late_failure_of_a_task_that_gave_up_is_let_go(
    run: Run, tokens: TaskTokens, captured: Captured, context: Any
) -> None:
    tokens.gone = True
    settle.handler(captured("sagemaker-async-failed-quoted"), context)
    assert records.find_callback(INFERENCE) is None


@pytest.mark.parametrize(
    ("body", "error", "code"),
    [
        (None, "TransientFailure", "result_missing"),
        (b'{"stage": "mask"}', "PermanentFailure", "bad_result"),
        (b"\xff\xfe\xfd", "PermanentFailure", "bad_document"),
        (b"1" * (5 << 20), "PermanentFailure", "bad_document"),
    ],
)
def test_a_success_without_a_usable_result_fails_the_stage_at_once(
    run: Run, tokens: TaskTokens, captured: Captured, context: Any, body: bytes | None, error: str, code: str
) -> None:
    if body is not None:
        client("s3").put_object(Bucket=RESULT.bucket, Key=RESULT.key, Body=body)
    settle.handler(captured("sagemaker-async-completed"), context)
    (told,) = tokens.refused
    assert told["error"] == error
    assert json.loads(told["cause"])["errorMessage"].startswith(f"{code}: ")
    assert tokens.answered == []


def test_the_copy_that_sagemaker_left_goes_and_nothing_else_does(run: Run, captured: Captured, context: Any) -> None:
    _answer_lies_there()
    event = captured("sagemaker-async-completed")
    message = json.loads(event["Records"][0]["Sns"]["Message"])
    for key in ("async/answers/7c9d.out", "stages/mask/other/result.json"):
        storage.write_text(S3Pointer(bucket=WORK, key=key), "{}")
        message["responseParameters"]["outputLocation"] = f"s3://{WORK}/{key}"
        event["Records"][0]["Sns"]["Message"] = json.dumps(message)
        settle.handler(event, context)
    keys = {each["Key"] for each in client("s3").list_object_versions(Bucket=WORK)["Versions"]}
    assert keys == {RESULT.key, "stages/mask/other/result.json"}
