"""S3: what lies in the buckets, and how bytes get in and out."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict

from handlers.aws.clients import client, error_code, translated
from schemas.errors import BadInput
from schemas.pointers import S3Pointer

_MISSING = ("404", "NoSuchKey", "NotFound", "NoSuchVersion")
_DISK_CHUNK = 1 << 20


class ObjectHead(BaseModel):
    """An object without its bytes."""

    model_config = ConfigDict(frozen=True)

    pointer: S3Pointer
    size_bytes: int
    content_type: str
    metadata: dict[str, str]


def head(bucket: str, key: str, version_id: str | None = None) -> ObjectHead | None:
    """Look at an object; ``None`` if there is none. Without a version it is the latest."""
    which = {"Bucket": bucket, "Key": key, **({"VersionId": version_id} if version_id else {})}
    with translated("looking up an object"):
        try:
            found = client("s3").head_object(**which)
        except ClientError as error:
            if error_code(error) in _MISSING:
                return None
            raise
    return ObjectHead(
        pointer=S3Pointer(bucket=bucket, key=key, version_id=found.get("VersionId", "null")),
        size_bytes=found["ContentLength"],
        content_type=found.get("ContentType", ""),
        metadata=found.get("Metadata", {}),
    )


def keys_under(bucket: str, prefix: str, *, at_most: int = 1000) -> Iterator[str]:
    """List keys that start with ``prefix``."""
    pages = (
        client("s3")
        .get_paginator("list_objects_v2")
        .paginate(Bucket=bucket, Prefix=prefix, PaginationConfig={"MaxItems": at_most})
    )
    with translated("listing a bucket"):
        for page in pages:
            yield from (entry["Key"] for entry in page.get("Contents", []))


def download(pointer: S3Pointer, to: Path, *, max_bytes: int) -> tuple[int, str]:
    """Copy an object to disk in pieces; return its size in bytes and its SHA-256.

    Raises
    ------
    BadInput
        If it is larger than ``max_bytes``, whatever its declared length, or no longer there.
    """
    which = {"Bucket": pointer.bucket, "Key": pointer.key}
    if pointer.version_id:
        which["VersionId"] = pointer.version_id
    size, digest = 0, hashlib.sha256()
    with translated("reading an upload"):
        try:
            body = client("s3").get_object(**which)["Body"]
        except ClientError as error:
            if error_code(error) in _MISSING:
                raise BadInput("The upload is no longer in the inbox.", code="missing_input") from error
            raise
        with to.open("wb") as file:
            for chunk in body.iter_chunks(_DISK_CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    raise BadInput(f"The file is larger than the {max_bytes:,} bytes allowed.", code="too_many_bytes")
                digest.update(chunk)
                file.write(chunk)
    return size, digest.hexdigest()


def read_text(pointer: S3Pointer) -> str | None:
    """Read a small text object; ``None`` if it is not there."""
    with translated("reading a document"):
        try:
            body = client("s3").get_object(Bucket=pointer.bucket, Key=pointer.key)["Body"]
        except ClientError as error:
            if error_code(error) in _MISSING:
                return None
            raise
        return str(body.read().decode())


def write_text(pointer: S3Pointer, text: str, content_type: str = "application/json") -> None:
    """Write a small text object."""
    with translated("writing a document"):
        client("s3").put_object(Bucket=pointer.bucket, Key=pointer.key, Body=text.encode(), ContentType=content_type)


def copy(source: S3Pointer, target: S3Pointer, *, content_type: str, cache_control: str) -> None:
    """Copy bytes inside S3; metadata of the source, which anybody may have written, stays behind."""
    which = {"Bucket": source.bucket, "Key": source.key}
    if source.version_id:
        which["VersionId"] = source.version_id
    with translated("copying a file"):
        client("s3").copy_object(
            Bucket=target.bucket,
            Key=target.key,
            CopySource=which,
            MetadataDirective="REPLACE",
            ContentType=content_type,
            CacheControl=cache_control,
        )


def replace_json(pointer: S3Pointer, update: dict[str, Any], may_replace: Any) -> bool:
    """Replace a JSON object atomically, but only if ``may_replace(old)`` agrees; ``old`` is ``None`` at first.

    Two writers are told apart by S3's conditional writes: the loser reads again and decides again.

    Returns
    -------
    bool
        Whether it was written.
    """
    body = json.dumps(update, indent=1, sort_keys=True).encode()
    while True:
        old, condition = _read_for_update(pointer)
        if not may_replace(old):
            return False
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
                if error_code(error) in ("PreconditionFailed", "412", "ConditionalRequestConflict", "409"):
                    continue
                raise
            return True


def _read_for_update(pointer: S3Pointer) -> tuple[dict[str, Any] | None, dict[str, str]]:
    with translated("reading a manifest"):
        try:
            found = client("s3").get_object(Bucket=pointer.bucket, Key=pointer.key)
        except ClientError as error:
            if error_code(error) in _MISSING:
                return None, {"IfNoneMatch": "*"}
            raise
        return json.loads(found["Body"].read()), {"IfMatch": found["ETag"]}


def presigned_get(pointer: S3Pointer, *, seconds: int = 300) -> str:
    """Make a short-lived link to read one object."""
    which = {"Bucket": pointer.bucket, "Key": pointer.key}
    if pointer.version_id and pointer.version_id != "null":
        which["VersionId"] = pointer.version_id
    return str(client("s3").generate_presigned_url("get_object", Params=which, ExpiresIn=seconds))


def presigned_post(
    bucket: str, key: str, *, max_bytes: int, fields: dict[str, str], seconds: int = 300
) -> dict[str, Any]:
    """Make a short-lived form that uploads one object of at most ``max_bytes``, with exactly these fields."""
    conditions: list[Any] = [["content-length-range", 1, max_bytes], *({name: value} for name, value in fields.items())]
    form: dict[str, Any] = client("s3").generate_presigned_post(
        bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=seconds
    )
    return form
