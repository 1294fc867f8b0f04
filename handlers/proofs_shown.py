"""Proofs with short-lived links in place of pointers."""

from datetime import timedelta
from typing import Any

from handlers.aws import events, proofs, storage
from handlers.settings import settings
from schemas.pointers import S3Pointer
from schemas.proof import THUMBNAIL, Proofs, proofs_folder
from schemas.records import ReviewRecord, now

_LONG_ENOUGH = timedelta(minutes=2)


def proofs_of(asset_id: str, run_id: str) -> dict[str, Any] | None:
    """Give a run's proofs; ``None`` while they are being made."""
    found = proofs.find(asset_id, run_id)
    return _linked(found) if found else None


def proofs_or_ask(review: ReviewRecord) -> dict[str, Any] | None:
    """Give a review's proofs. Where they should long be there, it is announced again: the first time may be lost."""
    found = proofs_of(review.asset_id, review.run_id)
    if found is None and now() - review.opened_at > _LONG_ENOUGH:
        events.announce(review)
    return found


def thumbnail_of(review: ReviewRecord) -> str:
    """Link a review's thumbnail, without looking whether it is there yet: a list has a hundred of them."""
    key = proofs_folder(review.asset_id, review.run_id) + THUMBNAIL
    return storage.presigned_get(S3Pointer(bucket=settings().work_bucket, key=key))


def _linked(found: Proofs) -> dict[str, Any]:
    facts = found.model_dump(mode="json")
    for name in ("before", "after", "heat", "mask", "thumbnail"):
        pointer = getattr(found, name)
        facts[name] = storage.presigned_get(pointer) if pointer else None
    for area, shown in zip(found.areas, facts["areas"], strict=True):
        shown |= {"before": storage.presigned_get(area.before), "after": storage.presigned_get(area.after)}
    return facts
