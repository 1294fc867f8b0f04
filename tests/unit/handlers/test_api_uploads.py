"""Upload forms: bounded, with exactly the metadata asked for, and refused where intake would have to quarantine."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from handlers.api.app import handler
from schemas.errors import BadInput
from tests.documents import INBOX
from tests.unit.handlers.http_calls import Call, refused


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
        "POST", "/assets", body={"path": "trip/photo.jpg", "recipe": "clean-and-print", "scale": 4, "box": box}
    )
    assert (status, form["bucket"], form["key"]) == (200, INBOX, "clean-and-print/trip/photo.jpg")
    conditions = _policy(form)
    assert ["content-length-range", 1, 12345] in conditions
    assert {"x-amz-meta-scale": "4"} in conditions
    assert {"x-amz-meta-box": "1,2,3,4"} in conditions
    assert {"key": "clean-and-print/trip/photo.jpg"} in conditions
    assert {"bucket": INBOX} in conditions


def test_a_click_travels_as_metadata(call: Call) -> None:
    _, form = call("POST", "/assets", body={"path": "a.jpg", "point": {"x": 5, "y": 6}})
    assert {"x-amz-meta-point": "5,6"} in _policy(form)


def test_a_body_that_api_gateway_encoded_is_read(call: Call) -> None:
    status, form = call("POST", "/assets", body={"path": "a.jpg"}, encode=True)
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
def test_a_path_that_is_no_plain_relative_path_isrefused(call: Call, path: str) -> None:
    refused(call("POST", "/assets", body={"path": path}), 400, "bad_path")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"path": "a.jpg", "recipe": "no-such"}, "unknown_recipe"),
        ({"path": "a.jpg", "recipe": "../remove-watermark"}, "unknown_recipe"),
        ({"path": "a.jpg", "recipe": "enhance@9"}, "unknown_recipe"),
        ({"path": "a.jpg", "recipe": "enhance", "scale": 1}, "bad_scale"),
        ({"path": "a.jpg", "recipe": "enhance", "prompt": "a tree"}, "prompt_not_used"),
    ],
)
def test_what_intake_would_quarantine_is_refused_before_it_is_uploaded(
    call: Call, body: dict[str, Any], code: str
) -> None:
    refused(call("POST", "/assets", body=body), 400, code)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "path"),
        ({"path": ""}, "path"),
        ({"path": 7}, "path"),
        ({"path": "hunter2" * 200}, "path"),
        ({"path": "a.jpg", "scale": 3}, "scale"),
        ({"path": "a.jpg", "seed": 2**32}, "seed"),
        ({"path": "a.jpg", "callback": "ftp://example.com"}, "callback"),
        ({"path": "a.jpg", "tags": {"No": "x"}}, "tags.No.[key]"),
        ({"path": "a.jpg", "scale": "hunter2"}, "scale"),
        ({"path": "a.jpg", "box": {"x": -1, "y": 0, "width": 1, "height": 1}}, "box.x"),
        ({"path": "a.jpg", "box": {"x": 0, "y": 0, "width": 10**40, "height": 1}}, "box.width"),
        ({"path": "a.jpg", "point": {"x": 1}}, "point.y"),
        ({"path": "a.jpg", "size": "hunter2"}, "size"),
        ({"path": "a.jpg", "h" * 5000: 1}, "h" * 60),
        ("hunter2", "body"),
        ("", "body"),
        ("[]", "body"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_sent_is_not_repeated(call: Call, body: Any, field: str) -> None:
    detail = refused(call("POST", "/assets", body=body), 400, "bad_request")
    assert detail.startswith(f"{field}: ")
    assert "hunter2" not in detail
    assert len(detail) < 200


@pytest.mark.parametrize("body", ["%%%", "/w=="])
def test_an_encoded_body_that_is_no_text_isrefused(
    captured: Callable[[str], Any], aws: None, context: Any, body: str
) -> None:
    event = captured("http-api-post") | {"body": body, "isBase64Encoded": True}
    assert handler(event, context)["statusCode"] == 400


PUT = {"path": "a.jpg", "method": "put", "size_bytes": 1234, "content_type": "image/jpeg", "scale": 2}


def test_a_link_for_put_is_signed_for_exactly_one_size_one_type_and_one_job(call: Call) -> None:
    status, link = call("POST", "/assets", body=PUT)
    assert (status, link["method"], link["key"]) == (200, "put", "remove-watermark/a.jpg")
    assert link["headers"] == {"Content-Type": "image/jpeg", "Content-Length": "1234", "x-amz-meta-scale": "2"}
    signed = parse_qs(urlsplit(link["url"]).query)["X-Amz-SignedHeaders"]
    assert signed == ["content-length;content-type;host;x-amz-meta-scale"]


@pytest.mark.parametrize("missing", ["size_bytes", "content_type"])
def test_a_link_for_put_is_never_open_in_size_or_type(call: Call, missing: str) -> None:
    body = {name: value for name, value in PUT.items() if name != missing}
    assert "size_bytes" in refused(call("POST", "/assets", body=body), 400, "bad_request")


@pytest.mark.parametrize("method", ["put", "post"])
def test_what_would_be_too_large_is_refused_before_it_is_sent(
    call: Call, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setenv("MAX_UPLOAD_BYTES", "1000")
    detail = refused(call("POST", "/assets", body=PUT | {"method": method}), 400, "too_many_bytes")
    assert detail == "The file has 1,234 bytes; this deployment takes 1,000."


def test_a_form_can_be_bound_to_one_size_and_one_type(call: Call) -> None:
    _, form = call("POST", "/assets", body=PUT | {"method": "post"})
    conditions = _policy(form)
    assert ["content-length-range", 1234, 1234] in conditions
    assert {"Content-Type": "image/jpeg"} in conditions


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Record what is to be fetched; addresses whose name says so are private."""
    sent: list[dict[str, str]] = []

    def check(url: str) -> None:
        if "private" in url:
            raise BadInput("The address is not public.", code="private_address")

    monkeypatch.setattr("handlers.outbound.check", check)
    monkeypatch.setattr("handlers.aws.queues.send", lambda _queue, texts: sent.extend(map(json.loads, texts)))
    return sent


def test_a_picture_at_an_address_is_ordered_and_nothing_is_signed(call: Call, fetched: list[dict[str, str]]) -> None:
    body = {"path": "trip/a.jpg", "recipe": "enhance", "source_url": "https://cms.example/a.jpg?key=secret"}
    status, order = call("POST", "/assets", body=body)
    assert (status, order["state"], order["key"]) == (202, "waiting", "enhance/trip/a.jpg")
    assert order["source"] == "https://cms.example/a.jpg"
    assert fetched == [{"fetch_id": order["fetch_id"]}]
    assert call("GET", f"/fetches/{order['fetch_id']}") == (200, order)


def test_an_address_is_ordered_once_under_one_key(call: Call, fetched: list[dict[str, str]]) -> None:
    body = {"path": "a.jpg", "source_url": "https://cms.example/a.jpg"}
    first = call("POST", "/assets", body=body, headers={"Idempotency-Key": "one"})
    assert call("POST", "/assets", body=body, headers={"Idempotency-Key": "one"}) == first
    assert len(fetched) == 1


def test_an_address_that_may_not_be_asked_is_pointed_at(call: Call, fetched: list[dict[str, str]]) -> None:
    body = {"path": "a.jpg", "source_url": "https://private.example/a.jpg"}
    refused(call("POST", "/assets", body=body), 400, "private_address")
    assert fetched == []
    assert call("POST", "/assets", body=body)[1]["errors"][0]["pointer"] == "#/source_url"
