"""DynamoDB: records of an asset as they are, whatever wrote them, and taking them away."""

from collections.abc import Iterator, Sequence
from typing import Any

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.settings import settings

_AT_ONCE = 90
"""Writes in one transaction; DynamoDB takes a hundred."""


def rows(pk: str, prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Read all items of a partition as they are now: sort key, and the item without its keys."""
    condition, values = "pk = :pk", {":pk": items.to_wire(pk)}
    if prefix:
        condition, values = "pk = :pk AND begins_with(sk, :prefix)", {**values, ":prefix": items.to_wire(prefix)}
    asked = {"TableName": settings().table, "KeyConditionExpression": condition, "ConsistentRead": True}
    pages = client("dynamodb").get_paginator("query")
    with translated("reading what there is"):
        for page in pages.paginate(**asked, ExpressionAttributeValues=values):
            for item in page["Items"]:
                yield item["sk"]["S"], items.from_item(item)


def delete(keys: Sequence[dict[str, str]]) -> int:
    """Take records away, those that are there; return how many were named."""
    for start in range(0, len(keys), _AT_ONCE):
        table.transact([table.delete(key) for key in keys[start : start + _AT_ONCE]], "taking records away")
    return len(keys)
