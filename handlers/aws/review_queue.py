"""DynamoDB: the queue of waiting reviews, read by index, in the order in which people should look."""

from collections import Counter
from datetime import timedelta
from typing import Any

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.observability import logger
from handlers.settings import settings
from schemas.errors import PermanentFailure
from schemas.queue import Counts, Filters
from schemas.records import ReviewRecord, now, timestamp

_ROWS = 300
"""Rows of one read: at some 2 KB each below DynamoDB's 1 MB a page."""
_MOST_READS = 10
"""Of one request: a filter that matches nothing must not read a queue of a million to its end."""
_MOST_COUNTED = 5000


def page(filters: Filters, who: str, after: str | None, limit: int) -> tuple[list[ReviewRecord], str | None]:
    """List waiting reviews, and where the next page begins.

    A page may be short, or empty, and still have a next one: where a filter matches little.
    """
    expression, names, values = _filter(filters, who)
    found: list[ReviewRecord] = []
    rows_wanted = _ROWS if expression else limit
    for _ in range(_MOST_READS):
        rows, more = _read(after, expression, names, values, limit=rows_wanted)
        for row in rows:
            after = row["index_sk"]["S"]
            if (review := _checked_or_none(row)) is not None:
                found.append(review)
            if len(found) == limit:
                return found, after if more or row is not rows[-1] else None
        if more is None:
            return found, None
        after = more
    return found, after


def counts() -> Counts:
    """Count what waits, up to five thousand."""
    rules: Counter[str] = Counter()
    recipes: Counter[str] = Counter()
    after: str | None = None
    while sum(rules.values()) < _MOST_COUNTED:
        rows, after = _read(after, None, {}, {}, only="index_sk, #rule, recipe")
        rules.update(row["rule"]["S"] for row in rows if "rule" in row)
        recipes.update(row["recipe"]["S"] for row in rows if row.get("recipe", {}).get("S"))
        if after is None:
            break
    return Counts(open=sum(rules.values()), at_least=after is not None, by_rule=rules, by_recipe=recipes)


def _read(
    after: str | None,
    expression: str | None,
    names: dict[str, str],
    values: dict[str, Any],
    *,
    only: str | None = None,
    limit: int | None = None,
) -> tuple[list[items.Item], str | None]:
    """Read rows behind a place in the index, and give the last place that was read, if there is more."""
    bound = {":pk": items.REVIEWS, **values, **({":after": after} if after else {})}
    request: dict[str, Any] = {
        "TableName": settings().table,
        "IndexName": "by-status",
        "KeyConditionExpression": "index_pk = :pk" + (" AND index_sk > :after" if after else ""),
        "ExpressionAttributeValues": items.wired(bound),
        "Limit": limit or _ROWS,
    }
    if expression:
        request["FilterExpression"] = expression
    if only:
        request["ProjectionExpression"] = only
        names = {"#rule": "rule"}
    if names:
        request["ExpressionAttributeNames"] = names
    with translated("listing reviews"):
        found = client("dynamodb").query(**request)
    last = found.get("LastEvaluatedKey")
    return found["Items"], last["index_sk"]["S"] if last else None


def _filter(filters: Filters, who: str) -> tuple[str | None, dict[str, str], dict[str, Any]]:
    parts: list[str] = []
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    if filters.recipe:
        parts.append("recipe = :recipe" if "@" in filters.recipe else "begins_with(recipe, :recipe)")
        values[":recipe"] = filters.recipe if "@" in filters.recipe else f"{filters.recipe}@"
    if filters.rule:
        parts.append("#rule = :rule")
        names["#rule"], values[":rule"] = "rule", filters.rule
    if filters.guard:
        parts.append("#rule = :guard")
        names["#rule"], values[":guard"] = "rule", f"guard-{filters.guard}"
    if filters.min_confidence is not None:
        parts.append("confidence >= :low")
        values[":low"] = filters.min_confidence
    if filters.max_confidence is not None:
        parts.append("confidence <= :high")
        values[":high"] = filters.max_confidence
    if filters.older_than_hours is not None:
        parts.append("opened_at <= :old")
        values[":old"] = timestamp(now() - timedelta(hours=filters.older_than_hours))
    if filters.mine:
        parts.append("#claim.who = :who")
        names["#claim"], values[":who"] = "claim", who
    return " AND ".join(parts) or None, names, values


def _checked_or_none(item: items.Item) -> ReviewRecord | None:
    """One record that cannot be read must not hide all others."""
    try:
        return table.checked(ReviewRecord, items.from_item(item))
    except PermanentFailure:
        logger.error("unreadable review", extra={"sort_key": item.get("sk", {}).get("S")})
        return None
