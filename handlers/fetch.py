"""Fetch: bring a picture from an address into the inbox, once, whatever is repeated."""

import tempfile
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import outbound
from handlers.aws import fetches, queues, storage
from handlers.fetching import FETCHED_BY, FETCHED_SHA256
from handlers.observability import count, logger, metrics
from handlers.picture_file import media_type_of
from handlers.settings import settings
from schemas import ids
from schemas.errors import BadInput, CleanplateError, TransientFailure
from schemas.fetch import FetchRecord, FetchState
from schemas.pointers import Document, S3Pointer

_SECONDS = 240.0
_PAUSES = (5, 30, 120, 600)
"""Seconds before the next try. The template gives up one try later."""
_MOST_LOOKS = 3

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


class FetchMessage(Document):
    """What the queue holds: which order."""

    fetch_id: str


def fetch(fetch_id: str, *, last: bool) -> None:
    """Carry an order out. A second copy of its message finds that it was.

    Raises
    ------
    CleanplateError
        If another try may help, unless this is the ``last``.
    """
    record = fetches.find(fetch_id)
    if record is None or record.state is not FetchState.WAITING:
        logger.info("nothing to fetch", extra={"fetch_id": fetch_id})
        return
    try:
        facts = _brought(record)
    except CleanplateError as error:
        if not last and not isinstance(error, BadInput):
            raise
        logger.warning("not fetched", extra={"fetch_id": fetch_id, "code": error.code})
        fetches.end(record, FetchState.FAILED, {"code": error.code, "reason": error.message})
        count("FetchesFailed")
    else:
        fetches.end(record, FetchState.FETCHED, facts)
        count("Fetched")


def _brought(record: FetchRecord) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture")
        found = outbound.download(record.url, path, max_bytes=settings().max_bytes, timeout=_SECONDS)
        media_type = media_type_of(path)
        if media_type is None:  # a page that says "not found" must not take a picture's place
            raise BadInput("There is no picture at the address.", code="unknown_type")
        pointer = _put(record, path, media_type, found.sha256)
    asset_id = ids.asset_id(pointer.bucket, pointer.key, pointer.version_id or "")
    facts = {"asset_id": asset_id, "version_id": pointer.version_id}
    return {**facts, "sha256": found.sha256, "size_bytes": found.size_bytes}


def _put(record: FetchRecord, path: Path, content_type: str, sha256: str) -> S3Pointer:
    """Upload the file, unless it lies there with the same job: a retry finds what the try before it left.

    So does an order for a picture that did not change since it was last fetched; it makes no new asset.
    """
    metadata = {**record.job.metadata, FETCHED_SHA256: sha256}
    if not record.job.cache:
        metadata[FETCHED_BY] = record.fetch_id
    bucket = settings().inbox_bucket
    for _ in range(_MOST_LOOKS):
        there = storage.head(bucket, record.key)
        if there is not None and there.metadata == metadata:
            return there.pointer
        over = there.etag if there else None
        put = storage.put_file(bucket, record.key, path, content_type=content_type, metadata=metadata, over=over)
        if put is not None:
            return put
    raise TransientFailure("Others keep writing to the same key.", code="record_conflict")


def take(record: SQSRecord) -> None:
    """Handle one message; what can be tried again comes again, after a pause that grows."""
    try:
        fetch(FetchMessage.model_validate_json(record.body).fetch_id, last=queues.tries(record) > len(_PAUSES))
    except CleanplateError:
        queues.put_off(settings().fetch_queue_url, record, _PAUSES)
        raise


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch; name the messages that failed."""
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
