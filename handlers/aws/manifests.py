"""S3: the small documents in the delivery bucket that change, and who may change them."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws.clients import client, error_code, translated
from handlers.aws.storage import MISSING
from schemas.errors import TransientFailure
from schemas.pointers import S3Pointer

_CHANGED_MEANWHILE = ("PreconditionFailed", "412", "ConditionalRequestConflict", "409", *MISSING)
_TRIES = 10


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
    body = json.dumps(document, indent=1, sort_keys=True).encode()
    for _ in range(_TRIES):
        condition = _unchanged(pointer)  # before asking: what happens after this look makes the write fail
        if not while_true():
            return False
        if _put_json(pointer, body, condition):
            return True
    raise TransientFailure("Others kept writing the same manifest.", code="manifest_contended")


def _unchanged(pointer: S3Pointer) -> dict[str, str]:
    with translated("looking up a manifest"):
        try:
            return {"IfMatch": client("s3").head_object(Bucket=pointer.bucket, Key=pointer.key)["ETag"]}
        except ClientError as error:
            if error_code(error) in MISSING:
                return {"IfNoneMatch": "*"}
            raise


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
