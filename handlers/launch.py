"""From an object in the inbox to a run. The event is only a hint to look; what lies in the bucket is the truth.

So ten copies of an event, or events out of order, lead to the same look at the same bucket and to the same run
(docs/adr/0002).
"""

from handlers import marks, recipes
from handlers.aws import records, storage
from handlers.aws.storage import ObjectHead
from handlers.observability import count, logger
from handlers.orders import launch, mask_version, start
from handlers.statements import rights_of
from schemas import ids, keys
from schemas.asset import Status
from schemas.errors import BadInput, TransientFailure
from schemas.job import Job
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord, Outcome, now
from schemas.run import Run


def look_at(pointer: S3Pointer) -> None:
    """Act on an object that is said to have arrived: a photo, or a mask for photos beside it."""
    if keys.is_ignored(pointer.key):
        return
    if not keys.is_mask(pointer.key):
        _look_at_photo(pointer)
        return
    neighbours = storage.keys_under(pointer.bucket, keys.mask_neighbourhood(pointer.key))
    for key in keys.photos_for(pointer.key, neighbours):
        _look_at_photo(S3Pointer(bucket=pointer.bucket, key=key))


def _look_at_photo(hint: S3Pointer) -> None:
    """Look, and look again at once where another event's run was written down meanwhile.

    Left to the queue, the second look would wait for the message to become visible again: three minutes.
    """
    for last in (False, False, True):
        try:
            _decide(hint)
        except TransientFailure as error:
            if last or error.code != "record_conflict":
                raise
        else:
            return


def _decide(hint: S3Pointer) -> None:
    photo = storage.head(hint.bucket, hint.key)
    if photo is None:
        logger.info("object is gone", extra={"key": hint.key})
        return
    if hint.version_id and hint.version_id != photo.pointer.version_id:
        _supersede(hint)
        return
    asset_id = ids.asset_id(photo.pointer.bucket, photo.pointer.key, photo.pointer.version_id or "")
    known = records.find_asset(asset_id)
    try:
        job = _asked(photo)
        mask = _mask_beside(photo, job)
        if known and known.mask_version == mask_version(mask):
            _finish_launch(known)
            return
        run = _order(asset_id, photo, job, mask)
    except BadInput as error:
        _refuse(asset_id, photo, error, known)
        return
    launch(run, photo.size_bytes, replaces=known)


def _asked(photo: ObjectHead) -> Job:
    """Read what is to be done with a photo: its metadata, and over it the recipe that its folder names."""
    return Job.from_metadata(photo.metadata).over(recipes.in_key(photo.pointer.key))


def _order(asset_id: str, photo: ObjectHead, job: Job, mask: S3Pointer | None) -> Run:
    recipe = recipes.for_job(job)
    wanted, protected = marks.for_run(recipe)
    run = Run.plan(
        asset_id,
        photo.pointer,
        recipe,
        mask=mask,
        box=job.box,
        point=job.point,
        marks=wanted,
        protected=protected,
        rights=rights_of(job),
        callback=job.callback,
        tags=job.tags,
        batch=job.batch,
        cache=job.cache,
    )
    while records.find_run(asset_id, run.run_id):  # a mask that was taken away again: that run is history
        run = run.again()
    return run


def _mask_beside(photo: ObjectHead, job: Job) -> S3Pointer | None:
    """Find the mask that belongs to a photo: named by its job, else lying beside it.

    Raises
    ------
    BadInput
        If the job names a mask that is not there: without it, something else would be removed.
    """
    for key in [job.mask] if job.mask else keys.masks_for(photo.pointer.key):
        found = storage.head(photo.pointer.bucket, key)
        if found:
            return found.pointer
    if job.mask:
        raise BadInput("The mask that is named is not in the inbox; upload it first.", code="mask_missing")
    return None


def _finish_launch(known: AssetRecord) -> None:
    """Start a run that was written down but whose start may have been lost; a started one is left alone."""
    if known.status is Status.QUEUED and known.run_id:
        record = records.find_run(known.asset_id, known.run_id)
        if record:
            start(record.run)


def _refuse(asset_id: str, photo: ObjectHead, error: BadInput, known: AssetRecord | None) -> None:
    """Quarantine an upload whose instructions make no sense; nothing is lost, nothing runs."""
    if known:
        return
    moment = now()
    asset = AssetRecord(
        asset_id=asset_id,
        source=photo.pointer,
        size_bytes=photo.size_bytes,
        status=Status.QUARANTINED,
        outcome=Outcome(status=Status.QUARANTINED, reason=error.message, code=error.code),
        created_at=moment,
        updated_at=moment,
    )
    records.begin(asset, None, replaces=None)
    count("Quarantined")


def _supersede(older: S3Pointer) -> None:
    """An event for a version that is no longer the latest: write that down once, and start nothing."""
    asset_id = ids.asset_id(older.bucket, older.key, older.version_id or "")
    if records.find_asset(asset_id):
        return
    moment = now()
    outcome = Outcome(status=Status.SUPERSEDED, code="superseded", reason="A newer upload took this one's place.")
    asset = AssetRecord(
        asset_id=asset_id,
        source=older,
        size_bytes=0,
        status=Status.SUPERSEDED,
        outcome=outcome,
        created_at=moment,
        updated_at=moment,
    )
    records.begin(asset, None, replaces=None)
