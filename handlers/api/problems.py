"""Refusals as problem documents (RFC 9457), which name every field that is wrong and repeat nothing that was sent."""

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from pydantic import ValidationError

from handlers.api.bodies import body_of
from handlers.api.errors import TooManyRequests
from schemas.errors import CleanplateError
from schemas.flaws import FlawedDocument

_MOST_FAULTS = 20
_LONGEST_POINTER = 200
_WITHOUT_BODY = ("GET", "DELETE")
_FIELDS = {
    "unknown_recipe": "recipe",
    "bad_path": "path",
    "bad_prompt": "prompt",
    "prompt_not_used": "prompt",
    "bad_scale": "scale",
    "bad_tier": "tier",
    "bad_format": "format",
    "bad_rights": "rights",
    "bad_box": "box",
    "box_outside": "box",
    "bad_point": "point",
    "mask_missing": "mask",
    "unknown_asset": "asset_id",
    "too_many_bytes": "size_bytes",
    "bad_entry": "entry",
}
"""The field that a refusal is about, where it was sent; at the top of the body, or in its ``job``."""
_ADDRESSES = ("source_url", "callback", "url")
"""What ``bad_url`` and ``private_address`` may be about: known only where one of them was sent."""


def problem(
    status: int, code: str, detail: str, errors: list[dict[str, Any]] | None = None, **headers: str
) -> Response[str]:
    """Write one."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    body |= {"detail": detail} | ({"errors": errors} if errors else {})
    return Response(
        status_code=status, content_type="application/problem+json", body=json.dumps(body), headers=dict(headers)
    )


def of_ours(error: CleanplateError) -> Response[str]:
    """Our errors are written for people; the field that they are about is looked for in what was sent."""
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooManyRequests) else {}
    errors = list(_flaws(error)) if isinstance(error, FlawedDocument) else _about(error)
    return problem(error.http_status, error.code, error.message, errors, **headers)


def of_validation(error: ValidationError) -> Response[str]:
    """Name the fields that are wrong, the first of them in the sentence too."""
    found = error.errors(include_url=False, include_input=False)
    first = found[0]
    field = ".".join(map(str, first["loc"])) or "body"
    return problem(400, "bad_request", f"{field[:60]}: {first['msg']}", list(_faults(found)))


def _faults(found: list[Any]) -> Iterator[dict[str, str]]:
    in_address = BaseRouter.current_event["requestContext"]["http"]["method"] in _WITHOUT_BODY
    for each in found[:_MOST_FAULTS]:
        where = {"parameter": str(each["loc"][0])} if in_address and each["loc"] else {"pointer": _pointer(each["loc"])}
        if all(len(value) <= _LONGEST_POINTER for value in where.values()):
            yield {**where, "detail": str(each["msg"])}


def _flaws(error: FlawedDocument) -> Iterator[dict[str, Any]]:
    """Point at what is wrong in a text that a person wrote, by its lines where it has any."""
    for flaw in error.flaws[:_MOST_FAULTS]:
        if len(pointer := "#" + flaw.pointer) <= _LONGEST_POINTER:
            yield {"pointer": pointer, "detail": flaw.message, **(flaw.place._asdict() if flaw.place else {})}


def _pointer(place: tuple[int | str, ...]) -> str:
    """Write a place in the body as a JSON pointer (RFC 6901) in an address's fragment."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def _about(error: CleanplateError) -> list[dict[str, Any]] | None:
    fields = _ADDRESSES if error.code in ("bad_url", "private_address") else (_FIELDS.get(error.code, ""),)
    places = _places_of(fields)
    return [{"pointer": _pointer(places[0]), "detail": error.message}] if len(places) == 1 else None


def _places_of(fields: Iterable[str]) -> list[tuple[str, ...]]:
    """Find where fields were sent."""
    try:
        sent = json.loads(body_of(BaseRouter.current_event))
    except ValueError:
        return []
    if not isinstance(sent, Mapping):
        return []
    job = sent.get("job")
    within = job if isinstance(job, Mapping) else {}
    return [(field,) for field in fields if field in sent] + [("job", field) for field in fields if field in within]
