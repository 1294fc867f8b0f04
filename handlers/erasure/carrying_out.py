"""Carrying an erasure out. Cut off anywhere, it begins again, and finds what is left to do.

The order decides that it can: first the other uploads under the same key are ordered to go; then objects, found by
records; then records elsewhere, found by the asset's own; then its own; then the standing becomes a tombstone.
"""

from datetime import datetime

from handlers.aws import erasures, queues, records, table, versions
from handlers.erasure import elsewhere, inventory, objects
from handlers.erasure.ordering import order, tombstone
from handlers.observability import count, logger
from handlers.settings import settings
from schemas import ids
from schemas.erasure import Erasure
from schemas.records import AssetRecord, now
from schemas.removal import Removal

_LATE_SECONDS = 900
"""As long as a model may still be at work for a run that was stopped, and as SQS can hold a message back."""


def erase(asset_id: str) -> bool:
    """Erase what is to be erased; ``False`` where that is done.

    Raises
    ------
    CleanplateError
        If it is to be tried again.
    """
    asset = records.find_asset(asset_id)
    if asset is None or asset.erasure is None or not asset.is_being_erased:
        return False
    _order_namesakes(asset, asset.erasure)
    there = inventory.take(asset_id)
    late = Removal(asset_id=asset_id, what="sweep", runs=there.runs, places=there.places)
    gone = objects.remove(asset, asset.erasure, there)
    told = elsewhere.remove(asset, there)
    queues.send(settings().removal_queue_url, [late.model_dump_json()], delay_seconds=_LATE_SECONDS)
    own = erasures.delete(there.keys)
    _finish(asset, asset.erasure, gone, told + own)
    count("Erased")
    logger.info("erased", extra={"asset_id": asset_id, "objects": gone, "records": told + own})
    return True


def sweep(removal: Removal) -> int:
    """Take away what came late: a model's answer, pictures for a page, an event that was told; return how much."""
    asset = records.find_asset(removal.asset_id)
    if asset is None or asset.erasure is None:  # nothing else makes an asset of this name
        return 0
    there = inventory.take(removal.asset_id)
    places = sorted({*removal.places, *there.places})
    found = objects.remove_made(removal.asset_id, removal.runs, places)
    found += elsewhere.remove(asset, there._replace(runs=removal.runs)) - len(removal.runs)
    found += erasures.delete(there.keys)
    logger.info("swept", extra={"asset_id": removal.asset_id, "found": found})
    return found


def _order_namesakes(asset: AssetRecord, erasure: Erasure) -> None:
    """Have other uploads to the same key erased too: mostly they show the same, and their versions go with it."""
    for each in _uploads(asset, erasure.at):
        namesake = records.find_asset(each)
        if namesake is not None and namesake.erasure is None:
            order(namesake, erasure.reason, erasure.by)


def _uploads(asset: AssetRecord, until: datetime) -> list[str]:
    bucket, key = asset.source.bucket, asset.source.key
    found = [v for v in versions.versions(bucket, key) if v.key == key and not v.is_mark and v.at <= until]
    return [name for v in found if (name := ids.asset_id(bucket, key, v.version_id)) != asset.asset_id]


def _finish(asset: AssetRecord, erasure: Erasure, gone: int, told: int) -> None:
    done = erasure.model_copy(update={"done_at": now(), "objects": gone, "records": told})
    if not table.transact([records.replacing(tombstone(asset, done), asset)], "finishing an erasure"):
        raise records.conflict()
