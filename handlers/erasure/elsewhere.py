"""Records outside an asset's own partition: where it is named by what was done with it."""

from handlers.aws import batch_lists, batches, deliveries, erasures, executions, fetches, items, origins, recipes, table
from handlers.erasure.inventory import Inventory
from schemas import keys
from schemas.asset import Status
from schemas.batch import BatchItem
from schemas.records import AssetRecord, now


def remove(asset: AssetRecord, there: Inventory) -> int:
    """Take away, or empty, what tells of an asset elsewhere; return how many records that were."""
    gone = [items.run_place_key(run) for run in there.runs]
    gone += [items.callback_key(inference) for inference in there.inferences]
    gone += [{"pk": items.VERDICTS, "sk": sort} for run in there.runs for sort, _ in _verdicts(run)]
    gone += [{"pk": f"{recipes.KEPT}{sha256}", "sk": "RECIPE"} for sha256 in there.recipes]
    if origin := keys.origin_of(asset.source.key):
        gone.append(origins.key_of(*origin))
    emptied = sum(_empty(asset, batch_id, key) for batch_id, key in there.batches)
    return erasures.delete(gone) + emptied + remove_told(asset.asset_id)


def remove_told(asset_id: str) -> int:
    """Take away what was told of an asset, and the orders by which it came."""
    told, brought = deliveries.told_of(asset_id), fetches.that_brought(asset_id)
    for delivery_id in told:
        deliveries.erase(asset_id, delivery_id)
    for fetch_id in brought:
        fetches.erase(asset_id, fetch_id)
    return len(told) + len(brought)


def _verdicts(run_id: str) -> list[tuple[str, object]]:
    return list(table.partition(items.VERDICTS, "reading what there is", prefix=f"{run_id}#"))


def _empty(asset: AssetRecord, batch_id: str, key: str) -> int:
    """Leave of a batch's picture that it was erased. Whoever waits for it waits no longer; its key leaves the list."""
    item = batches.find_item(batch_id, key)
    batch_lists.drop(batch_id, key)
    if item is None or item.status is Status.ERASED:
        return 0
    if item.task_token:
        executions.release(item.task_token)
    batches.empty(key, _nothing_of(item, asset))
    return 1


def _nothing_of(item: BatchItem, asset: AssetRecord) -> BatchItem:
    return BatchItem(
        batch_id=item.batch_id,
        key=f"erased/{asset.asset_id}",
        attempt=item.attempt,
        asset_id=asset.asset_id,
        status=Status.ERASED,
        code="erased",
        reason=asset.outcome.reason if asset.outcome else "Erased.",
        updated_at=now(),
    )
