"""DynamoDB: what is to be fetched. Written once, ended once, forgotten after a month."""

from collections.abc import Mapping
from typing import Any

from handlers.aws import items, table
from schemas.fetch import FetchRecord, FetchState
from schemas.records import now, timestamp


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
    return table.transact([table.update(key(record.fetch_id), changes, condition, seen)], "ending a fetch")
