"""Ordering a picture that lies at an address. A function of its own fetches it: nobody waits for another's server."""

import json
import secrets
from datetime import timedelta

from handlers import outbound
from handlers.aws import fetches, queues
from handlers.settings import settings
from schemas import ids, keys
from schemas.errors import BadInput
from schemas.fetch import FetchRecord, FetchState
from schemas.job import Job
from schemas.records import now
from schemas.words import LARGEST_METADATA, metadata_bytes

FETCHED_SHA256 = "fetched-sha256"
"""Name under which an object's metadata says what was fetched, beside its job."""
FETCHED_BY = "fetched-by"
"""Name of the order, where even what is there already is to be done anew."""
_ROOM_FOR_OURS = 128
_KEPT = timedelta(days=30)


def order(url: str, key: str, job: Job, *, idempotency: str | None = None) -> FetchRecord:
    """Have the picture at an address fetched into the inbox, with a job as its metadata.

    Parameters
    ----------
    url
        Where it lies; https, on the public internet.
    key
        Where it is to lie in the inbox, with the recipe's folder.
    idempotency
        Names the order: within a month the same text gives the same order, whatever else is asked for.

    Raises
    ------
    BadInput
        ``bad_url`` or ``private_address``; ``bad_path`` or ``job_too_long``.
    TransientFailure
        If the address cannot be looked up, or AWS is busy.
    """
    outbound.check(url)
    if not keys.is_safe_upload_key(key) or keys.is_ignored(key):
        raise BadInput("The picture must get a plain relative path such as trip/photo.jpg.", code="bad_path")
    if metadata_bytes(job.metadata) > LARGEST_METADATA - _ROOM_FOR_OURS:
        raise BadInput("The job is too long for S3, which keeps 2 KB with an object.", code="job_too_long")
    record = _record(ids.fetch_id(idempotency or secrets.token_hex(16)), url, key, job)
    if not fetches.begin(record):
        record = fetches.find(record.fetch_id) or record
    if record.state is FetchState.WAITING:  # also of an older order: its message may have been lost
        queues.send(settings().fetch_queue_url, [json.dumps({"fetch_id": record.fetch_id})])
    return record


def _record(fetch_id: str, url: str, key: str, job: Job) -> FetchRecord:
    moment = now()
    forgotten = int((moment + _KEPT).timestamp())
    return FetchRecord(
        fetch_id=fetch_id, url=url, key=key, job=job, created_at=moment, updated_at=moment, expires_at=forgotten
    )
