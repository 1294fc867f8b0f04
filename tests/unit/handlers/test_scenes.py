"""Sketches and their words: read at launch, refused in words, recorded with the run, and handed to people."""

import json
from pathlib import Path
from typing import Any

import pytest

from handlers import finish, inspect, launch, route
from handlers.aws import records
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.errors import BadInput
from schemas.pointers import S3Pointer
from schemas.recipe import GenerateStep
from schemas.records import AssetRecord
from schemas.run import RunState
from schemas.stage import Stage
from schemas.words import as_metadata, from_metadata
from tests import documents
from tests.documents import SCENE, WORDED
from tests.unit.handlers.conftest import Upload, asset_of
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import begin, standing
from tests.unit.handlers.pictures import COLOUR, GREY_16, encoded

WORDS = "ein Leuchtturm in der Dämmerung, 灯台"
PAPER = COLOUR.resize((160, 120)).point(lambda _: 255)


@pytest.fixture(autouse=True)
def scene_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for recipe in (SCENE, documents.ENLARGE):
        (tmp_path / f"{recipe.name}.yaml").write_text(recipe.model_dump_json())  # JSON is YAML
    monkeypatch.setenv("RECIPES_FOLDER", str(tmp_path))


def _look_at(pointer: S3Pointer) -> AssetRecord:
    launch.look_at(pointer)
    found = records.find_asset(asset_of(pointer))
    assert found is not None
    return found


def test_words_in_any_language_arrive_in_the_run_that_they_start(upload: Upload) -> None:
    metadata = {"prompt": as_metadata(WORDS), "negative-prompt": "people"}
    asset = _look_at(upload("scene/sketch.png", Metadata=metadata))
    record = records.find_run(asset.asset_id, asset.run_id)
    assert record is not None
    assert (record.run.recipe.prompt, record.run.recipe.negative_prompt) == (WORDS, "people")
    assert record.recipe_sha256 == record.run.recipe.sha256 != SCENE.sha256


@pytest.mark.parametrize(
    ("key", "metadata", "code"),
    [
        ("scene/a.png", {"prompt": ""}, "bad_prompt"),
        ("scene/a.png", {"prompt": "x" * 1001}, "bad_prompt"),
        ("scene/a.png", {"prompt": "=?utf-8?q?=FF=FE?="}, "bad_prompt"),
        ("scene/a.png", {"negative-prompt": "=?none?q?a?="}, "bad_prompt"),
        ("enlarge/a.png", {"prompt": "a tree"}, "prompt_not_used"),
    ],
)
def test_words_that_cannot_be_used_are_quarantined_before_anything_runs(
    upload: Upload, key: str, metadata: dict[str, str], code: str
) -> None:
    asset = _look_at(upload(key, Metadata=metadata))
    assert asset.outcome is not None
    assert (asset.status, asset.outcome.code, asset.run_id) == (Status.QUARANTINED, code, "")
    assert "x" * 20 not in asset.outcome.reason


def test_a_recipe_that_reads_no_words_names_those_that_do(upload: Upload) -> None:
    asset = _look_at(upload("enlarge/a.png", Metadata={"prompt": "a tree"}))
    assert asset.outcome is not None
    assert "scene" in asset.outcome.reason


def test_words_in_any_language_fit_the_form_and_come_back(call: Call) -> None:
    body = {"path": "a.png", "recipe": "scene", "prompt": "灯台\nat dusk", "negative_prompt": "people"}
    status, form = call("POST", "/assets", body=body)
    assert status == 200
    words = [form["fields"][f"x-amz-meta-{name}"] for name in ("prompt", "negative-prompt")]
    assert all(word.isascii() for word in words)
    assert [from_metadata(word) for word in words] == ["灯台 at dusk", "people"]


def test_words_that_s3_would_not_keep_are_refused_before_the_upload(call: Call) -> None:
    body = {"path": "a.png", "recipe": "scene", "prompt": "灯" * 600}
    refused(call("POST", "/assets", body=body), 400, "job_too_long")


def test_a_sketch_without_words_waits_for_a_person(upload: Upload, context: Any) -> None:
    run = begin(upload("scene/sketch.png"), SCENE)
    decision = route.handler(documents.state(run).model_dump(mode="json", exclude_none=True), context)
    assert (decision["route"], decision["rule"], standing(run).status) == ("review", "no-prompt", "AWAITING_REVIEW")


@pytest.mark.parametrize(
    ("sketch", "code"),
    [
        (encoded(COLOUR, "PNG"), None),
        (encoded(COLOUR.convert("1"), "PNG"), None),
        (encoded(PAPER, "JPEG", quality=60), "blank_sketch"),
        (encoded(GREY_16, "PNG"), "blank_sketch"),
        (encoded(COLOUR.resize((500, 100)), "PNG"), "too_slim"),
    ],
)
def test_a_sketch_has_lines_and_a_shape_that_a_scene_can_have(upload: Upload, sketch: bytes, code: str | None) -> None:
    run = begin(upload("scene/sketch.png", sketch), WORDED)
    if code is None:
        assert inspect.inspect(RunState(run=run)).width == 160
        return
    with pytest.raises(BadInput) as raised:
        inspect.inspect(RunState(run=run))
    assert raised.value.code == code


def test_lines_on_transparent_paper_are_seen_and_empty_transparent_paper_is_blank(upload: Upload) -> None:
    lines = COLOUR.convert("L").point(lambda tone: 255 if tone < 60 else 0)
    ink = COLOUR.point(lambda _: 0).convert("RGBA")
    drawn = ink.copy()
    drawn.putalpha(lines)
    inspect.inspect(RunState(run=begin(upload("scene/a.png", encoded(drawn, "PNG")), WORDED)))
    ink.putalpha(0)
    with pytest.raises(BadInput, match="blank"):
        inspect.inspect(RunState(run=begin(upload("scene/b.png", encoded(ink, "PNG")), WORDED)))


def test_a_canvas_may_be_blank(upload: Upload) -> None:
    canvas = WORDED.model_copy(update={"generate": GenerateStep(model="sdxl", from_sketch=False)})
    run = begin(upload("scene/canvas.png", encoded(PAPER, "PNG")), canvas)
    assert inspect.inspect(RunState(run=run)).height == 120


def _reviews() -> list[dict[str, Any]]:
    found = client("dynamodb").scan(TableName="records")["Items"]
    return [records.items.from_item(item) for item in found if item["sk"]["S"].startswith("REVIEW#")]


def test_an_unconvincing_preview_is_shown_to_a_person_with_its_words(upload: Upload, context: Any) -> None:
    run = begin(upload("scene/sketch.png"), WORDED)
    low = documents.AGREES.model_copy(update={"prompt_agreement": 0.2})
    state = documents.state(run, (Stage.PREVIEW, documents.summary(Stage.PREVIEW, signals=low)))
    route.handler(state.model_dump(mode="json", exclude_none=True), context)
    (review,) = _reviews()
    assert (review["rule"], review["prompt"]) == ("prompt-agreement", "a lighthouse at dusk")
    assert review["after"]["key"] == "stages/preview/image.png"


@pytest.mark.parametrize("code", ["weights_missing", "library_missing", "not_permitted", "people_in_picture"])
def test_what_only_a_person_can_mend_waits_for_one_and_says_how(upload: Upload, context: Any, code: str) -> None:
    run = begin(upload("scene/sketch.png"), WORDED)
    said = "`sdxl` has no weights here: run `cleanplate models add`."
    cause = json.dumps({"errorMessage": f"{code}: {said}"})
    state = documents.state(run, Stage.PREVIEW).model_dump(mode="json", exclude_none=True)
    for _ in range(2):
        finish.handler({"state": state, "error": {"Error": "PermanentFailure", "Cause": cause}}, context)
    outcome = standing(run).outcome
    assert outcome is not None
    assert (outcome.status, outcome.code, outcome.reason) == (Status.AWAITING_REVIEW, code, said)
    (review,) = _reviews()
    assert (review["rule"], review["reason"]) == (code.replace("_", "-"), said)
    assert review["after"]["key"] == "stages/preview/image.png"


def test_another_kind_of_error_with_such_a_code_is_no_review(upload: Upload, context: Any) -> None:
    run = begin(upload("scene/sketch.png"), WORDED)
    cause = json.dumps({"errorMessage": "weights_missing: It may work next time."})
    event = {"state": documents.state(run).model_dump(mode="json", exclude_none=True)}
    finish.handler(event | {"error": {"Error": "TransientFailure", "Cause": cause}}, context)
    assert (standing(run).status, _reviews()) == (Status.FAILED, [])
