"""Attached buckets: what arrives in them is copied into the inbox, once, so that everything after knows one bucket."""

from handlers import standings
from handlers.aws import copying, origins, records, storage
from handlers.aws.storage import ObjectHead
from handlers.observability import count, logger
from handlers.settings import settings
from schemas import ids, keys
from schemas.errors import BadInput, TransientFailure
from schemas.pointers import S3Pointer
from schemas.words import LARGEST_METADATA, as_metadata, metadata_bytes


def take_in(hint: S3Pointer) -> None:
    """Copy an object of an attached bucket into the inbox, where its arrival is an event like any other.

    Raises
    ------
    TransientFailure
        If somebody else is copying another version: look again, and see what came of it.
    """
    if hint.bucket not in settings().attached or not (keys.is_photo(hint.key) or keys.is_companion(hint.key)):
        return
    found = storage.head(hint.bucket, hint.key)
    if found is None or hint.version_id not in (None, found.pointer.version_id):
        return  # it is gone, or a newer one is there, of which there is another event
    known = origins.find(hint.bucket, hint.key)
    if known and known.copied and known.version == found.identity:
        return
    try:
        metadata, key = _metadata(found), keys.attached_key(hint.bucket, hint.key)
        _check(found, key, metadata)
    except BadInput as error:
        asset_id = ids.asset_id(found.pointer.bucket, found.pointer.key, found.pointer.version_id or "")
        standings.refuse(found, None, "", error, records.find_asset(asset_id))
        return
    _copy(found, S3Pointer(bucket=settings().inbox_bucket, key=key), metadata)


def _check(found: ObjectHead, key: str, metadata: dict[str, str]) -> None:
    if found.size_bytes > settings().max_bytes:
        raise BadInput(f"The file is larger than the {settings().max_bytes:,} bytes allowed.", code="too_many_bytes")
    if metadata_bytes(metadata) > LARGEST_METADATA:
        raise BadInput("Its metadata leaves no room to note where it came from.", code="job_too_long")
    if len(key.encode()) > keys.LONGEST_KEY:
        raise BadInput("Its key is too long to lie below the bucket's name in the inbox.", code="bad_path")


def _copy(found: ObjectHead, target: S3Pointer, metadata: dict[str, str]) -> None:
    lease = origins.claim(found.pointer.bucket, found.pointer.key, found.identity)
    if lease is None:
        under_way = origins.find(found.pointer.bucket, found.pointer.key)
        if under_way and under_way.version == found.identity:
            return  # whoever copies it has an event of its own to answer for
        raise TransientFailure("Another version of it is being copied.", code="copy_under_way")
    there = storage.head(target.bucket, target.key)
    if there is None or there.metadata.get(keys.ORIGIN_VERSION) != found.identity:  # else only the note was lost
        copying.copy_in(found, target, metadata)
        count("CopiedIn")
        logger.info("copied in", extra={"bucket": found.pointer.bucket, "key": found.pointer.key})
    origins.settle(lease)


def _metadata(found: ObjectHead) -> dict[str, str]:
    """Keep what whoever put it there said of it, and note what it is a copy of."""
    kept = {name: value if value.isascii() else as_metadata(value) for name, value in found.metadata.items()}
    return {**kept, keys.ORIGIN_VERSION: found.identity}
