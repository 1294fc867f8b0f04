"""The queue as the API reads it: filters and places out of a URL, which may hold anything."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from handlers.api.cursors import cursor_in
from schemas.errors import BadInput
from schemas.queue import LARGEST_PAGE, Filters

_USUAL_PAGE = 50


def asked(event: BaseProxyEvent) -> tuple[Filters, str | None, int]:
    """Read filters, cursor and limit from a request.

    Raises
    ------
    BadInput
        ``bad_cursor`` or ``bad_limit``; a wrong filter is named by its own validation.
    """
    given: dict[str, Any] = {
        name: value
        for name in Filters.model_fields
        if (value := event.get_query_string_value(name)) is not None and value != ""
    }
    cursor = cursor_in(event)
    return Filters.model_validate(given), cursor, _limit(event.get_query_string_value("limit"))


def _limit(text: str | None) -> int:
    if text is None:
        return _USUAL_PAGE
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= LARGEST_PAGE:
        raise BadInput(f"`limit` is a whole number from 1 to {LARGEST_PAGE}.", code="bad_limit")
    return int(text)
