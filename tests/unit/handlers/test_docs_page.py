"""The readable description says all that the document says, needs no script, and trusts no text."""

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from handlers.api.readable import as_page
from handlers.api.shapes import shape
from tests.unit.handlers.documented import answered, document
from tests.unit.handlers.http_calls import Ask


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: list[str] = []
        self.targets: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag with its names and links."""
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            assert name != "style"
            if name == "id":
                self.names.append(value or "")
            elif name == "href":
                self.targets.add(value or "")
            elif name == "src":
                self.loaded.add(value or "")


@pytest.fixture
def served(ask: Ask) -> dict[str, Any]:
    return ask("GET", "/docs")


def test_it_is_open_and_a_page(captured: Callable[[str], Any], context: Any, aws: None) -> None:
    event = captured("http-api-get")
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/docs"
    del event["requestContext"]["authorizer"]
    answer = answered(event, context)
    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    event["rawPath"] = event["requestContext"]["http"]["path"] = "/openapi.json"
    assert answered(event, context)["statusCode"] == 200


def test_everything_is_on_it_and_every_link_leads_somewhere(served: dict[str, Any]) -> None:
    page = Page(served["body"])
    operations = {operation["operationId"] for path in document()["paths"].values() for operation in path.values()}
    assert set(page.names) >= operations | set(document()["components"]["schemas"])
    assert len(set(page.names)) == len(page.names)
    assert {target for target in page.targets if not target.startswith("#")} == {"openapi.json"}
    assert {target[1:] for target in page.targets if target.startswith("#")} <= set(page.names)


def test_it_needs_no_script_and_loads_nothing(served: dict[str, Any]) -> None:
    page = Page(served["body"])
    assert not page.tags & {"script", "link", "img", "iframe", "form", "object"}
    assert page.loaded == set()


def test_its_policy_allows_its_own_style_and_nothing_else(served: dict[str, Any]) -> None:
    policy = served["headers"]["Content-Security-Policy"]
    (style,) = re.findall("<style>(.*?)</style>", served["body"], re.DOTALL)
    named = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{named}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "url(" not in style


def test_no_text_of_the_document_becomes_markup() -> None:
    evil = "<img src=x onerror=alert(1)>`<b>`"
    schema = {"type": "object", "description": evil, "properties": {evil: {"const": evil, "description": evil}}}
    operation = {
        "operationId": evil,
        "summary": evil,
        "tags": [evil],
        "parameters": [
            {"name": evil, "in": "query", "description": evil, "schema": {"pattern": evil, "default": evil}}
        ],
        "responses": {"200": {"description": evil, "content": {evil: {}}}},
    }
    page = as_page(
        {
            "info": {"title": evil, "description": evil},
            "paths": {f"/{evil}": {"get": operation}},
            "components": {"schemas": {evil: schema}},
        }
    )
    assert not Page(page).tags & {"img", "b"}


def test_who_has_it_already_is_told_so(ask: Ask, served: dict[str, Any]) -> None:
    again = ask("GET", "/docs", headers={"if-none-match": served["headers"]["ETag"]})
    assert (again["statusCode"], again["body"]) == (304, "")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "maxLength": 5}, "text, at most <code>5</code> characters"),
        ({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "null"}], "default": None}, "whole number, from"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Box"}}, 'list of <a href="#Box">Box</a>'),
        ({"enum": ["a", "b"], "default": "a"}, "else <code>&quot;a&quot;</code>"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "names with text"),
        ({}, "anything"),
    ],
)
def test_a_schema_is_said_in_few_words(schema: dict[str, Any], words: str) -> None:
    assert words in shape(schema)


def test_what_an_operation_can_answer_stands_in_its_article_or_where_most_refusals_do(served: dict[str, Any]) -> None:
    usual, *_ = served["body"].partition("id='refusals'")[2].partition("<article")
    told = {each["operationId"]: each["responses"] for path in document()["paths"].values() for each in path.values()}
    for name, responses in told.items():
        article, *_ = served["body"].partition(f'<article aria-labelledby="{name}">')[2].partition("</article>")
        for status in responses:
            by_name = f"<code>{status}</code>" in article
            assert by_name or (re.search(rf"as most do</a>:[^<]*\b{status}\b", article) and f"<code>{status}<" in usual)


def test_of_several_roles_any_is_enough(served: dict[str, Any]) -> None:
    assert "For submitter, reviewer or admin, and for machines" in served["body"]
