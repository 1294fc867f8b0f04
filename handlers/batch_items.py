"""One picture of a batch: start what there is to start, wait for its outcome, and note it. Never twice.

Whoever takes a picture up looks first at what is there: a run that this batch ordered, or one that does just what it
asks for, is waited for and not started again. The token of whoever waits is written down after the run, and then the
asset is looked at once more: what happened in between is seen by that look, what happens later by ``look``.
"""

from typing import Any

from handlers import jobs
from handlers.again import merged, own
from handlers.aws import batches, executions, records, storage
from handlers.aws.storage import ObjectHead
from handlers.observability import count, logger
from handlers.ordering import order
from handlers.orders import Beside, launch, start
from handlers.settings import settings
from schemas import ids, keys
from schemas.asset import Status
from schemas.batch import AGAIN, BatchItem, BatchRecord, Listed
from schemas.errors import BadInput, PermanentFailure
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, now
from schemas.run import Run

_DECIDES_NOTHING = {"run_id", "attempt", "restarts", "job_version", "tags", "callback", "batch", "protected"}
"""What two runs that do the same may differ in. Not marks: one that was registered since is a reason to work again."""


def take(listed: Listed, task_token: str) -> None:
    """Take a picture up, and let whoever holds the token hear of its outcome.

    Raises
    ------
    PermanentFailure
        If there is no such batch.
    TransientFailure
        If somebody else changed the asset meanwhile: take it up again.
    """
    batch = batches.find(listed.batch_id)
    if batch is None:
        raise PermanentFailure("There is no such batch.", code="unknown_batch")
    known = batches.find_item(listed.batch_id, listed.key)
    if known and not known.needs_work(batch.attempt):
        executions.release(task_token)
        return
    item = BatchItem(
        batch_id=batch.batch_id, key=listed.key, attempt=batch.attempt, updated_at=now(), task_token=task_token
    )
    try:
        asset = _started(batch, listed, again=known is not None and known.status in AGAIN)
    except BadInput as error:
        refused = {"status": Status.QUARANTINED, "code": error.code, "reason": error.message}
        batches.wait(item.model_copy(update={**refused, "task_token": None}))
        count("BatchItemsRefused")
        executions.release(task_token)
        return
    waiting = {"asset_id": asset.asset_id, "run_id": asset.run_id or None, "updated_at": asset.created_at}
    batches.wait(item.model_copy(update=waiting))
    look(asset.asset_id)


def look(asset_id: str) -> None:
    """Look how an asset stands, and if it has come to an outcome tell the batches that it belongs to.

    An event is only a hint to look: an old one, of a run before the batch's, finds an asset that is under way.
    """
    waiters = batches.waiters(asset_id)
    asset = records.find_asset(asset_id) if waiters else None
    if asset is None or not asset.status.is_outcome or asset.status is Status.HELD:
        return
    for batch_id, key in waiters:
        item = batches.find_item(batch_id, key)
        if item is None:
            continue
        batches.settle(_with_outcome(item, asset))
        if item.task_token and not executions.release(item.task_token):
            logger.info("nobody waits for this any more", extra={"batch_id": batch_id, "asset_id": asset_id})


def _with_outcome(item: BatchItem, asset: AssetRecord) -> BatchItem:
    outcome = asset.outcome
    facts: dict[str, Any] = {
        "asset_id": asset.asset_id,
        "run_id": asset.run_id or None,
        "status": asset.status,
        "recipe": asset.recipe or None,
        "updated_at": asset.updated_at,
    }
    if outcome:
        facts |= {
            "code": outcome.code,
            "reason": outcome.reason,
            "confidence": outcome.confidence,
            "dollars": outcome.cost.dollars if outcome.cost else None,
            "delivered": {
                rendition.name: S3Pointer(bucket=settings().delivery_bucket, key=rendition.key).uri
                for rendition in outcome.renditions
            },
        }
    return item.model_copy(update=facts)


def _started(batch: BatchRecord, listed: Listed, *, again: bool) -> AssetRecord:
    """See to it that what the batch asks for is done or under way; return how the picture stands."""
    photo = _photo(listed.key)
    asset_id = ids.asset_id(photo.pointer.bucket, photo.pointer.key, photo.pointer.version_id or "")
    asset = records.find_asset(asset_id)
    if asset and asset.status in (
        Status.WITHDRAWN,
        Status.ERASED,
    ):  # somebody took it back: an order for many brings it back to nobody
        return asset
    if asset and asset.batch == batch.batch_id and not (again and asset.status in AGAIN):
        return _under_way(asset, batch)
    run, beside, anew = _wanted(batch, listed, photo)
    if asset and not again and not anew and _does_the_same(run, asset):
        return _under_way(asset, batch)
    launch(run, photo.size_bytes, replaces=asset, beside=beside)
    started = records.find_asset(asset_id)
    if started is None:
        raise PermanentFailure("The asset that was just written cannot be read.", code="bad_record")
    return started


def _photo(key: str) -> ObjectHead:
    if not keys.is_photo(key):
        raise BadInput("This key is not named like a photo.", code="not_a_photo")
    photo = storage.head(settings().inbox_bucket, key)
    if photo is None:
        raise BadInput("There is nothing under this key in the inbox.", code="missing_input")
    return photo


def _wanted(batch: BatchRecord, listed: Listed, photo: ObjectHead) -> tuple[Run, Beside, bool]:
    """Plan the run that the batch asks for, and say whether it is to be done anew whatever was done before."""
    job, beside = own(photo)
    wanted = batch.job.over(listed.job)
    job = merged(job, wanted).model_copy(update={"batch": batch.batch_id})
    run = order(photo, job, jobs.mask_for(photo, job), job_version=beside.job_version)
    return run, beside, not job.cache


def _does_the_same(run: Run, asset: AssetRecord) -> bool:
    """Whether an asset's current run does, or did, what this one would; what people changed of it since counts."""
    current = records.find_run(asset.asset_id, asset.run_id) if asset.run_id else None
    if current is None or asset.status in AGAIN:
        return False
    if current.run.parent:
        return current.run.recipe.reference == run.recipe.reference
    planned = run.model_dump(exclude=_DECIDES_NOTHING)
    return planned == current.run.model_dump(exclude=_DECIDES_NOTHING)


def _under_way(asset: AssetRecord, batch: BatchRecord) -> AssetRecord:
    """Start a run that was written down but whose start may have been lost; a started one is left alone.

    One that somebody else ordered is told as the batch's from now on: what belongs to none is told to no batch.
    """
    if not asset.status.is_outcome and asset.batch != batch.batch_id:
        batches.join(asset, batch.batch_id)
    if asset.status is Status.QUEUED and asset.run_id:
        record = records.find_run(asset.asset_id, asset.run_id)
        if record:
            start(record.run)
    return asset
