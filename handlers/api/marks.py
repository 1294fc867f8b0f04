"""Marks: artwork of watermarks that runs are to find and subtract."""

from typing import Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import TypeAdapter, ValidationError

from handlers import marks
from handlers.api import callers
from handlers.api.bodies import body_of
from handlers.api.errors import NotFound
from handlers.aws import marks as records
from handlers.aws import storage
from schemas.errors import BadInput
from schemas.mark import MOST_MARKS, MarkName
from schemas.records import MarkRecord
from schemas.role import Role

router = Router()  # type: ignore[no-untyped-call]
_NAME: TypeAdapter[str] = TypeAdapter(MarkName)


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def list_marks() -> dict[str, Any]:
    """List the marks that new runs look for, and how many there may be."""
    return {"marks": [_shown(mark) for mark in records.registered_marks()], "most": MOST_MARKS}


@router.get("/<name>")
@callers.needs(*callers.ANY_ROLE)
def show(name: str) -> dict[str, Any]:
    """Show a mark, with a link to its artwork that lasts five minutes."""
    mark = _known(name)
    return {**_shown(mark), "link": storage.presigned_get(mark.artwork)}


@router.put("/<name>")
@callers.needs(Role.SUBMITTER)
def add(name: str) -> dict[str, Any]:
    """Register the PNG in the body under this name, in the place of what had the name before."""
    try:
        _NAME.validate_python(name)
    except ValidationError:
        raise BadInput("A mark's name has 1 to 40 small letters, digits and hyphens.", code="bad_mark_name") from None
    return _shown(marks.add(name, body_of(router.current_event)))


@router.delete("/<name>")
@callers.needs(Role.ADMIN)
def remove(name: str) -> dict[str, Any]:
    """Hide a mark from new runs."""
    return _shown(records.remove(_known(name)))


def _known(name: str) -> MarkRecord:
    mark = records.find_mark(name)
    if mark is None or mark.removed_at is not None:
        raise NotFound(f"There is no mark `{name[:60]}`.", code="unknown_mark")
    return mark


def _shown(mark: MarkRecord) -> dict[str, Any]:
    return mark.model_dump(mode="json", exclude_none=True)
