"""Asked twice under one key, done once; a key stands for one request of one caller, and keeps nothing secret."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers.api import once, uploads
from handlers.aws.clients import client
from schemas.errors import BadInput
from tests.unit.handlers.documented import answered
from tests.unit.handlers.http_calls import Ask, Call, refused

PHOTO = {"path": "a.jpg"}


@pytest.fixture
def forms(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the forms that are made."""
    made: list[str] = []
    sign = uploads.uploading.presigned_post

    def record(bucket: str, key: str, **more: Any) -> Any:
        made.append(key)
        return sign(bucket, key, **more)

    monkeypatch.setattr(uploads.uploading, "presigned_post", record)
    return made


def _under(key: str) -> dict[str, str]:
    return {"idempotency-key": key}


def test_the_second_time_the_first_answer_is_given_and_nothing_is_done(call: Call, forms: list[str]) -> None:
    first = call("POST", "/assets", body=PHOTO, headers=_under("one"))
    assert first[0] == 200
    assert call("POST", "/assets", body=PHOTO, headers=_under("one")) == first
    assert forms == ["remove-watermark/a.jpg"]


def test_machines_and_people_mean_the_same_route(call: Call, forms: list[str]) -> None:
    first = call("POST", "/assets", body=PHOTO, headers=_under("one"))
    assert call("POST", "/signed/assets", body=PHOTO, headers={"Idempotency-Key": "one"}) == first


def test_without_a_key_and_under_another_it_is_done_again(call: Call, forms: list[str]) -> None:
    for headers in (_under("one"), _under("two"), {}, {}):
        call("POST", "/assets", body=PHOTO, headers=headers)
    assert len(forms) == 4


def test_a_key_that_stood_for_something_else_is_refused(call: Call) -> None:
    call("POST", "/assets", body=PHOTO, headers=_under("one"))
    refused(call("POST", "/assets", body={"path": "b.jpg"}, headers=_under("one")), 422, "idempotency_mismatch")


@pytest.mark.parametrize("key", ["", "k" * 201, "a\nb", "schl\u00fcssel"])
def test_a_key_that_makes_no_sense_is_refused(call: Call, key: str) -> None:
    refused(call("POST", "/assets", body=PHOTO, headers=_under(key)), 400, "bad_idempotency_key")


def test_what_was_refused_may_be_asked_again_under_the_same_key(
    call: Call, monkeypatch: pytest.MonkeyPatch, forms: list[str]
) -> None:
    def refuse(_job: Any) -> None:
        raise BadInput("Not now.", code="unknown_mark")

    with monkeypatch.context() as patched:
        patched.setattr(uploads.recipes, "for_job", refuse)
        refused(call("POST", "/assets", body=PHOTO, headers=_under("one")), 400, "unknown_mark")
    assert call("POST", "/assets", body=PHOTO, headers=_under("one"))[0] == 200


def test_while_the_first_is_answered_the_second_waits(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def meanwhile(*_args: Any, **_more: Any) -> dict[str, Any]:
        refused(call("POST", "/assets", body=PHOTO, headers=_under("one")), 409, "in_progress")
        return {"url": "https://bucket", "fields": {}}

    monkeypatch.setattr(uploads.uploading, "presigned_post", meanwhile)
    assert call("POST", "/assets", body=PHOTO, headers=_under("one"))[0] == 200


def test_a_key_of_one_caller_is_no_key_of_another(
    captured: Callable[[str], Any], aws: None, context: Any, forms: list[str]
) -> None:
    for subject in ("ada", "bob"):
        event = captured("http-api-get") | {"body": json.dumps(PHOTO)}
        event["rawPath"] = event["requestContext"]["http"]["path"] = "/assets"
        event["requestContext"]["http"]["method"] = "POST"
        event["headers"] |= _under("one")
        event["requestContext"]["authorizer"] = {"jwt": {"claims": {"sub": subject, "cognito:groups": "[submitter]"}}}
        assert answered(event, context)["statusCode"] == 200
    assert len(forms) == 2


def test_an_answer_is_kept_no_longer_than_it_is_good_for(call: Call) -> None:
    call("POST", "/assets", body=PHOTO, headers=_under("one"))
    values = {":pk": {"S": "ANSWERS"}}
    (kept,) = client("dynamodb").query(
        TableName="records", KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values
    )["Items"]
    assert 0 < int(kept["expires_at"]["N"]) - int(kept["in_progress_expiration"]["N"]) / 1000 < 300
    assert "one" not in kept["sk"]["S"]


def test_no_route_whose_answer_is_a_secret_keeps_it() -> None:
    """Whoever writes such a route leaves the line out; this names the routes that have it."""
    from handlers.api import app, openapi

    kept = {
        (route.method, route.path) for route in openapi.registered(app.app) if hasattr(route.answered_by, "__once__")
    }
    assert not any("webhooks" in path or "hooks" in path for _, path in kept)


def test_the_package_that_keeps_answers_is_not_loaded_for_other_requests(ask: Ask) -> None:
    assert "aws_lambda_powertools" not in vars(once)
