"""S3: the small documents that change, and who may change them."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from handlers.aws.clients import client, error_code, translated
from handlers.aws.storage import MISSING
from schemas.errors import TransientFailure
from schemas.pointers import S3Pointer

TRIES = 10
_CHANGED_MEANWHILE = ("PreconditionFailed", "412", "ConditionalRequestConflict", "409", *MISSING)
_LARGEST = 1 << 20
"""Bytes of a manifest that is believed: 32 files take 20 kB."""


class Seen(NamedTuple):
    """What lay at a place when it was looked at: the document, if it was one, and what tells it from any other."""

    document: dict[str, Any] | None
    etag: str | None


def look(pointer: S3Pointer) -> Seen:
    """Read the document at a place; nothing, if nothing lies there. What cannot be read may be written over."""
    with translated("reading a manifest"):
        try:
            found = client("s3").get_object(Bucket=pointer.bucket, Key=pointer.key)
        except ClientError as error:
            if error_code(error) in MISSING:
                return Seen(None, None)
            raise
        text = found["Body"].read(_LARGEST)
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    return Seen(document if isinstance(document, dict) else None, found["ETag"])


def write(pointer: S3Pointer, document: dict[str, Any], *, over: Seen) -> bool:
    """Write a document over what was seen; ``False``, and no change, if something else lies there by now."""
    body = json.dumps(document, indent=1, sort_keys=True).encode()
    return _put_json(pointer, body, {"IfMatch": over.etag} if over.etag else {"IfNoneMatch": "*"})


def replace(pointer: S3Pointer, document: dict[str, Any], *, while_true: Callable[[], bool]) -> bool:
    """Write a JSON object atomically, but only while ``while_true()`` holds.

    Two writers are told apart by S3's conditional writes: the loser looks again and asks again.

    Returns
    -------
    bool
        Whether it was written.

    Raises
    ------
    TransientFailure
        If others wrote before us every time.
    """
    for _ in range(TRIES):
        seen = look(pointer)  # before asking: what happens after this look makes the write fail
        if not while_true():
            return False
        if write(pointer, document, over=seen):
            return True
    raise contended()


def contended() -> TransientFailure:
    """Make the error for a place that others wrote to before us every time."""
    return TransientFailure("Others kept writing the same manifest.", code="manifest_contended")


def _put_json(pointer: S3Pointer, body: bytes, condition: dict[str, str]) -> bool:
    with translated("writing a manifest"):
        try:
            client("s3").put_object(
                Bucket=pointer.bucket,
                Key=pointer.key,
                Body=body,
                ContentType="application/json",
                CacheControl="no-cache",
                **condition,
            )
        except ClientError as error:
            if error_code(error) in _CHANGED_MEANWHILE:
                return False
            raise
    return True
