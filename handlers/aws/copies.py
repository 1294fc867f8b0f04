"""DynamoDB: how copies of deliveries in a second bucket stand."""

from handlers.aws import items, table
from schemas.copied import CopyRecord


def keep(record: CopyRecord) -> None:
    """Write down how a copy stands, over what was known of it."""
    key = {"pk": f"ASSET#{record.asset_id}", "sk": f"COPY#{record.bucket}"}
    table.transact([table.put(items.to_item(record, key))], "recording a copy")
