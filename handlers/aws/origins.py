"""DynamoDB: what was copied from attached buckets, and who is copying."""

from datetime import timedelta

from handlers.aws import items, table
from schemas.ids import digest
from schemas.origin import CopyRecord
from schemas.records import now, timestamp

_LEASE = timedelta(seconds=60)
"""Longer than the function may live that holds it."""


def find(bucket: str, key: str) -> CopyRecord | None:
    """Read what was copied last from a key."""
    found = table.get(key_of(bucket, key))
    return table.checked(CopyRecord, found) if found else None


def claim(bucket: str, key: str, version: str) -> CopyRecord | None:
    """Take the right to copy from a key, for a minute; ``None`` while somebody else has it."""
    moment = now()
    record = CopyRecord(bucket=bucket, key=key, version=version, leased_until=moment + _LEASE)
    put = table.put(_item(record))
    put["Put"]["ConditionExpression"] = "attribute_not_exists(pk) OR copied = :yes OR leased_until < :now"
    put["Put"]["ExpressionAttributeValues"] = {":yes": items.to_wire(True), ":now": items.to_wire(timestamp(moment))}
    return record if table.transact([put], "claiming a copy") else None


def settle(record: CopyRecord) -> None:
    """Write down that it was copied, unless somebody took over meanwhile."""
    put = table.put(_item(record.model_copy(update={"copied": True})))
    put["Put"]["ConditionExpression"] = "leased_until = :mine"
    put["Put"]["ExpressionAttributeValues"] = {":mine": items.to_wire(timestamp(record.leased_until))}
    table.transact([put], "settling a copy")


def key_of(bucket: str, key: str) -> dict[str, str]:
    """Key of what was copied from a key of an attached bucket."""
    return {"pk": f"ORIGIN#{digest('origin', bucket, key)[:40]}", "sk": "ORIGIN"}


def _item(record: CopyRecord) -> items.Item:
    return items.to_item(record, key_of(record.bucket, record.key))
