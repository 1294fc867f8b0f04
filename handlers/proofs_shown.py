"""Proofs with short-lived links in place of pointers."""

from typing import Any

from handlers.aws import proofs, storage
from handlers.settings import settings
from schemas.pointers import S3Pointer
from schemas.proof import Proofs, proofs_folder
from schemas.records import ReviewRecord

THUMBNAIL = "thumbnail.webp"


def proofs_of(asset_id: str, run_id: str) -> dict[str, Any] | None:
    """Give a run's proofs; ``None`` while they are being made."""
    found = proofs.find(asset_id, run_id)
    return _linked(found) if found else None


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
