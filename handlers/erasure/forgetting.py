"""Forgetting: what nothing happened with for as long as a deployment keeps things is erased, though nobody asks."""

from datetime import datetime, timedelta

from handlers.aws import queues, records
from handlers.erasure.ordering import order
from handlers.observability import count
from handlers.settings import settings
from schemas.asset import Status
from schemas.records import AssetRecord, now, timestamp
from schemas.removal import Removal
from schemas.trail import SYSTEM

_MOST = 2000
"""Assets that one look passes on; the rest is there for the next."""


def look(moment: datetime) -> int:
    """Pass on what has been kept for long enough; return how many assets that is. Nothing where things are kept."""
    if not settings().forget_after_days:
        return 0
    found = 0
    for status in Status:
        if not status.is_outcome or status is Status.ERASED:
            continue
        before: str | None = timestamp(_until(moment))
        while before is not None and found < _MOST:
            page, before = records.with_status(status, before=before, limit=200)
            found += _pass_on(page)
    count("Forgotten", found)
    return found


def forget(asset_id: str) -> bool:
    """Have an asset erased, if it is still as old as when it was looked at and no run works on it."""
    asset = records.find_asset(asset_id)
    if asset is None or not asset.status.is_outcome or asset.status is Status.ERASED:
        return False
    if not settings().forget_after_days or asset.updated_at > _until(now()):
        return False
    order(asset, "retention", SYSTEM)
    return True


def _until(moment: datetime) -> datetime:
    return moment - timedelta(days=settings().forget_after_days)


def _pass_on(assets: list[AssetRecord]) -> int:
    bodies = [Removal(asset_id=asset.asset_id, what="forget").model_dump_json() for asset in assets]
    queues.send(settings().removal_queue_url, bodies)
    return len(bodies)
