"""Where a list goes on: a cursor out of a URL, which may hold anything."""

from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from schemas.errors import BadInput


def cursor_in(event: BaseProxyEvent, *, longest: int = 200) -> str | None:
    """Read ``?cursor=``; ``None`` where a list begins.

    Raises
    ------
    BadInput
        ``bad_cursor`` if it is longer than any that the list gives.
    """
    cursor = event.get_query_string_value("cursor") or None
    if cursor and len(cursor) > longest:
        raise BadInput("`cursor` is not one that this list gave.", code="bad_cursor")
    return cursor
