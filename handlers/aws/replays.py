"""DynamoDB: what replays found out, beside the runs of their asset."""

from handlers.aws import items, table
from schemas.replay import Replay


def putting(found: Replay) -> table.Write:
    """Write down what a replay found out, for `table.transact`."""
    return table.put(items.to_item(found, _key(found.asset_id, found.run_id)))


def find(asset_id: str, run_id: str) -> Replay | None:
    """Read what a replay found out; ``None`` while it runs, or where there is no such replay."""
    found = table.get(_key(asset_id, run_id))
    return table.checked(Replay, found) if found else None


def _key(asset_id: str, run_id: str) -> dict[str, str]:
    return {"pk": f"ASSET#{asset_id}", "sk": f"REPLAY#{run_id}"}
