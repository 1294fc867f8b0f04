"""Who changes too much in one minute waits for the next; nobody else does, and reading is not counted."""

import json

import pytest

from handlers.api import limits
from handlers.aws.clients import client
from schemas.errors import TransientFailure
from tests.unit.handlers.http_calls import Ask, Call

PHOTO = {"path": "a.jpg"}


@pytest.fixture
def _two_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRITES_PER_MINUTE", "2")
    monkeypatch.setattr(limits.time, "time", lambda: 90.5)


@pytest.mark.usefixtures("_two_a_minute")
def test_who_asks_too_often_is_told_when_to_ask_again(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [ask("POST", "/assets", body=PHOTO) for _ in range(3)]
    assert [answer["statusCode"] for answer in answers] == [200, 200, 429]
    assert answers[2]["headers"]["Retry-After"] == "30"
    assert json.loads(answers[2]["body"])["code"] == "too_many_requests"
    monkeypatch.setattr(limits.time, "time", lambda: 120.5)
    assert ask("POST", "/assets", body=PHOTO)["statusCode"] == 200


@pytest.mark.usefixtures("_two_a_minute")
def test_reading_is_not_counted(call: Call) -> None:
    assert [call("GET", "/me")[0] for _ in range(5)] == [200] * 5
    assert call("POST", "/assets", body=PHOTO)[0] == 200


@pytest.mark.usefixtures("_two_a_minute")
def test_one_caller_does_not_count_for_another(aws: None) -> None:
    for who in ("ada", "bob", "ada", "bob"):
        limits.check(who)
    with pytest.raises(limits.TooManyRequests):
        limits.check("ada")


@pytest.mark.parametrize("most", ["0", "6000"])
def test_a_thousand_uploads_are_not_too_many(aws: None, monkeypatch: pytest.MonkeyPatch, most: str) -> None:
    monkeypatch.setenv("WRITES_PER_MINUTE", most)
    monkeypatch.setattr(limits.table, "count_up", lambda _key, **_more: 2000)
    limits.check("ada")


def test_what_cannot_be_counted_is_let_through(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_key: object, **_more: object) -> int:
        raise TransientFailure("AWS could not finish counting.", code="aws_unavailable")

    monkeypatch.setattr(limits.table, "count_up", busy)
    assert call("POST", "/assets", body=PHOTO)[0] == 200


@pytest.mark.usefixtures("_two_a_minute")
def test_a_count_is_forgotten(aws: None) -> None:
    limits.check("ada")
    (item,) = client("dynamodb").scan(TableName="records")["Items"]
    assert item["expires_at"] == {"N": "690"}
