"""Step Functions batch list: write down which pictures a batch is about, once, whatever lies in the inbox later."""

from collections.abc import Iterable
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field

from handlers.aws import batch_lists, batches, storage
from handlers.observability import logger, metrics
from handlers.settings import settings
from schemas import keys
from schemas.batch import MOST_ITEMS, BatchRecord, Listed
from schemas.errors import BadInput, PermanentFailure
from schemas.job import BatchId
from schemas.manifest import LARGEST_MANIFEST, read_manifest
from schemas.pointers import Document, S3Pointer

_MOST_LOOKED_AT = 20 * MOST_ITEMS
"""Objects below a prefix that are looked at; masks and sidecars are among them."""


class BatchRun(Document):
    """What the batch's state machine is started with."""

    batch_id: BatchId
    attempt: int = Field(ge=1)
    concurrency: int = Field(ge=1)


def list_pictures(batch_id: str) -> S3Pointer:
    """Write a batch's list where it is not written yet; return its place, or that of what is to be tried of it.

    Raises
    ------
    BadInput
        If there is nothing to list, too much, or the manifest cannot be used.
    """
    batch = batches.find(batch_id)
    if batch is None:
        raise PermanentFailure("There is no such batch.", code="unknown_batch")
    if batch.total is None or not batch_lists.is_there(batch_id):
        found = list(_lines(batch))
        if not found:
            raise BadInput("There are no pictures to work on.", code="no_pictures")
        batches.listed(batch_id, batch_lists.write(batch_id, found, batch.try_))
    return batch_lists.place(batch_id) if batch.try_ is None else batch_lists.first_place(batch_id)


def _lines(batch: BatchRecord) -> Iterable[Listed]:
    if batch.manifest is not None:
        lines = read_manifest(batch.manifest, _manifest(batch.manifest))
        return [Listed(batch_id=batch.batch_id, key=key, job=job) for key, job in lines]
    if batch.prefix is None:
        return batch_lists.asked_for(batch.batch_id)
    listed = storage.keys_under(settings().inbox_bucket, batch.prefix, at_most=_MOST_LOOKED_AT)
    photos = [key for key in listed if keys.is_photo(key)]
    if len(photos) > MOST_ITEMS:
        message = f"There are more than {MOST_ITEMS:,} pictures below this prefix; make several batches."
        raise BadInput(message, code="too_many_pictures")
    return batch_lists.of_keys(batch.batch_id, photos)


def _manifest(key: str) -> str:
    found = storage.read_beginning(settings().inbox_bucket, key, LARGEST_MANIFEST + 1)
    if found is None:
        raise BadInput("The manifest is not in the inbox.", code="missing_manifest")
    if len(found[1]) > LARGEST_MANIFEST:
        raise BadInput(f"The manifest is larger than {LARGEST_MANIFEST:,} bytes.", code="bad_manifest")
    try:
        return found[1].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("The manifest is no UTF-8 text.", code="bad_manifest") from None


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """List one batch."""
    place = list_pictures(BatchRun.model_validate(event).batch_id)
    return {"bucket": place.bucket, "key": place.key}
