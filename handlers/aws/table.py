"""DynamoDB's mechanics for our one table: strong reads, and writes that happen all together or not at all."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from pydantic import ValidationError

from handlers.aws import items
from handlers.aws.clients import client, error_code, translated
from handlers.settings import settings
from schemas.errors import PermanentFailure
from schemas.pointers import Document

Record = TypeVar("Record", bound=Document)
Write = dict[str, Any]
"""One write of a transaction, in DynamoDB's form."""


def get(key: dict[str, str]) -> dict[str, Any] | None:
    """Read one item as it is now, without its keys; ``None`` if there is none."""
    wire = items.wired(key)
    with translated("reading a record"):
        found = client("dynamodb").get_item(TableName=settings().table, Key=wire, ConsistentRead=True)
    return items.from_item(found["Item"]) if "Item" in found else None


def count_up(key: dict[str, str], *, expires_at: int) -> int:
    """Count one more under a key, for a while; return how many there are."""
    with translated("counting"):
        counted = client("dynamodb").update_item(
            TableName=settings().table,
            Key=items.wired(key),
            UpdateExpression="ADD counted :one SET expires_at = :forgotten",
            ExpressionAttributeValues={":one": items.to_wire(1), ":forgotten": items.to_wire(expires_at)},
            ReturnValues="UPDATED_NEW",
        )
    return int(counted["Attributes"]["counted"]["N"])


def put_new(item: items.Item, doing: str) -> bool:
    """Write an item under a key that nothing lies under; ``False``, and no change, if something does."""
    return transact([put(item, new=True)], doing)


def query(kind: type[Record], condition: str, values: dict[str, Any], doing: str, **more: str) -> list[Record]:
    """Read all documents of one partition that a key condition chooses, in the order of their keys, as they are now.

    Parameters
    ----------
    condition
        Of the keys, over the names in ``values`` (``:pk``).
    more
        What else DynamoDB takes, such as ``FilterExpression``.
    """
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=items.wired(values),
            ConsistentRead=True,
            **more,
        )
    )
    with translated(doing):
        return [checked(kind, items.from_item(item)) for page in pages for item in page["Items"]]


def partition(
    pk: str, doing: str, *, prefix: str = "", below: str | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read the items of a partition as they are now, in the order of their keys: all, by a prefix or a bound.

    Yields
    ------
    str, dict
        The sort key, and the item without its keys.
    """
    pages = client("dynamodb").get_paginator("query")
    condition, values = "pk = :pk", {":pk": items.to_wire(pk)}
    if prefix:
        condition, values = "pk = :pk AND begins_with(sk, :prefix)", {**values, ":prefix": items.to_wire(prefix)}
    elif below is not None:
        condition, values = "pk = :pk AND sk < :below", {**values, ":below": items.to_wire(below)}
    asked = {"TableName": settings().table, "KeyConditionExpression": condition, "ConsistentRead": True}
    with translated(doing):
        for page in pages.paginate(**asked, ExpressionAttributeValues=values):
            for item in page["Items"]:
                yield item["sk"]["S"], items.from_item(item)


def sort_keys(pk: str, doing: str) -> list[str]:
    """Read the sort keys of a partition as they are now, in their order."""
    pages = client("dynamodb").get_paginator("query")
    asked = {"TableName": settings().table, "KeyConditionExpression": "pk = :pk", "ConsistentRead": True}
    values = {"ExpressionAttributeValues": {":pk": items.to_wire(pk)}, "ProjectionExpression": "sk"}
    with translated(doing):
        return [item["sk"]["S"] for page in pages.paginate(**asked, **values) for item in page["Items"]]


def checked(kind: type[Record], fields: dict[str, Any]) -> Record:
    """Make a document of an item, which an older deployment may have written, or a person by hand.

    Raises
    ------
    PermanentFailure
        If it is not one.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError:
        raise PermanentFailure(f"A {kind.__name__} in the table cannot be read.", code="bad_record") from None


def put(item: items.Item, *, new: bool = False) -> Write:
    """Write down that an item is to be put, for `transact`; with ``new`` only where nothing lies under its key."""
    condition = {"ConditionExpression": "attribute_not_exists(pk)"} if new else {}
    return {"Put": {"TableName": settings().table, "Item": item, **condition}}


def delete(key: dict[str, str]) -> Write:
    """Write down that an item is to be deleted, if it is there, for `transact`."""
    wire = items.wired(key)
    return {"Delete": {"TableName": settings().table, "Key": wire}}


def check(key: dict[str, str], condition: str, values: items.Item) -> Write:
    """Write down what must hold of another item, with values in wire form, for `transact`."""
    return {
        "ConditionCheck": {
            "TableName": settings().table,
            "Key": items.wired(key),
            "ConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }
    }


def update(
    key: dict[str, str],
    changes: dict[str, Any],
    condition: str,
    values: dict[str, Any],
    remove: Sequence[str] = (),
) -> dict[str, Any]:
    """Write down an update of one item, for `transact`. Names in the condition are written as ``#name``."""
    names = {f"#{name}": name for name in (*changes, *remove)}
    assignments = ", ".join(f"#{name} = :new_{name}" for name in changes)
    clauses = [f"SET {assignments}"] if changes else []
    clauses += ["REMOVE " + ", ".join(f"#{name}" for name in remove)] if remove else []
    bound = {**values, **{f":new_{name}": value for name, value in changes.items()}}
    wire = items.wired(bound)
    return {
        "Update": {
            "TableName": settings().table,
            "Key": items.wired(key),
            "UpdateExpression": " ".join(clauses),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": names,
            **({"ExpressionAttributeValues": wire} if wire else {}),  # DynamoDB refuses an empty one
        }
    }


def transact(writes: Sequence[Write], doing: str) -> bool:
    """Write all or nothing; ``False`` if a condition did not hold."""
    with translated(doing):
        try:
            client("dynamodb").transact_write_items(TransactItems=list(writes))
        except ClientError as error:
            if error_code(error) == "TransactionCanceledException":
                reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
                if "ConditionalCheckFailed" in reasons:
                    return False
            raise
    return True
