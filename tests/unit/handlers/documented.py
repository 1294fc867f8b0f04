"""The function behind the API, every answer of which is held against the API's own OpenAPI document."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from handlers.api import app as api
from handlers.api import openapi

Document = dict[str, Any]
_HERE = "urn:cleanplate:api"


def answered(event: Document, context: Any) -> Document:
    """Let the function answer a request as API Gateway passes it on, and check that it answers as documented."""
    answer: Document = api.handler(event, context)
    http = event["requestContext"]["http"]
    check(http["method"], http["path"].removeprefix("/signed"), answer)
    return answer


def check(method: str, path: str, answer: Document) -> None:
    """Fail if the document does not say that this request may be answered so."""
    operation = operation_of(method, path)
    if operation is None:
        assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "unknown_path"), f"{method} {path}"
        return
    response = operation["responses"].get(str(answer["statusCode"]))
    assert response, f"{operation['operationId']} is not said to answer {answer['statusCode']}: {answer['body'][:300]}"
    content = response.get("content", {})
    if not content:
        assert answer["body"] == ""
        return
    kind = next(value for name, value in answer["headers"].items() if name.lower() == "content-type")
    assert kind in content or "*/*" in content, f"{operation['operationId']} is not said to answer {kind}"
    if schema := content.get(kind, {}).get("schema"):
        wrong = [f"{error.json_path}: {error.message[:300]}" for error in errors(schema, json.loads(answer["body"]))]
        assert not wrong, f"{operation['operationId']} {answer['statusCode']}: {wrong}"


def operation_of(method: str, path: str) -> Document | None:
    """Find what the document says of a request; a path without parameters comes before one with."""
    paths = document()["paths"]
    for template in sorted(paths, key=lambda each: each.count("{")):
        if re.fullmatch(re.sub("{file}", ".*", re.sub("{(?!file)[^}]*}", "[^/]+", template)), path, re.DOTALL):
            return paths[template].get(method.lower())
    return None


def errors(schema: Document, value: Any) -> Iterator[Any]:
    """Say what is wrong with a value. What the document leaves open is closed here: nothing is answered unsaid."""
    return _validator(json.dumps(schema)).iter_errors(value)


@cache
def document() -> Document:
    """Read the document as it is served."""
    read: Document = json.loads(openapi.written(api.app))
    return read


@cache
def _closed() -> Registry[Any]:
    closed = json.loads(json.dumps(document()))
    for schema in closed["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return Registry().with_resource(_HERE, Resource(contents=closed, specification=DRAFT202012))


@cache
def _validator(schema: str) -> Draft202012Validator:
    placed = json.loads(schema.replace('"#/', f'"{_HERE}#/'))
    return Draft202012Validator(placed, registry=_closed(), format_checker=FormatChecker())
