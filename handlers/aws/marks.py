"""DynamoDB: which marks are registered. They share one partition, so that a run finds all of them by one query."""

from typing import Any

from handlers.aws import items, table
from handlers.settings import settings
from schemas.errors import TransientFailure
from schemas.records import MarkRecord, now, timestamp


def find_mark(name: str) -> MarkRecord | None:
    """Read a mark, also one that was removed."""
    found = table.get(items.mark_key(name))
    return table.checked(MarkRecord, found) if found else None


def registered_marks() -> list[MarkRecord]:
    """List the marks that new runs look for, by name."""
    there = "attribute_not_exists(removed_at)"
    return table.query(MarkRecord, "pk = :pk", {":pk": items.MARKS}, "listing marks", FilterExpression=there)


def register(mark: MarkRecord, *, replaces: MarkRecord | None) -> None:
    """Write a mark down, in the place of what was registered under its name.

    Raises
    ------
    TransientFailure
        If somebody else registered one since ``replaces`` was read.
    """
    put: dict[str, Any] = {"TableName": settings().table, "Item": items.mark_item(mark)}
    if replaces is None:
        put["ConditionExpression"] = "attribute_not_exists(pk)"
    else:
        put["ConditionExpression"] = "registered_at = :seen"
        put["ExpressionAttributeValues"] = {":seen": items.to_wire(timestamp(replaces.registered_at))}
    _written([{"Put": put}])


def remove(mark: MarkRecord) -> MarkRecord:
    """Hide a mark from new runs; return it as it stands then. Its artwork stays.

    Raises
    ------
    TransientFailure
        If it is not the registered one any more.
    """
    moment = now()
    condition = "registered_at = :seen AND attribute_not_exists(removed_at)"
    seen = {":seen": timestamp(mark.registered_at)}
    _written([table.update(items.mark_key(mark.name), {"removed_at": timestamp(moment)}, condition, seen)])
    return mark.model_copy(update={"removed_at": moment})


def _written(writes: list[dict[str, Any]]) -> None:
    if not table.transact(writes, "recording a mark"):
        raise TransientFailure("The mark was changed by somebody else meanwhile; try again.", code="record_conflict")
