"""A refusal names the fields that it is about by where they stand in what was sent."""

import json
from typing import Any

import pytest

from tests.unit.handlers.http_calls import Ask, Call


def _errors(call: Call, method: str, path: str, **more: Any) -> list[dict[str, str]]:
    _, problem = call(method, path, **more)
    errors: list[dict[str, str]] = problem.get("errors", [])
    return errors


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"path": "a.jpg", "box": {"x": -1, "y": 0, "width": 0, "height": 1}}, ["#/box/x", "#/box/width"]),
        ({"path": "a.jpg", "a/b~c": 1}, ["#/a~1b~0c"]),
        ("no json", ["#"]),
        ({"path": "a.jpg", "recipe": "no-such"}, ["#/recipe"]),
        ({"path": "a.jpg", "scale": 3}, ["#/scale"]),
        ({"path": "../a.jpg"}, ["#/path"]),
    ],
)
def test_every_wrong_field_is_pointed_at(call: Call, body: Any, pointers: list[str]) -> None:
    errors = _errors(call, "POST", "/assets", body=body)
    assert [error["pointer"] for error in errors] == pointers
    assert all(error["detail"] for error in errors)


def test_a_wrong_parameter_of_an_address_is_named_as_one(call: Call) -> None:
    (error,) = _errors(call, "GET", "/reviews", min_confidence="7")
    assert (error["parameter"], "pointer" in error) == ("min_confidence", False)


@pytest.mark.parametrize(
    ("more", "pointers"),
    [
        ({"callback": "https://10.0.0.1/"}, ["#/callback"]),
        ({"source_url": "https://10.0.0.1/"}, ["#/source_url"]),
        ({"source_url": "https://10.0.0.1/", "callback": "https://10.0.0.2/"}, []),
    ],
)
def test_an_address_is_pointed_at_where_there_is_only_one(
    call: Call, more: dict[str, str], pointers: list[str]
) -> None:
    body = {"path": "a.jpg", **more}
    errors = _errors(call, "POST", "/assets", body=body)
    assert [error["pointer"] for error in errors] == pointers


def test_a_field_that_was_not_sent_is_not_pointed_at(call: Call) -> None:
    assert _errors(call, "GET", "/assets/a-1") == []


def test_thousands_of_wrong_fields_make_no_long_answer(ask: Ask) -> None:
    body = {"path": "a.jpg", "x" * 300: 1, **{f"wrong{number}": 1 for number in range(5000)}}
    answer = ask("POST", "/assets", body=body)
    assert len(answer["body"]) < 4000
    assert len(json.loads(answer["body"])["errors"]) in (19, 20)
