"""DynamoDB: what is to be fetched. Written once, ended once, forgotten after a month."""

from collections.abc import Mapping
from typing import Any

from handlers.aws import items, table
from schemas.fetch import FetchRecord, FetchState
from schemas.records import now, timestamp

BROUGHT = "BROUGHT#"
"""What the partition begins with that says by which orders an asset came. Roles name it: template.yaml."""


def key(fetch_id: str) -> dict[str, str]:
    """Key of an order to fetch."""
    return {"pk": f"FETCH#{fetch_id}", "sk": "FETCH"}


def find(fetch_id: str) -> FetchRecord | None:
    """Read an order."""
    found = table.get(key(fetch_id))
    return table.checked(FetchRecord, found) if found else None


def begin(record: FetchRecord) -> bool:
    """Write a new order down; ``False``, and no change, if it was given before."""
    return table.put_new(items.to_item(record, key(record.fetch_id)), "ordering a fetch")


def end(record: FetchRecord, state: FetchState, facts: Mapping[str, Any]) -> bool:
    """Write down what became of an order; ``False``, and no change, if that is known already.

    Its address is kept without its query: what it was signed with is of no more use, and none of our business.
    """
    changes = {"state": state, "url": record.source, "updated_at": timestamp(now()), **facts}
    condition, seen = "#state = :waiting", {":waiting": FetchState.WAITING}
    update = table.update(key(record.fetch_id), changes, condition, seen)
    asset_id = facts.get("asset_id")
    place = {**_brought_key(asset_id, record.fetch_id), "expires_at": record.expires_at} if asset_id else {}
    about = [table.put(items.wired(place))] if place else []
    return table.transact([update, *about], "ending a fetch")


def that_brought(asset_id: str) -> list[str]:
    """List the orders by which an asset came, as far as they are kept."""
    return [place.removeprefix("FETCH#") for place in table.sort_keys(f"{BROUGHT}{asset_id}", "reading fetches")]


def erase(asset_id: str, fetch_id: str) -> None:
    """Forget an order, and which asset it brought."""
    gone = (key(fetch_id), _brought_key(asset_id, fetch_id))
    table.transact([table.delete(each) for each in gone], "forgetting a fetch")


def _brought_key(asset_id: str, fetch_id: str) -> dict[str, str]:
    return {"pk": f"{BROUGHT}{asset_id}", "sk": f"FETCH#{fetch_id}"}
