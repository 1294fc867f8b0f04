"""From an object in the inbox to a run. The event is only a hint to look; what lies in the bucket is the truth.

So ten copies of an event, or events out of order, lead to the same look at the same bucket and to the same run
(docs/adr/0002).
"""

from handlers import jobs, standings
from handlers.aws import records, storage
from handlers.observability import logger
from handlers.ordering import order
from handlers.orders import launch, mask_version, start
from handlers.spreading import spread
from schemas import ids, keys
from schemas.asset import Status
from schemas.errors import BadInput, TransientFailure
from schemas.pointers import S3Pointer
from schemas.records import AssetRecord


def look_at(pointer: S3Pointer) -> None:
    """Act on an object that is said to have arrived: a photo, or a mask or sidecar for photos beside it."""
    if keys.is_ignored(pointer.key):
        return
    if keys.is_folder_mask(pointer.key):
        spread(pointer)
        return
    if not keys.is_companion(pointer.key):
        _look_at_photo(pointer)
        return
    neighbours = storage.keys_under(pointer.bucket, keys.neighbourhood(pointer.key))
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
        standings.supersede(hint)
        return
    known = records.find_asset(ids.asset_id(photo.pointer.bucket, photo.pointer.key, photo.pointer.version_id or ""))
    if known and known.status in (Status.WITHDRAWN, Status.ERASED):
        logger.info("no event brings it back", extra={"asset_id": known.asset_id})
        return
    sidecar, job = jobs.sidecar_of(photo), None
    version = sidecar.version if sidecar else ""
    try:
        job = jobs.job_of(photo, sidecar)
        mask = jobs.mask_for(photo, job)
        if known and (known.mask_version, known.job_version) == (mask_version(mask), version):
            _finish_launch(known)
            return
        run = order(photo, job, mask, job_version=version)
    except BadInput as error:
        standings.refuse(photo, job, version, error, known)
        return
    if job.hold:
        standings.hold(photo, run, known)
    else:
        launch(run, photo.size_bytes, replaces=known)


def _finish_launch(known: AssetRecord) -> None:
    """Start a run that was written down but whose start may have been lost; a started one is left alone."""
    if known.status is Status.QUEUED and known.run_id:
        record = records.find_run(known.asset_id, known.run_id)
        if record:
            start(record.run)
