"""Submit asks once, remembers who waits before it asks, and finds answers that exist already."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from handlers import submit
from handlers.aws import records, storage
from handlers.aws.clients import client
from schemas import ids
from schemas.errors import PermanentFailure, TransientFailure
from schemas.plan import request_for
from schemas.pointers import S3Pointer
from schemas.run import RunState, StageSummary
from schemas.stage import Stage, StageRequest
from tests import documents
from tests.documents import WORK
from tests.unit.handlers.conftest import TaskTokens
from tests.unit.handlers.journeys import begin, standing

TOKEN = "AQCEAAAAKgAAAAMAAAAAAAAAAb" + "s3cr3t" * 100
INFERENCE = ids.inference_id(TOKEN)
Asked = list[dict[str, Any]]


@pytest.fixture
def state(tokens: TaskTokens) -> RunState:
    return documents.state(begin(documents.PHOTO, mask=documents.MASK))


def _order(state: RunState, stage: Stage = Stage.MASK) -> dict[str, Any]:
    return {"stage": stage, "task_token": TOKEN, "state": state.model_dump(mode="json", exclude_none=True)}


def _request(state: RunState, stage: Stage = Stage.MASK) -> StageRequest:
    return request_for(stage, state, work_bucket=WORK)


def test_an_endpoint_is_asked_with_a_document_and_the_name_of_who_waits(
    state: RunState, asked: Asked, context: Any
) -> None:
    submit.handler(_order(state), context)
    (call,) = asked
    document = storage.read_text(S3Pointer.from_uri(call["InputLocation"]))
    assert document is not None
    assert StageRequest.model_validate_json(document) == _request(state)
    assert (call["EndpointName"], call["InferenceId"]) == ("cleanplate-shared", INFERENCE)
    assert standing(state.run).stage is Stage.MASK


def test_who_waits_is_remembered_before_the_endpoint_is_asked(
    state: RunState, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer_at_once(**arguments: Any) -> None:
        callback = records.find_callback(arguments["InferenceId"])
        assert callback is not None
        assert (callback.task_token, callback.result) == (TOKEN, _request(state).result_pointer)

    monkeypatch.setattr(client("sagemaker-runtime"), "invoke_endpoint_async", answer_at_once)
    submit.handler(_order(state), context)


def test_the_same_order_again_asks_under_the_same_name(state: RunState, asked: Asked, context: Any) -> None:
    for _ in range(2):
        submit.handler(_order(state), context)
    assert asked[0] == asked[1]


def test_an_answer_that_exists_is_reused_without_asking(
    state: RunState, asked: Asked, tokens: TaskTokens, context: Any
) -> None:
    answer = documents.result(Stage.MASK)
    storage.write_text(_request(state).result_pointer, answer.model_dump_json())
    submit.handler(_order(state), context)

    assert asked == []
    assert records.find_callback(INFERENCE) is None
    (told,) = tokens.answered
    assert told["taskToken"] == TOKEN
    assert StageSummary.model_validate_json(told["output"]).outputs == answer.outputs
    (stage,) = records.stages_of(state.run.asset_id, state.run.run_id)
    assert (stage.stage, stage.model) == (Stage.MASK, answer.model)


@pytest.mark.parametrize("old", ['{"stage": "mask", "from_version": 0}', "not even JSON"])
def test_an_answer_that_cannot_be_read_is_asked_for_anew(
    state: RunState, asked: Asked, tokens: TaskTokens, context: Any, old: str
) -> None:
    storage.write_text(_request(state).result_pointer, old)
    submit.handler(_order(state), context)
    assert (len(asked), tokens.answered) == (1, [])


def test_an_answer_that_is_no_text_ends_the_stage(state: RunState, asked: Asked, context: Any) -> None:
    pointer = _request(state).result_pointer
    client("s3").put_object(Bucket=pointer.bucket, Key=pointer.key, Body=b"\xff\xfe")
    with pytest.raises(PermanentFailure) as raised:
        submit.handler(_order(state), context)
    assert raised.value.code == "bad_document"
    assert asked == []


def test_an_overtaken_run_asks_for_nothing(state: RunState, asked: Asked, context: Any) -> None:
    begin(documents.PHOTO)
    with pytest.raises(PermanentFailure) as raised:
        submit.handler(_order(state), context)
    assert (raised.value.code, asked) == ("superseded", [])


def test_a_stage_that_the_recipe_does_not_have_is_refused(asked: Asked, context: Any) -> None:
    state = documents.state(begin(documents.PHOTO, documents.ENLARGE))
    with pytest.raises(PermanentFailure) as raised:
        submit.handler(_order(state, Stage.INPAINT), context)
    assert raised.value.code == "no_such_step"


def test_the_token_is_nowhere_but_in_the_table(
    state: RunState,
    asked: Asked,
    context: Any,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for _ in range(2):
        submit.handler(_order(state), context)
    monkeypatch.setattr(
        client("sagemaker-runtime"), "invoke_endpoint_async", lambda **_: (_ for _ in ()).throw(_throttled())
    )
    with pytest.raises(TransientFailure) as raised:
        submit.handler(_order(state), context)

    written = [storage.read_text(S3Pointer(bucket=WORK, key=key)) for key in storage.keys_under(WORK, "")]
    out = capsys.readouterr()
    for text in (caplog.text, out.out, out.err, str(raised.value), repr(raised.value), json.dumps(asked), *written):
        assert text is not None
        assert "s3cr3t" not in text
    callback = records.find_callback(INFERENCE)
    assert "s3cr3t" not in repr(callback)
    assert "s3cr3t" not in repr(submit.Order.model_validate(_order(state)))


def _throttled() -> Exception:
    from handlers.aws.clients import ClientError

    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "InvokeEndpointAsync")


def test_an_order_that_makes_no_sense_does_not_print_its_token(context: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        submit.handler({"stage": "paint", "task_token": TOKEN, "state": {"token": TOKEN}}, context)
    assert "s3cr3t" not in str(raised.value)
