"""DynamoDB: deliveries of webhooks, listed by how far they came. Forgotten after a month."""

from typing import Any

from handlers.aws import items, table
from handlers.aws.clients import client, translated
from handlers.observability import logger
from handlers.settings import settings
from schemas.errors import PermanentFailure
from schemas.ids import is_asset_id
from schemas.records import now, timestamp
from schemas.webhook import DeliveryRecord, DeliveryState

_PAGE = 50
TOLD = "TOLD#"
"""What the partition begins with that says which deliveries tell of an asset. Roles name it: template.yaml."""


def key(delivery_id: str) -> dict[str, str]:
    """Key of a delivery."""
    return {"pk": f"DELIVERY#{delivery_id}", "sk": "DELIVERY"}


def find(delivery_id: str) -> DeliveryRecord | None:
    """Read a delivery."""
    found = table.get(key(delivery_id))
    return table.checked(DeliveryRecord, found) if found else None


def begin(record: DeliveryRecord) -> bool:
    """Write a new delivery down; ``False``, and no change, if it is known."""
    index = _index(record.state, timestamp(record.updated_at), record.delivery_id)
    item = items.to_item(record, {**key(record.delivery_id), **index})
    place = {**_told_key(record.subject, record.delivery_id), "expires_at": record.expires_at}
    about = [table.put(items.wired(place))] if _is_about_asset(record) else []
    return table.transact([table.put(item, new=True), *about], "ordering a delivery")


def told_of(asset_id: str) -> list[str]:
    """List the deliveries that tell of an asset."""
    return [place.removeprefix("DELIVERY#") for place in table.sort_keys(f"{TOLD}{asset_id}", "reading deliveries")]


def erase(asset_id: str, delivery_id: str) -> None:
    """Forget a delivery, and that it tells of an asset. What is queued of it is not sent."""
    gone = (key(delivery_id), _told_key(asset_id, delivery_id))
    table.transact([table.delete(each) for each in gone], "forgetting a delivery")


def _told_key(asset_id: str, delivery_id: str) -> dict[str, str]:
    return {"pk": f"{TOLD}{asset_id}", "sk": f"DELIVERY#{delivery_id}"}


def _is_about_asset(record: DeliveryRecord) -> bool:
    return is_asset_id(record.subject)


def note(record: DeliveryRecord, state: DeliveryState, **facts: Any) -> bool:
    """Write down how a delivery went; ``False``, and no change, if it went on meanwhile. ``None`` removes a fact."""
    moment = timestamp(now())
    said = {name: value for name, value in facts.items() if value is not None}
    changes = {"state": state, "updated_at": moment, **said, **_index(state, moment, record.delivery_id)}
    condition = "#state = :was AND attempts = :tried"
    seen = {":was": record.state, ":tried": record.attempts}
    gone = [name for name, value in facts.items() if value is None]
    update = table.update(key(record.delivery_id), changes, condition, seen, gone)
    return table.transact([update], "noting a delivery")


def page(state: DeliveryState, before: str | None) -> tuple[list[DeliveryRecord], str | None]:
    """List deliveries of one state, the latest first, and where the next page begins.

    A record that cannot be read is left out: one of them must not hide all others.
    """
    condition, values = "index_pk = :state", {":state": items.to_wire(_partition(state))}
    if before:
        condition += " AND index_sk < :before"
        values[":before"] = items.to_wire(before)
    with translated("listing deliveries"):
        found = client("dynamodb").query(
            TableName=settings().table,
            IndexName="by-status",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            Limit=_PAGE,
        )
    listed = [record for item in found["Items"] if (record := _checked_or_none(item))]
    more = "LastEvaluatedKey" in found and found["Items"]
    return listed, str(found["Items"][-1]["index_sk"]["S"]) if more else None


def _checked_or_none(item: items.Item) -> DeliveryRecord | None:
    fields = items.from_item(item)
    try:
        return table.checked(DeliveryRecord, fields)
    except PermanentFailure:
        logger.error("unreadable delivery", extra={"delivery_id": fields.get("delivery_id")})
        return None


def _index(state: DeliveryState, moment: str, delivery_id: str) -> dict[str, str]:
    return items.index_of(_partition(state), moment, delivery_id)


def _partition(state: DeliveryState) -> str:
    return f"DELIVERY_{state.upper()}"
