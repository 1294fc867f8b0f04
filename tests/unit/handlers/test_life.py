"""The life of an asset: everything that is written down of it, in its order, to whoever has business here."""

from datetime import timedelta
from typing import Any

import pytest

from handlers import reviews
from handlers.aws import items, miniatures, records
from handlers.aws.clients import client
from handlers.deliver import deliver
from schemas.asset import Status
from schemas.miniature import picture_name
from schemas.records import Outcome, RunRecord, StageRecord, now
from schemas.run import Run
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Ask, Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, standing

WAITS = Outcome(status=Status.AWAITING_REVIEW, reason="Low.", code="low", rule="low", confidence=0.4)
NOBODY = "a-" + "0" * 24


def _stage(run: Run, stage: Stage, second: int = 0, **facts: Any) -> StageRecord:
    moment = now() + timedelta(seconds=second)
    said = {"asset_id": run.asset_id, "run_id": run.run_id, "stage": stage, "started_at": moment, "ended_at": moment}
    record = StageRecord.model_validate(said | facts)
    records.add_stage(record)
    return record


def test_a_delivered_asset_is_told_from_upload_to_download(call: Call, upload: Upload) -> None:
    run = begin(upload("trip/photo.jpg"))
    state = at_delivery(run)
    _stage(run, Stage.MASK, outputs=state.results[Stage.MASK].outputs)
    _stage(run, Stage.REFINE, 1, outputs=state.results[Stage.REFINE].outputs)
    _stage(run, Stage.ASSESS, 2, signals=documents.GOOD, confidence=0.9)
    deliver(state)

    status, life = call("GET", f"/assets/{run.asset_id}/life")
    assert (status, life["name"], life["asset"]["status"]) == (200, "photo.jpg", "DELIVERED")
    (told,) = life["runs"]
    assert (told["run_id"], told["status"]) == (run.run_id, "DELIVERED")
    stages = {stage["stage"]: stage for stage in told["stages"]}
    assert set(stages) == {"mask", "refine", "assess", "deliver"}
    assert set(stages["mask"]["pictures"]) == {"mask"}
    assert set(stages["refine"]["pictures"]) == {"image"}
    assert stages["assess"]["readings"][0]["words"] == "every pixel is identical"
    (file,) = life["files"]
    assert file["name"] == "native"
    assert file["key"] in file["link"]
    assert life["missing"] == 3  # the upload, its mask, the repaired picture


def test_a_picture_is_linked_small_once_it_is_made(call: Call, upload: Upload) -> None:
    source = upload("photo.jpg")
    run = begin(source)
    assert "small" not in call("GET", f"/assets/{run.asset_id}/life")[1]["original"]
    miniatures.keep(run.asset_id, picture_name(source), b"small", "image/jpeg")
    _, life = call("GET", f"/assets/{run.asset_id}/life")
    assert miniatures.place(run.asset_id, picture_name(source)).key in life["original"]["small"]
    assert (life["missing"], "versionId=" in life["original"]["file"]) == (0, True)


def test_a_run_that_waits_for_a_person_says_so(call: Call, upload: Upload) -> None:
    run = begin(upload("photo.jpg"))
    assert reviews.ask_a_person(documents.state(run, Stage.MASK, Stage.INPAINT, Stage.REFINE), WAITS)
    _, life = call("GET", f"/assets/{run.asset_id}/life")
    (told,) = life["runs"]
    assert (told["review"], told["rule"], told["confidence"]) == ("open", "low", 0.4)
    assert [entry["what"] for entry in life["trail"]] == ["opened"]


def test_of_a_trial_nothing_is_told_and_no_picture_is_made(call: Call, upload: Upload) -> None:
    run = begin(upload("photo.jpg"))
    trial = run.model_copy(update={"run_id": "r-" + "7" * 40, "trial": True})
    record = RunRecord(run=trial, recipe_sha256=documents.SHA, started_at=now())
    client("dynamodb").put_item(TableName="records", Item=items.run_item(record))
    _stage(trial, Stage.REFINE, outputs=documents.result(Stage.REFINE).outputs)
    _, life = call("GET", f"/assets/{run.asset_id}/life")
    assert ([told["run_id"] for told in life["runs"]], life["missing"]) == ([run.run_id], 1)


def test_missing_pictures_are_asked_for_once_and_none_when_all_are_there(
    call: Call, upload: Upload, announced: list[dict[str, Any]]
) -> None:
    source = upload("photo.jpg")
    run = begin(source)
    before = len(announced)
    assert call("POST", f"/assets/{run.asset_id}/miniatures") == (202, {"missing": 1})
    (event,) = announced[before:]
    assert (event["DetailType"], run.asset_id in event["Detail"]) == ("Miniatures Wanted", True)
    miniatures.keep(run.asset_id, picture_name(source), b"small", "image/jpeg")
    assert call("POST", f"/assets/{run.asset_id}/miniatures") == (202, {"missing": 0})
    assert len(announced) == before + 1


@pytest.mark.parametrize("name", [NOBODY, "a-1", "a" * 5000])
def test_of_what_there_is_not_nothing_is_told(call: Call, name: str) -> None:
    refused(call("GET", f"/assets/{name}/life"), 404, "unknown_asset")
    refused(call("POST", f"/assets/{name}/miniatures"), 404, "unknown_asset")


def test_of_what_is_erased_nothing_is_told_but_that(
    call: Call, upload: Upload, announced: list[dict[str, Any]]
) -> None:
    run = begin(upload("photo.jpg"))
    _stage(run, Stage.REFINE, outputs=documents.result(Stage.REFINE).outputs)
    erased = standing(run).model_copy(update={"status": Status.ERASED})
    client("dynamodb").put_item(TableName="records", Item=items.asset_item(erased))
    before = len(announced)
    _, life = call("GET", f"/assets/{run.asset_id}/life")
    assert (life["asset"]["status"], "original" in life, life["runs"], life["missing"]) == ("ERASED", False, [], 0)
    assert call("POST", f"/assets/{run.asset_id}/miniatures") == (202, {"missing": 0})
    assert len(announced) == before


def test_of_a_pattern_with_thousands_of_places_the_largest_are_told(call: Call, upload: Upload) -> None:
    run = begin(upload("photo.jpg"))
    box = {"x": 1, "y": 1, "width": 2, "height": 2}
    areas = [{"box": box, "crop": box, "hole_pixels": number, "model": "patchmatch"} for number in range(1000)]
    _stage(run, Stage.INPAINT, areas=areas)
    (told,) = call("GET", f"/assets/{run.asset_id}/life")[1]["runs"][0]["stages"]
    assert [area["hole_pixels"] for area in told["areas"]] == list(range(999, 899, -1))
    assert told["areas_left_out"] == 900


def test_the_address_of_a_page_leads_to_it_and_tells_nothing(ask: Ask) -> None:
    answer = ask("GET", f"/assets/{NOBODY}/page")
    assert (answer["statusCode"], answer["headers"]["Location"]) == (302, f"../../review/#/assets/{NOBODY}")


@pytest.mark.parametrize("name", ["..", "a-1", "x%22%3E", "a-" + "0" * 24 + "%0d%0aSet-Cookie:x"])
def test_an_address_that_names_no_asset_leads_nowhere(call: Call, name: str) -> None:
    assert call("GET", f"/assets/{name}/page")[0] == 404
