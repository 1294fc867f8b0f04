"""A look at a picture costs cents and changes nothing of it; it shows where and how much, or why there is nothing."""

from typing import Any

import pytest

from handlers.aws import records, storage
from handlers.finish import finish
from handlers.launch import look_at
from handlers.route import route
from schemas.asset import Status
from schemas.events import StateMachineError
from schemas.pointers import Box, S3Pointer
from schemas.run import Run, StageSummary
from schemas.stage import MaskedArea, Stage, StageResult
from tests import documents
from tests.unit.handlers.conftest import Upload, asset_of, executions, stop
from tests.unit.handlers.http_calls import Call, refused

FOUND = MaskedArea(box=Box(x=1, y=2, width=30, height=40), share=0.05)


@pytest.fixture
def photo(upload: Upload) -> S3Pointer:
    held = upload("remove-watermark/a.jpg", Metadata={"rights": "owned", "hold": "true"})
    look_at(held)
    return held


def _look(call: Call, photo: S3Pointer, want: str = "mask", **job: Any) -> Run:
    status, started = call("POST", "/previews", body={"asset_id": asset_of(photo), "want": want, **job})
    assert status == 202, started
    record = records.find_run(started["asset_id"], started["run_id"])
    assert record is not None
    return record.run


def _shown(call: Call, run: Run) -> dict[str, Any]:
    status, shown = call("GET", f"/previews/{run.asset_id}/{run.run_id}")
    assert status == 200
    return shown


def _left(result: StageResult) -> StageSummary:
    """Leave an answer where its container would."""
    place = S3Pointer(bucket=documents.WORK, key=f"stages/{result.stage}/result.json")
    storage.write_text(place, result.model_dump_json())
    return StageSummary.of(result, place)


def test_a_look_at_a_mask_shows_where_and_how_much(call: Call, photo: S3Pointer) -> None:
    run = _look(call, photo)
    assert (run.trial, run.until, run.recipe.name) == (True, Stage.MASK, "remove-watermark")
    assert _shown(call, run)["state"] == "running"
    masked = _left(documents.result(Stage.MASK, masked=[FOUND], masked_share=0.05))
    route(documents.state(run, (Stage.MASK, masked)))
    shown = _shown(call, run)
    assert (shown["state"], shown["want"], shown["code"], shown["share"]) == ("done", "mask", "previewed", 0.05)
    assert shown["areas"] == [FOUND.model_dump(mode="json")]
    assert "X-Amz-Signature" in shown["mask"]
    assert shown["masked_by"] == "mask-model"


def test_nothing_found_is_an_answer_too(call: Call, photo: S3Pointer) -> None:
    run = _look(call, photo)
    masked = _left(documents.result(Stage.MASK, outputs={}, masked_share=0))
    route(documents.state(run, (Stage.MASK, masked)))
    shown = _shown(call, run)
    assert (shown["state"], shown["code"], shown["areas"], "mask" in shown) == ("done", "nothing_found", [], False)


@pytest.mark.parametrize(("agreement", "code"), [(0.8, "previewed"), (0.1, "prompt_agreement")])
def test_a_look_at_words_shows_the_picture_and_how_well_it_agrees(
    call: Call, photo: S3Pointer, agreement: float, code: str
) -> None:
    run = _look(call, photo, "prompt", recipe="scene", prompt="a lighthouse at dusk")
    assert (run.until, run.recipe.prompt) == (Stage.PREVIEW, "a lighthouse at dusk")
    signals = documents.AGREES.model_copy(update={"prompt_agreement": agreement})
    route(documents.state(run, (Stage.PREVIEW, _left(documents.result(Stage.PREVIEW, signals=signals)))))
    shown = _shown(call, run)
    assert (shown["state"], shown["code"], shown["agreement"]) == ("done", code, agreement)
    assert "X-Amz-Signature" in shown["picture"]


def test_the_picture_itself_stays_as_it_stands(call: Call, photo: S3Pointer) -> None:
    before = records.find_asset(asset_of(photo))
    run = _look(call, photo)
    masked = _left(documents.result(Stage.MASK, masked=[FOUND]))
    route(documents.state(run, (Stage.MASK, masked)))
    assert records.find_asset(run.asset_id) == before
    assert before is not None
    assert before.status is Status.HELD


def test_the_same_look_is_ordered_once_and_again_where_it_failed(call: Call, photo: S3Pointer) -> None:
    run = _look(call, photo)
    assert _look(call, photo).run_id == run.run_id
    other = _look(call, photo, point={"x": 1, "y": 2})
    words = [_look(call, photo, "prompt", recipe="scene", prompt=text).run_id for text in ("a tree", "a house")]
    assert len({run.run_id, other.run_id, *words}) == 4
    finish(documents.state(run), StateMachineError.model_validate({"Error": "States.Timeout"}))
    assert _shown(call, run)["state"] == "stopped"
    third = _look(call, photo)
    assert third.attempt == 2
    assert set(executions()) == {run.run_id, other.run_id, third.run_id, *words}


def test_a_look_that_was_cut_off_is_ordered_anew(call: Call, photo: S3Pointer) -> None:
    run = _look(call, photo)
    stop(run.run_id)
    assert _look(call, photo).attempt == 2


def test_what_no_model_may_touch_is_not_looked_at_either(call: Call, upload: Upload) -> None:
    photo = upload("remove-watermark/b.jpg", Metadata={"hold": "true"})
    look_at(photo)
    run = _look(call, photo)
    route(documents.state(run))
    shown = _shown(call, run)
    assert (shown["state"], shown["code"]) == ("stopped", "rights_missing")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"want": "mask", "recipe": "enhance"}, "no_preview"),
        ({"want": "prompt"}, "no_preview"),
        ({"want": "everything"}, "bad_request"),
        ({"want": "mask", "recipe": "no-such"}, "unknown_recipe"),
    ],
)
def test_what_there_is_no_look_at_is_refused(call: Call, photo: S3Pointer, body: dict[str, Any], code: str) -> None:
    refused(call("POST", "/previews", body={"asset_id": asset_of(photo), **body}), 400, code)
    assert executions() == {}


def test_only_previews_are_shown_as_such(call: Call, photo: S3Pointer, upload: Upload) -> None:
    other = upload("enhance/c.jpg")
    look_at(other)
    asset = records.find_asset(asset_of(other))
    assert asset is not None
    refused(call("GET", f"/previews/{asset.asset_id}/{asset.run_id}"), 404, "unknown_preview")
    refused(call("GET", "/previews/a-1/r-1"), 404, "unknown_preview")
    refused(call("POST", "/previews", body={"asset_id": "a-" + "0" * 24, "want": "mask"}), 404, "unknown_asset")
