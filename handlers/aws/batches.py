"""DynamoDB: batches, and how each of their pictures stands. Nothing is counted up: who asks counts what is there."""

from typing import Any

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas.batch import BatchItem, BatchRecord, BatchState
from schemas.ids import digest
from schemas.records import AssetRecord, now, timestamp

BATCHES = "BATCH"
"""Index partition of all batches."""


def key(batch_id: str) -> dict[str, str]:
    """Key of a batch."""
    return {"pk": f"BATCH#{batch_id}", "sk": "BATCH"}


def item_key(batch_id: str, of: str) -> dict[str, str]:
    """Key of one picture of a batch; its own key may be longer than a sort key."""
    return {"pk": f"BATCH#{batch_id}", "sk": f"ITEM#{digest('item', of)[:40]}"}


def begin(record: BatchRecord) -> bool:
    """Write a batch down; ``False``, and no change, if it was before."""
    index = items.index_of(BATCHES, timestamp(record.created_at), record.batch_id)
    return table.put_new(items.to_item(record, {**key(record.batch_id), **index}), "ordering a batch")


def find(batch_id: str) -> BatchRecord | None:
    """Read a batch."""
    found = table.get(key(batch_id))
    return table.checked(BatchRecord, found) if found else None


def page(before: str | None = None, limit: int = 50) -> tuple[list[BatchRecord], str | None]:
    """List batches, the latest first, and where the next page starts."""
    condition = "index_pk = :pk" + (" AND index_sk < :before" if before else "")
    values = {":pk": BATCHES, **({":before": before} if before else {})}
    with translated("listing batches"):
        found = client("dynamodb").query(
            TableName=settings().table,
            IndexName="by-status",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=items.wired(values),
            ScanIndexForward=False,
            Limit=limit,
        )
    batches = [table.checked(BatchRecord, items.from_item(item)) for item in found["Items"]]
    more = "LastEvaluatedKey" in found and found["Items"]
    return batches, found["Items"][-1]["index_sk"]["S"] if more else None


def listed(batch_id: str, total: int) -> None:
    """Write down how many pictures a batch has."""
    table.transact([table.update(key(batch_id), {"total": total}, "attribute_exists(pk)", {})], "counting a batch")


def end(batch_id: str, attempt: int, state: BatchState, reason: str | None = None) -> bool:
    """Write down that an attempt is over; ``False``, and no change, if that is known or another one runs."""
    changes = {"state": state, "ended_at": timestamp(now()), **({"reason": reason} if reason else {})}
    seen = {":running": BatchState.RUNNING, ":attempt": attempt}
    condition = "#state = :running AND attempt = :attempt"
    return table.transact([table.update(key(batch_id), changes, condition, seen)], "ending a batch")


def stop(record: BatchRecord) -> bool:
    """Write down that no more is begun of what runs or was tried; ``False``, and no change, if it is neither."""
    changes = {"state": BatchState.STOPPED, "ended_at": timestamp(now())}
    seen = {":running": BatchState.RUNNING, ":tried": BatchState.TRIED, ":attempt": record.attempt}
    condition = "#state IN (:running, :tried) AND attempt = :attempt"
    return table.transact([table.update(key(record.batch_id), changes, condition, seen)], "stopping a batch")


def resume(record: BatchRecord, *, with_rest: bool) -> bool:
    """Write down that the next attempt begins; ``False``, and no change, if it has.

    Parameters
    ----------
    with_rest
        Not only with the pictures that are to be tried, if there are such.
    """
    changes = {"state": BatchState.RUNNING, "attempt": record.attempt + 1, "started_at": timestamp(now())}
    seen = {":running": BatchState.RUNNING, ":seen": record.attempt}
    condition = "#state <> :running AND #attempt = :seen"
    remove = ("reason", "ended_at", *(("try",) if with_rest else ()))
    write = table.update(key(record.batch_id), changes, condition, seen, remove=remove)
    return table.transact([write], "resuming a batch")


def find_item(batch_id: str, of: str) -> BatchItem | None:
    """Read how a picture of a batch stands."""
    found = table.get(item_key(batch_id, of))
    return table.checked(BatchItem, found) if found else None


def wait(item: BatchItem) -> None:
    """Write down who waits for a picture, where its asset is found by what happens to it."""
    writes = [table.put(items.to_item(item, item_key(item.batch_id, item.key)))]
    if item.asset_id:
        place = {**_waiter_key(item.asset_id, item.batch_id), "batch_id": item.batch_id, "key": item.key}
        writes.append(table.put(items.wired(place)))
    table.transact(writes, "taking up a picture of a batch")


def join(asset: AssetRecord, batch_id: str) -> bool:
    """Have an asset's outcome told as one of a batch; ``False``, and no change, if it has come to it by now."""
    condition, seen = "run_id = :run AND attribute_not_exists(outcome)", {":run": asset.run_id}
    write = table.update(items.asset_key(asset.asset_id), {"batch": batch_id}, condition, seen)
    return table.transact([write], "joining a batch")


def waiters(asset_id: str) -> list[tuple[str, str]]:
    """List the batches that an asset belongs to, each with the picture's key."""
    values = {":pk": f"ASSET#{asset_id}", ":prefix": "BATCH#"}
    with translated("looking for batches"):
        found = client("dynamodb").query(
            TableName=settings().table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues=items.wired(values),
            ConsistentRead=True,
        )
    rows = [items.from_item(item) for item in found["Items"]]
    return [(row["batch_id"], row["key"]) for row in rows]


def settle(item: BatchItem) -> bool:
    """Write down what became of a picture; ``False``, and no change, if something newer is known."""
    said = item.model_dump(mode="json", exclude_none=True)
    changes = {name: value for name, value in said.items() if name not in ("batch_id", "key", "attempt", "task_token")}
    seen = {":asset": item.asset_id, ":moment": said["updated_at"]}
    condition = "#asset_id = :asset AND #updated_at <= :moment"
    write = table.update(item_key(item.batch_id, item.key), changes, condition, seen)
    return table.transact([write], "recording what became of a picture of a batch")


def empty(key: str, item: BatchItem) -> None:
    """Write over what is known of a picture of a batch; ``item`` does not name it any more."""
    write = table.put(items.to_item(item, item_key(item.batch_id, key)))
    table.transact([write], "emptying a picture of a batch")


def items_of(batch_id: str) -> list[BatchItem]:
    """Read all pictures of a batch that were taken up."""
    values = {":pk": f"BATCH#{batch_id}", ":prefix": "ITEM#"}
    return table.query(BatchItem, "pk = :pk AND begins_with(sk, :prefix)", values, "reading a batch")


def item_page(batch_id: str, after: str | None, limit: int = 100) -> tuple[list[BatchItem], str | None]:
    """Read some pictures of a batch, in no order that means anything, and where the next page starts."""
    values: dict[str, Any] = {":pk": f"BATCH#{batch_id}", ":after": after or "ITEM#", ":end": "ITEM#~"}
    with translated("reading a batch"):
        found = client("dynamodb").query(
            TableName=settings().table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :after AND :end",
            ExpressionAttributeValues=items.wired(values),
            ConsistentRead=True,
            Limit=limit + 1,
        )
    rows = found["Items"]
    batch_items = [table.checked(BatchItem, items.from_item(row)) for row in rows[:limit]]
    return batch_items, rows[limit]["sk"]["S"] if len(rows) > limit else None


def _waiter_key(asset_id: str, batch_id: str) -> dict[str, str]:
    return {"pk": f"ASSET#{asset_id}", "sk": f"BATCH#{batch_id}"}
