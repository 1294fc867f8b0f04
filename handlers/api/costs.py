"""Costs: what runs took, by day, recipe or model."""

from datetime import date, timedelta
from typing import Any, get_args

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.api import callers
from handlers.aws import costs
from handlers.prices import prices
from schemas.errors import BadInput
from schemas.records import now
from schemas.tally import By, Sum, sums, total

router = Router()  # type: ignore[no-untyped-call]
_USUAL = timedelta(days=29)
_LONGEST = timedelta(days=366)


@router.get("/")
@callers.needs(*callers.ANY_ROLE)
def show() -> dict[str, Any]:
    """Add up what runs cost: ``?from=2026-11-01&to=2026-11-30&by=day``, or by `recipe` or `model`.

    Days are UTC, that of the outcome. Counted is what has come to an outcome; trials and previews are not in it.
    """
    given = router.current_event.get_query_string_value
    last = _day("to", given("to")) or now().date()
    first = _day("from", given("from")) or last - _USUAL
    if not timedelta(0) <= last - first <= _LONGEST:
        raise BadInput(f"`from` comes before `to`, by {_LONGEST.days} days at most.", code="bad_days")
    by = _by(given("by"))
    lines = costs.between(first, last)
    shown = {"from": first.isoformat(), "to": last.isoformat(), "by": by, "currency": prices().currency}
    return {**shown, "sums": [_shown(each) for each in sums(lines, by)], "total": _shown(total(lines))}


def _day(name: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"`{name}` is a day such as 2026-11-30.", code="bad_days") from None


def _by(text: str | None) -> By:
    for known in get_args(By):
        if known == (text or "day"):
            return known  # type: ignore[no-any-return]
    raise BadInput(f"`by` is one of {', '.join(get_args(By))}.", code="bad_by")


def _shown(found: Sum) -> dict[str, Any]:
    return {**found.model_dump(mode="json"), "seconds": round(found.seconds, 3), "dollars": round(found.dollars, 6)}
