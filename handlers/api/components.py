"""The schemas of the OpenAPI document: every document that is sent or answered, once, by its name."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from handlers.api.operation import Codes, Operation
from schemas.http.answer import GatewayRefusal, Problem

Schema = dict[str, Any]
_PLACE = "#/components/schemas/"
EVERYWHERE: Codes = {
    401: ("no_identity",),
    403: ("role_missing",),
    422: ("aws_refused", "bad_record", "bad_document", "settings", "no_recipes", "bad_recipe"),
    503: ("aws_unavailable", "aws_unreachable", "record_conflict"),
}
"""What any route may refuse that is not open. 422: our side cannot; 503: ask again."""
CHANGES: Codes = {429: ("too_many_requests",)}
"""What any route may refuse that changes something; `Retry-After` says for how many seconds."""
ONCE: Codes = {400: ("bad_idempotency_key",), 409: ("in_progress",), 422: ("idempotency_mismatch",)}
"""What any route may refuse that can be asked under an `Idempotency-Key`."""
GATEWAY = (401, 403, 429)
"""What API Gateway refuses by itself as well."""


class Schemas(NamedTuple):
    """Schemas by name, and those of questions, whose fields stand in addresses."""

    shown: dict[str, Schema]
    questions: dict[type[BaseModel], Schema]


def reference(model: type[BaseModel]) -> Schema:
    """Point at a model's schema."""
    return {"$ref": _PLACE + model.__name__}


def schemas(operations: Iterable[Operation]) -> Schemas:
    """Write the schemas that operations need.

    What is answered is open: it may gain fields. What is sent is closed, so that a misspelt field is an error.
    """
    known = list(operations)
    sent: set[type[BaseModel]] = {each.sends for each in known if isinstance(each.sends, type)}
    asked: set[type[BaseModel]] = {each.query for each in known if each.query}
    answered: set[type[BaseModel]] = {each.answers for each in known if isinstance(each.answers, type)}
    answered |= {what for each in known for what in each.also.values() if isinstance(what, type)}
    models: list[type[BaseModel]] = sorted(
        sent | asked | answered | {Problem, GatewayRefusal}, key=lambda model: model.__name__
    )
    # As they are validated: what has a default may be left out, and answers leave out what says nothing.
    # By names and not aliases: a recipe's `try`, as people write it, is `models` in every answer.
    _, made = models_json_schema(
        [(model, "validation") for model in models], by_alias=False, ref_template=_PLACE + "{model}"
    )
    shown: dict[str, Schema] = {name: _outside(schema) for name, schema in made["$defs"].items()}
    closed = set[str]()
    for model in sent:
        _follow(model.__name__, shown, closed)
    for name in shown.keys() - closed:
        shown[name].pop("additionalProperties", None)
    return Schemas(shown, {model: shown.pop(model.__name__) for model in asked})


def _outside(schema: Schema) -> Schema:
    """Call fields as they are called outside: ``from_`` has its ``_`` because Python means something by ``from``."""
    if "properties" not in schema:
        return schema
    fields = {name.removesuffix("_"): field for name, field in schema["properties"].items()}
    needed = {"required": [name.removesuffix("_") for name in schema["required"]]} if "required" in schema else {}
    return {**schema, "properties": fields, **needed}


def _follow(name: str, shown: dict[str, Schema], seen: set[str]) -> None:
    """Collect a schema's name and those of all that it is made of."""
    if name not in seen:
        seen.add(name)
        for other in _references(shown[name]):
            _follow(other, shown, seen)


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(target := part.get("$ref"), str):
            yield target.removeprefix(_PLACE)
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _references(each)
