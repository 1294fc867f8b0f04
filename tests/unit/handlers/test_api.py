"""The HTTP API: what it takes, what it refuses, and that it says so in one form and repeats nothing it was sent."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers.api.app import handler
from handlers.aws import records
from handlers.aws.clients import client
from handlers.deliver import deliver
from handlers.launch import look_at
from schemas.asset import Status
from schemas.records import StageRecord, now
from schemas.stage import Stage
from tests.unit.handlers.conftest import Upload, asset_of
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, write_assets


def test_health_says_that_requests_get_this_far(call: Call) -> None:
    assert call("GET", "/health") == (200, {"status": "ok"})


def test_recipes_are_listed_whole(call: Call) -> None:
    _, body = call("GET", "/recipes")
    assert {recipe["name"] for recipe in body["recipes"]} >= {"remove-watermark", "enhance"}


def test_an_unknown_path_is_a_problem_document(call: Call) -> None:
    refused(call("GET", "/secrets"), 404, "unknown_path")


def test_problems_call_themselves_problems(captured: Callable[[str], Any], aws: None, context: Any) -> None:
    event = captured("http-api-get")
    event["queryStringParameters"] = {"status": "NEVER"}
    answer = handler(event, context)
    headers = {**answer.get("headers", {}), **answer.get("multiValueHeaders", {})}
    assert "application/problem+json" in str(headers)


def test_an_asset_shows_its_standing_its_stages_and_links(call: Call, upload: Upload) -> None:
    photo = upload("trip/photo.jpg")
    run = begin(photo)
    state = at_delivery(run)
    moment = now()
    outputs = state.results[Stage.REFINE].outputs
    record = StageRecord(
        asset_id=run.asset_id,
        run_id=run.run_id,
        stage=Stage.REFINE,
        started_at=moment,
        ended_at=moment,
        outputs=outputs,
    )
    records.add_stage(record)
    deliver(state)

    status, body = call("GET", f"/assets/{run.asset_id}")
    assert (status, body["status"], body["outcome"]["code"]) == (200, "DELIVERED", "delivered")
    assert [stage["stage"] for stage in body["stages"]] == ["refine", "deliver"]
    assert all(stage["wall_seconds"] >= 0 for stage in body["stages"])
    assert set(body["links"]) == {"original", "refine.image", "delivered.native"}
    assert f"versionId={photo.version_id}" in body["links"]["original"]


def test_an_asset_that_never_ran_has_no_stages(call: Call, upload: Upload) -> None:
    photo = upload("a.jpg", Metadata={"scale": "9"})
    look_at(photo)
    _, body = call("GET", f"/assets/{asset_of(photo)}")
    assert (body["status"], body["stages"], list(body["links"])) == ("QUARANTINED", [], ["original"])


@pytest.mark.parametrize("name", ["a-" + "0" * 24, "a-1", "x", "a" * 5000, "a-" + "0" * 24 + "%0A"])
def test_an_unknown_asset_is_not_found(call: Call, name: str) -> None:
    assert len(refused(call("GET", f"/assets/{name}"), 404, "unknown_asset")) < 120


def test_an_asset_is_found_by_its_key(call: Call, upload: Upload) -> None:
    run = begin(upload("trip/my photo.jpg"))
    status, body = call("GET", "/assets", key="trip/my photo.jpg")
    assert (status, [asset["asset_id"] for asset in body["assets"]], body["cursor"]) == (200, [run.asset_id], None)


@pytest.mark.parametrize("key", ["nowhere.jpg", "k" * 2000, "not-yet-looked-at.jpg"])
def test_a_key_of_which_nothing_is_known_is_not_found(call: Call, upload: Upload, key: str) -> None:
    upload("not-yet-looked-at.jpg")
    refused(call("GET", "/assets", key=key), 404, "unknown_asset")


@pytest.mark.parametrize("query", [{"status": "delivered"}, {"status": "x' OR 1=1"}])
def test_a_status_that_there_is_not_isrefused(call: Call, query: dict[str, str]) -> None:
    assert "DELIVERED" in refused(call("GET", "/assets", **query), 400, "bad_status")


def test_pages_of_assets_join_without_gap_or_double(call: Call) -> None:
    names = write_assets(60, Status.FAILED)
    _, first = call("GET", "/assets", status="FAILED")
    _, second = call("GET", "/assets", status="FAILED", cursor=first["cursor"])
    shown = [asset["asset_id"] for page in (first, second) for asset in page["assets"]]
    assert (shown, second["cursor"]) == (names[::-1], None)


def test_a_cursor_that_no_list_gave_isrefused(call: Call) -> None:
    refused(call("GET", "/assets", status="FAILED", cursor="c" * 5000), 400, "bad_cursor")
    assert call("GET", "/assets", status="FAILED", cursor="made up")[1] == {"assets": [], "cursor": None}


def test_a_table_that_is_missing_is_our_fault_and_said_so(call: Call) -> None:
    client("dynamodb").delete_table(TableName="records")
    detail = refused(call("GET", "/assets", status="FAILED"), 422, "aws_refused")
    assert "records" not in detail
