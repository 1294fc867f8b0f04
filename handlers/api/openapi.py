"""The API as an OpenAPI 3.1 document: the routes that are there, with what the table says of each."""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel

from handlers.api import callers, components
from handlers.api.operation import Operation
from handlers.api.operations import OPERATIONS
from schemas.http.answer import GatewayRefusal, Problem

Schema = dict[str, Any]
_PROBLEM = "application/problem+json"
_ABOUT = """\
Answers may gain fields: ignore what you do not know. Addresses in answers are presigned and last five minutes.

People bring a token of the stack's user pool; `x-roles` says which of its groups an operation is for. Machines sign
requests for the service `execute-api` and ask for the same paths below `/signed`; IAM decides what they may.

Every refusal of the API is a problem document (RFC 9457); its `code` is for programs, its `detail` for people. What is
refused before a request gets there (no valid token or signature, too many requests) has only a `message`.
"""
_PATH_PARAMETERS: dict[str, tuple[Schema, str]] = {
    "asset_id": ({"type": "string", "pattern": "^a-[0-9a-f]{24}$"}, "Name of an asset."),
    "run_id": ({"type": "string", "pattern": "^r-[0-9a-f]{40}$"}, "Name of the run that was asked about."),
    "batch_id": ({"type": "string", "pattern": "^b-[0-9a-f]{24}$"}, "Name of a batch."),
    "fetch_id": ({"type": "string", "pattern": "^f-[0-9a-f]{24}$"}, "Name of an order to fetch a picture."),
    "hook": ({"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"}, "Name of a hook."),
    "trial_id": ({"type": "string", "pattern": "^r-[0-9a-f]{40}$"}, "Name of a trial's run."),
    "name": ({"type": "string", "pattern": "^[a-z0-9-]{1,40}$"}, "Name of a mark."),
    "recipe": ({"type": "string", "maxLength": 60}, "Name of a recipe; to look at one also `name@version`."),
    "sha256": ({"type": "string", "pattern": "^[0-9a-f]{64}$"}, "Hash of a recipe, as every run carries it."),
    "webhook_id": ({"type": "string", "pattern": "^w-[0-9a-f]{24}$"}, "Name of a webhook."),
    "delivery_id": ({"type": "string", "pattern": "^d-[0-9a-f]{40}$"}, "Name of a delivery."),
    "file": ({"type": "string"}, "Path of one of the page's files; `index.html` where it is empty."),
}


class Registered(NamedTuple):
    """A route as the resolver knows it."""

    method: str
    path: str
    answered_by: Callable[..., Any]


def registered(app: APIGatewayHttpResolver) -> list[Registered]:
    """List the routes that are really there; Powertools has no public name for them."""
    routes = [Registered(route.method, route.path, route.func) for route in app._static_routes + app._dynamic_routes]
    return sorted(routes, key=lambda route: (route.path, route.method))


def template(path: str) -> str:
    """Write a route's path as OpenAPI does: ``/assets/{asset_id}``."""
    return re.sub("<([^>]*)>", r"{\1}", path).replace(".*", "{file}")


@cache
def written(app: APIGatewayHttpResolver) -> str:
    """Write the document, once."""
    return json.dumps(document(app), separators=(",", ":"), ensure_ascii=False)


def document(app: APIGatewayHttpResolver) -> Schema:
    """Put the document together.

    Raises
    ------
    KeyError
        If the table does not know a route.
    """
    routes = registered(app)
    schemas = components.schemas(OPERATIONS.values())
    paths: dict[str, Schema] = {}
    for route in routes:
        operation = _operation(route, OPERATIONS[route.method, route.path], schemas.questions)
        paths.setdefault(template(route.path), {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Cleanplate", "version": "1", "description": _ABOUT},
        "servers": [{"url": "./", "description": "Where this document lies."}],
        "paths": paths,
        "components": {"schemas": schemas.shown, "securitySchemes": _SECURITY},
    }


_SECURITY: Schema = {
    "person": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Token of the user pool."},
    "machine": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "AWS Signature Version 4, service `execute-api`; below `/signed` alone.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
}


_IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A text of yours, new for each thing that you want. Asked twice under it, this is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}
_ETAG: Schema = {"ETag": {"schema": {"type": "string"}, "description": "Send it as `If-None-Match` to ask again."}}


def _operation(route: Registered, known: Operation, questions: dict[type[BaseModel], Schema]) -> Schema:
    roles = callers.needed(route.answered_by)
    summary, _, more = (route.answered_by.__doc__ or "").strip().partition("\n\n")
    written: Schema = {
        "operationId": f"{route.answered_by.__module__.rpartition('.')[2]}_{route.answered_by.__name__}",
        "summary": " ".join(summary.split()),
        "description": _who(roles) + (f"\n\n{more.strip()}" if more else ""),
        "tags": [route.path.split("/")[1].partition(".")[0]],
        "security": [] if roles is None else [{"person": []}, {"machine": []}],
        "responses": _responses(known, roles, route),
    }
    if roles is not None:
        written["x-roles"] = list(roles)
    parameters = [_path_parameter(name) for name in re.findall("{([^}]*)}", template(route.path))]
    parameters += _query_parameters(questions[known.query]) if known.query else []
    once = hasattr(route.answered_by, "__once__")
    parameters += [_IDEMPOTENCY_KEY] if once else []
    if parameters:
        written["parameters"] = parameters
    if known.sends:
        written["requestBody"] = {"required": True, "content": _content(known.sends)}
    return written


def _who(roles: tuple[str, ...] | None) -> str:
    if roles is None:
        return "Open to everybody."
    if not roles:
        return "For everybody who signed in."
    *others, last = roles
    return f"For {', '.join(others)}{' or ' if others else ''}{last}, and for machines that IAM lets in."


def _path_parameter(name: str) -> Schema:
    schema, words = _PATH_PARAMETERS[name]
    return {"name": name, "in": "path", "required": True, "description": words, "schema": schema}


def _query_parameters(question: Schema) -> list[Schema]:
    return [
        {"name": name, "in": "query", "description": field["description"], "schema": _given(field)}
        for name, field in question["properties"].items()
    ]


def _given(field: Schema) -> Schema:
    """Leave ``null`` out: what an address does not say is not ``null`` in it."""
    facts = {name: value for name, value in field.items() if name not in ("anyOf", "description", "title")}
    if facts.get("default", "") is None:
        del facts["default"]
    kinds = [kind for kind in field.get("anyOf", []) if kind != {"type": "null"}]
    return facts | (kinds[0] if kinds else {})


def _content(what: type[BaseModel] | str | tuple[str, ...]) -> Schema:
    if isinstance(what, (str, tuple)):
        return {name: {} for name in ([what] if isinstance(what, str) else what)}
    return {"application/json": {"schema": components.reference(what)}}


def _responses(known: Operation, roles: tuple[str, ...] | None, route: Registered) -> Schema:
    answered: Schema = {"description": HTTPStatus(known.status).phrase}
    if known.answers:
        answered["content"] = _content(known.answers)
    if route.method == "GET" and known.status == HTTPStatus.OK:
        answered["headers"] = _ETAG
        known = known._replace(also={HTTPStatus.NOT_MODIFIED: "What `If-None-Match` names is what there still is."})
    found = {known.status: answered, **{status: _also(status, what) for status, what in known.also.items()}}
    for status, codes in _refusals(known, roles, route).items():
        found[status] = _refusal(status, codes)
    return {str(status): found[status] for status in sorted(found)}


def _also(status: int, what: str | type[BaseModel]) -> Schema:
    if isinstance(what, str):
        return {"description": what}
    return {"description": HTTPStatus(status).phrase, "content": _content(what)}


def _refusals(known: Operation, roles: tuple[str, ...] | None, route: Registered) -> dict[int, tuple[str, ...]]:
    """What the table says, and what any route may answer that asks who is there and reads what is kept."""
    common = [] if roles is None else [components.EVERYWHERE]
    common += [components.CHANGES] if roles is not None and route.method != "GET" else []
    common += [components.ONCE] if hasattr(route.answered_by, "__once__") else []
    found: dict[int, tuple[str, ...]] = {}
    for codes in (known.refuses, *common):
        for status, named in codes.items():
            found[status] = tuple(dict.fromkeys((*found.get(status, ()), *named)))
    if roles == ():
        del found[HTTPStatus.FORBIDDEN]
    return found


def _refusal(status: int, codes: Iterable[str]) -> Schema:
    named = {"properties": {"status": {"const": status}, "code": {"enum": list(codes)}}}
    content: Schema = {_PROBLEM: {"schema": {"allOf": [components.reference(Problem), named]}}}
    if status in components.GATEWAY:
        content["application/json"] = {"schema": components.reference(GatewayRefusal)}
    words = ", ".join(f"`{code}`" for code in codes)
    return {"description": f"{HTTPStatus(status).phrase}: {words}", "content": content}
