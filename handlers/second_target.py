"""Second target: keep what is delivered in another bucket as well, which may be another account's.

A function of its own behind a queue: whatever keeps the second bucket from being written, the first one has delivered.
What is asked for is never "copy this" but "make the second what the first is of this asset", so that events may come
twice, late, or in any order.
"""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.aws import copies, manifests, queues, storage
from handlers.delivering import bring
from handlers.observability import count, logger, metrics
from handlers.settings import settings
from schemas import keys
from schemas.copied import CopyOrder, CopyRecord
from schemas.delivery_manifest import DeliveryManifest
from schemas.errors import CleanplateError
from schemas.outcome_event import OutcomeHeard
from schemas.pointers import S3Pointer
from schemas.records import now

_PAUSES = (2, 10, 60, 300, 900)
"""Seconds before the next try; then always the last of them. The template gives up after ten tries, two hours."""

processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def follow(asset_id: str) -> CopyRecord:
    """Make the second target what the first one is of an asset; return how its copy stands, as it is written down.

    Raises
    ------
    CleanplateError
        If it cannot be done now. That is written down too.
    """
    try:
        first = _followed(asset_id)
    except CleanplateError as error:
        copies.keep(_record(asset_id, None, "failed", error.code, error.message))
        count("CopiesFailed")
        raise
    stays = first is not None and bool(first.renditions)
    record = _record(asset_id, first.run_id if first and stays else None, "copied" if stays else "removed")
    if first is None:
        copies.forget(asset_id, record.bucket)
    else:
        copies.keep(record)
    count("Copied" if stays else "CopiesRemoved")
    return record


def _followed(asset_id: str) -> DeliveryManifest | None:
    """Copy files and manifests, or take them away; return the manifest here, if there still is one."""
    own = keys.asset_manifest_key(asset_id)
    first, second = _read(_here(own)), _read(_there(own))
    known = first or second
    if known is None:  # neither delivered nor copied
        return None
    named = keys.manifest_key(known.source.key)
    if first is not None and first.renditions:
        for key in (own, named):
            _follow(key)
        if first.replaces and _read(_there(keys.asset_manifest_key(first.replaces))):
            _follow(keys.asset_manifest_key(first.replaces))
        return first
    _follow(named)  # before a file goes, nothing names it any more
    if first is not None:
        _follow(own)
    for key in list(storage.keys_under(settings().second_target, keys.delivered_folder(asset_id))):
        if key != own:
            storage.delete(_there(key))
    _follow(own)  # the last to go: a try that begins anew learns from it what else there was
    return first


def _follow(key: str) -> None:
    """Write a manifest as the first target has it, once all its files are there; take it away if it is gone."""
    for _ in range(manifests.TRIES):
        there = manifests.look(_there(key))  # before the first target is read: what is written after this is newer
        wanted = _read(_here(key))
        if wanted is None:
            if there.etag:
                storage.delete(_there(key))
            return
        for file in wanted.renditions:
            bring(_here(file.key), _there(file.key), file)
        document = wanted.at(settings().second_target_url).written
        if there.document == document or manifests.write(_there(key), document, over=there):
            return
    raise manifests.contended()


def _read(place: S3Pointer) -> DeliveryManifest | None:
    return DeliveryManifest.read(manifests.look(place).document)


def _here(key: str) -> S3Pointer:
    return S3Pointer(bucket=settings().delivery_bucket, key=key)


def _there(key: str) -> S3Pointer:
    return S3Pointer(bucket=settings().second_target, key=key)


def _record(
    asset_id: str, run_id: str | None, state: Any, code: str | None = None, reason: str | None = None
) -> CopyRecord:
    bucket = settings().second_target
    return CopyRecord(asset_id=asset_id, bucket=bucket, run_id=run_id, state=state, at=now(), code=code, reason=reason)


def _order(body: str) -> CopyOrder:
    """Read a message: an outcome as the bus tells it, or an order of ours to try again."""
    told = json.loads(body)
    if isinstance(told, dict) and "detail" in told:
        return CopyOrder(asset_id=OutcomeHeard.model_validate(told).detail.data.asset_id)
    return CopyOrder.model_validate(told)


def take(record: SQSRecord) -> None:
    """Handle one message; what it raises has the message come again."""
    order = _order(record.body)
    try:
        follow(order.asset_id)
    except Exception:
        logger.exception("not copied yet", extra={"asset_id": order.asset_id})
        queues.put_off(settings().copy_queue_url, record, _PAUSES)
        raise


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Handle a batch; name the messages that failed."""
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)
