"""Provenance backwards: the runs that a model, a recipe or a reviewer had to do with."""

import re
from datetime import date, timedelta
from typing import Any, get_args

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.api.cursors import cursor_in
from handlers.aws import found_runs
from handlers.aws.found_runs import Asked
from schemas.asset import Status
from schemas.descent import Part
from schemas.errors import BadInput
from schemas.found_by import Fact, by_model, by_recipe, by_reviewer, by_weights
from schemas.records import now

router = Router()  # type: ignore[no-untyped-call]
_USUAL = timedelta(days=6)
_MOST_DAYS = 31
_FACTS = ("model", "weights", "recipe", "reviewer")
_LONGEST = 2048
"""Of what is looked for: an identity is the longest."""
_OF_DAYS = re.compile(r"#\d{4}-\d{2}-\d{2}T.{1,80}")


@router.get("/provenance")
@callers.needs(*callers.ANY_ROLE)
def find() -> dict[str, Any]:
    """Find runs that ended, the latest first: ``?model=lama@1&status=delivered`` gives what came from that model.

    By one of `model`, `weights`, `recipe` and `reviewer`, by days (`day`, or `from` and `to`; at most 31 where nothing
    else is given, and the last seven if none are), or both. A run that was only tried out is not found. What ended
    some seconds ago may not be found yet.
    """
    fact, asked = _fact(), _asked()
    before = cursor_in(router.current_event)
    if fact is not None:
        runs, cursor = found_runs.find(fact, asked, before)
    else:
        asked = _bounded(asked)
        if before and not _is_of_days(before):
            raise BadInput("`cursor` is not one that this list gave.", code="bad_cursor")
        runs, cursor = found_runs.find_by_day(asked, before)
    return {"runs": [run.model_dump(mode="json", exclude_none=True) for run in runs], "cursor": cursor}


def _is_of_days(cursor: str) -> bool:
    """Whether a cursor names a moment, as those of a list by days do."""
    try:
        return bool(_OF_DAYS.fullmatch(cursor)) and bool(date.fromisoformat(cursor[1:11]))
    except ValueError:
        return False


def _given(name: str) -> str | None:
    text = router.current_event.get_query_string_value(name) or None
    if text is not None and len(text) > _LONGEST:
        raise BadInput(f"`{name}` is longer than any that there is.", code="bad_filter")
    return text


def _fact() -> Fact | None:
    given = {name: text for name in _FACTS if (text := _given(name))}
    if len(given) > 1:
        raise BadInput(f"Give one of {', '.join(_FACTS)}; days and `status` go with each.", code="bad_filter")
    for name, text in given.items():
        if name == "weights":
            return by_weights(_checked("weights", text, r"[0-9a-f]{64}", "the SHA-256 of a weight file"))
        if name == "reviewer":
            return by_reviewer(text)
        of, _, version = _checked(
            name, text, r"[a-z0-9][a-z0-9.-]{0,60}(@.{1,40})?", "`name` or `name@version`"
        ).partition("@")
        if name == "model":
            return by_model(of, version)
        number = _checked(name, version, r"(0|[1-9]\d{0,5})?", "`name` or `name@version`")
        return by_recipe(of, int(number) if number else None)
    return None


def _checked(name: str, text: str, pattern: str, wanted: str) -> str:
    if not re.fullmatch(pattern, text):
        raise BadInput(f"`{name}` is {wanted}.", code="bad_filter")
    return text


def _asked() -> Asked:
    status, part = (_given("status") or "").upper() or None, _given("part")
    if status is not None and status not in list(Status):
        raise BadInput(f"`status` is one of {', '.join(Status)}.", code="bad_status")
    if part is not None and (part not in get_args(Part) or not (_given("model") or _given("weights"))):
        raise BadInput("`part` is what a model did: made, chose, measured or tried.", code="bad_filter")
    day = _day("day")
    first, last = (day, day) if day else (_day("from"), _day("to"))
    if first and last and first > last:
        raise BadInput("`from` comes before `to`.", code="bad_days")
    return Asked(first, last, Status(status) if status else None, part)


def _bounded(asked: Asked) -> Asked:
    """Without anything else to look for each day is a question of its own."""
    last = asked.last or (asked.first + timedelta(days=_MOST_DAYS - 1) if asked.first else now().date())
    first = asked.first or last - _USUAL
    if (last - first).days >= _MOST_DAYS:
        raise BadInput(f"Without a model, recipe or reviewer give at most {_MOST_DAYS} days.", code="bad_days")
    return asked._replace(first=first, last=last)


def _day(name: str) -> date | None:
    text = _given(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"`{name}` is a day such as 2026-11-30.", code="bad_days") from None
