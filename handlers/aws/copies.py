"""DynamoDB: how copies of deliveries in a second bucket stand."""

from handlers.aws import items, table
from schemas.copied import CopyRecord


def keep(record: CopyRecord) -> None:
    """Write down how a copy stands, over what was known of it."""
    table.transact([table.put(items.to_item(record, _key(record.asset_id, record.bucket)))], "recording a copy")


def forget(asset_id: str, bucket: str) -> None:
    """Forget how a copy stood: of what is erased nothing is kept, not even that it is gone elsewhere."""
    table.transact([table.delete(_key(asset_id, bucket))], "forgetting a copy")


def _key(asset_id: str, bucket: str) -> dict[str, str]:
    return {"pk": f"ASSET#{asset_id}", "sk": f"COPY#{bucket}"}
