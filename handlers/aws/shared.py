"""DynamoDB: which assets use what a stage made. It is named by its content, so several may; the last takes it away.

Whoever is about to use a place says so first, and looks afterwards. Whoever erases closes the place first, says that
the asset uses it no more, and then looks who else does. So nothing is taken away that somebody has just found, and of
two who erase at once one waits (docs/adr/0022-what-is-shared-goes-with-the-last.md).
"""

from handlers.aws import items, table
from handlers.settings import settings
from schemas.errors import TransientFailure

MADE = "MADE#"
"""Sort-key prefix, in an asset's partition, of the places that it used."""
_CLOSED = "CLOSED"


def use(place: str, asset_id: str) -> None:
    """Write down that an asset uses a place; said twice it stands once.

    Raises
    ------
    TransientFailure
        ``being_erased`` while somebody takes away what lies there: ask again.
    """
    check = {
        "ConditionCheck": {
            "TableName": settings().table,
            "Key": items.wired(_closed_key(place)),
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    puts = [table.put(items.wired(key)) for key in _use_keys(place, asset_id)]
    if not table.transact([check, *puts], "noting what an asset uses"):
        raise TransientFailure("What was made before is being erased at this moment.", code="being_erased")


def leave(place: str, asset_id: str) -> bool:
    """Close a place and write down that an asset uses it no more; say whether nobody else does.

    Where nobody does it stays closed: take away what lies there, then `forget` it. Else it is open again. Asked again
    after a crash it says the same.

    Raises
    ------
    TransientFailure
        ``being_erased`` while somebody else has it closed.
    """
    closing = table.put({**items.wired(_closed_key(place)), "who": items.to_wire(asset_id)})
    closing["Put"]["ConditionExpression"] = "attribute_not_exists(pk) OR who = :me"
    closing["Put"]["ExpressionAttributeValues"] = {":me": items.to_wire(asset_id)}
    used, _ = _use_keys(place, asset_id)
    if not table.transact([closing, table.delete(used)], "closing what is to be erased"):
        raise TransientFailure("Another erasure looks at the same place.", code="being_erased")
    others = list(table.partition(_partition(place), "reading who uses a place", prefix="ASSET#"))
    if others:
        table.transact([table.delete(_closed_key(place))], "opening what others use")
    return not others


def forget(place: str) -> None:
    """Open a place again, from which everything was taken away."""
    table.transact([table.delete(_closed_key(place))], "opening what was erased")


def _partition(place: str) -> str:
    return f"SHARED#{place}"


def _closed_key(place: str) -> dict[str, str]:
    return {"pk": _partition(place), "sk": _CLOSED}


def _use_keys(place: str, asset_id: str) -> tuple[dict[str, str], dict[str, str]]:
    """Key by the place, and by the asset."""
    shared = {"pk": _partition(place), "sk": f"ASSET#{asset_id}"}
    return shared, {"pk": f"ASSET#{asset_id}", "sk": f"{MADE}{place}"}
