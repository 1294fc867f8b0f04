"""The HTTP API: what it takes, what it refuses, and that it says so in one form and repeats nothing it was sent."""

import base64
import json
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
from tests.documents import INBOX
from tests.unit.handlers.conftest import Upload, asset_of
from tests.unit.handlers.journeys import at_delivery, begin, write_assets

Answer = tuple[int, dict[str, Any]]
Call = Callable[..., Answer]


@pytest.fixture
def call(aws: None, captured: Callable[[str], Any], context: Any) -> Call:
    """Send a request as API Gateway passes it on."""

    def send(method: str, path: str, *, body: Any = None, encode: bool = False, **query: str) -> Answer:
        event = captured("http-api-get")
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["requestContext"]["http"]["method"] = method
        event["queryStringParameters"] = query
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            event["body"] = base64.b64encode(text.encode()).decode() if encode else text
            event["isBase64Encoded"] = encode
        answer = handler(event, context)
        return answer["statusCode"], json.loads(answer["body"])

    return send


def _refused(answer: Answer, status: int, code: str) -> str:
    """Check that an answer is a problem document (RFC 9457), and return its detail."""
    found, problem = answer
    assert (found, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem) == {"type", "title", "status", "code", "detail"}
    return str(problem["detail"])


def test_health_says_that_requests_get_this_far(call: Call) -> None:
    assert call("GET", "/health") == (200, {"status": "ok"})


def test_recipes_are_listed_whole(call: Call) -> None:
    _, body = call("GET", "/recipes")
    assert {recipe["name"] for recipe in body["recipes"]} >= {"remove-watermark", "enhance"}


def test_an_unknown_path_is_a_problem_document(call: Call) -> None:
    _refused(call("GET", "/secrets"), 404, "unknown_path")


def test_problems_call_themselves_problems(captured: Callable[[str], Any], aws: None, context: Any) -> None:
    event = captured("http-api-get")
    event["queryStringParameters"] = {"status": "NEVER"}
    answer = handler(event, context)
    headers = {**answer.get("headers", {}), **answer.get("multiValueHeaders", {})}
    assert "application/problem+json" in str(headers)


def test_the_captured_request_gets_a_form(captured: Callable[[str], Any], aws: None, context: Any) -> None:
    answer = handler(captured("http-api-post"), context)
    assert json.loads(answer["body"])["key"] == "remove-watermark/trip/photo.jpg"


def _policy(form: dict[str, Any]) -> list[Any]:
    conditions: list[Any] = json.loads(base64.b64decode(form["fields"]["policy"]))["conditions"]
    return conditions


def test_a_form_uploads_one_object_of_bounded_size_with_exactly_its_metadata(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_UPLOAD_BYTES", "12345")
    box = {"x": 1, "y": 2, "width": 3, "height": 4}
    status, form = call(
        "POST", "/uploads", body={"path": "trip/photo.jpg", "recipe": "clean-and-print", "scale": 4, "box": box}
    )
    assert (status, form["bucket"], form["key"]) == (200, INBOX, "clean-and-print/trip/photo.jpg")
    conditions = _policy(form)
    assert ["content-length-range", 1, 12345] in conditions
    assert {"x-amz-meta-scale": "4"} in conditions
    assert {"x-amz-meta-box": "1,2,3,4"} in conditions
    assert {"key": "clean-and-print/trip/photo.jpg"} in conditions
    assert {"bucket": INBOX} in conditions


def test_a_body_that_api_gateway_encoded_is_read(call: Call) -> None:
    status, form = call("POST", "/uploads", body={"path": "a.jpg"}, encode=True)
    assert (status, form["key"]) == (200, "remove-watermark/a.jpg")


@pytest.mark.parametrize(
    "path",
    [
        "../other/photo.jpg",
        "a/../../photo.jpg",
        "/photo.jpg",
        "a//photo.jpg",
        "a/./photo.jpg",
        "a\\photo.jpg",
        "photo\n.jpg",
        "photo\x00.jpg",
        "photo\u202e.jpg",
        "trip/",
        ".hidden.jpg",
        "\u00fc" * 450,
    ],
)
def test_a_path_that_is_no_plain_relative_path_is_refused(call: Call, path: str) -> None:
    _refused(call("POST", "/uploads", body={"path": path}), 400, "bad_path")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"path": "a.jpg", "recipe": "no-such"}, "unknown_recipe"),
        ({"path": "a.jpg", "recipe": "../remove-watermark"}, "unknown_recipe"),
        ({"path": "a.jpg", "recipe": "enhance@9"}, "unknown_recipe"),
        ({"path": "a.jpg", "scale": 3}, "bad_scale"),
        ({"path": "a.jpg", "recipe": "enhance", "scale": 1}, "bad_scale"),
    ],
)
def test_what_intake_would_quarantine_is_refused_before_it_is_uploaded(
    call: Call, body: dict[str, Any], code: str
) -> None:
    _refused(call("POST", "/uploads", body=body), 400, code)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "path"),
        ({"path": ""}, "path"),
        ({"path": 7}, "path"),
        ({"path": "hunter2" * 200}, "path"),
        ({"path": "a.jpg", "scale": 5}, "scale"),
        ({"path": "a.jpg", "scale": "hunter2"}, "scale"),
        ({"path": "a.jpg", "box": {"x": -1, "y": 0, "width": 1, "height": 1}}, "box.x"),
        ({"path": "a.jpg", "box": {"x": 0, "y": 0, "width": 10**40, "height": 1}}, "box.width"),
        ({"path": "a.jpg", "size": "hunter2"}, "size"),
        ({"path": "a.jpg", "h" * 5000: 1}, "h" * 60),
        ("hunter2", "body"),
        ("", "body"),
        ("[]", "body"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_sent_is_not_repeated(call: Call, body: Any, field: str) -> None:
    detail = _refused(call("POST", "/uploads", body=body), 400, "bad_request")
    assert detail.startswith(f"{field}: ")
    assert "hunter2" not in detail
    assert len(detail) < 200


@pytest.mark.parametrize("body", ["%%%", "/w=="])
def test_an_encoded_body_that_is_no_text_is_refused(
    captured: Callable[[str], Any], aws: None, context: Any, body: str
) -> None:
    event = captured("http-api-post") | {"body": body, "isBase64Encoded": True}
    assert handler(event, context)["statusCode"] == 400


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
    assert len(_refused(call("GET", f"/assets/{name}"), 404, "unknown_asset")) < 120


def test_an_asset_is_found_by_its_key(call: Call, upload: Upload) -> None:
    run = begin(upload("trip/my photo.jpg"))
    status, body = call("GET", "/assets", key="trip/my photo.jpg")
    assert (status, [asset["asset_id"] for asset in body["assets"]], body["cursor"]) == (200, [run.asset_id], None)


@pytest.mark.parametrize("key", ["nowhere.jpg", "k" * 2000, "not-yet-looked-at.jpg"])
def test_a_key_of_which_nothing_is_known_is_not_found(call: Call, upload: Upload, key: str) -> None:
    upload("not-yet-looked-at.jpg")
    _refused(call("GET", "/assets", key=key), 404, "unknown_asset")


@pytest.mark.parametrize("query", [{}, {"status": ""}, {"status": "delivered"}, {"status": "x' OR 1=1"}])
def test_a_status_that_there_is_not_is_refused(call: Call, query: dict[str, str]) -> None:
    assert "DELIVERED" in _refused(call("GET", "/assets", **query), 400, "bad_status")


def test_pages_of_assets_join_without_gap_or_double(call: Call) -> None:
    names = write_assets(60, Status.FAILED)
    _, first = call("GET", "/assets", status="FAILED")
    _, second = call("GET", "/assets", status="FAILED", cursor=first["cursor"])
    shown = [asset["asset_id"] for page in (first, second) for asset in page["assets"]]
    assert (shown, second["cursor"]) == (names[::-1], None)


def test_a_cursor_that_no_list_gave_is_refused(call: Call) -> None:
    _refused(call("GET", "/assets", status="FAILED", cursor="c" * 5000), 400, "bad_cursor")
    assert call("GET", "/assets", status="FAILED", cursor="made up")[1] == {"assets": [], "cursor": None}


def test_a_table_that_is_missing_is_our_fault_and_said_so(call: Call) -> None:
    client("dynamodb").delete_table(TableName="records")
    detail = _refused(call("GET", "/assets", status="FAILED"), 422, "aws_refused")
    assert "records" not in detail
