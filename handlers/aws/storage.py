"""S3: what lies in the buckets, and how bytes get in and out."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict

from handlers.aws.clients import client, error_code, translated
from schemas.errors import BadInput, PermanentFailure
from schemas.keys import LONGEST_KEY
from schemas.pointers import S3Pointer

MISSING = ("404", "NoSuchKey", "NotFound", "NoSuchVersion")
"""S3's words for: not there."""
_ALREADY_THERE = ("PreconditionFailed", "412")
_DISK_CHUNK = 1 << 20
_LONGEST_DOCUMENT = 4 << 20


class ObjectHead(BaseModel):
    """An object without its bytes."""

    model_config = ConfigDict(frozen=True)

    pointer: S3Pointer
    size_bytes: int
    content_type: str
    metadata: dict[str, str]
    etag: str = ""

    @property
    def identity(self) -> str:
        """What tells this content from another under the same key: the version, or the tag where there are none."""
        version = self.pointer.version_id
        return version if version and version != "null" else self.etag.strip('"')


def head(bucket: str, key: str, version_id: str | None = None) -> ObjectHead | None:
    """Look at an object; ``None`` if there is none. Without a version it is the latest."""
    if not 0 < len(key.encode()) <= LONGEST_KEY:
        return None
    which = {"Bucket": bucket, "Key": key, **({"VersionId": version_id} if version_id else {})}
    with translated("looking up an object"):
        try:
            found = client("s3").head_object(**which)
        except ClientError as error:
            if error_code(error) in MISSING:
                return None
            raise
    return ObjectHead(
        pointer=S3Pointer(bucket=bucket, key=key, version_id=found.get("VersionId", "null")),
        size_bytes=found["ContentLength"],
        content_type=found.get("ContentType", ""),
        metadata=found.get("Metadata", {}),
        etag=found.get("ETag", ""),
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


def folder_page(bucket: str, folder: str, token: str | None, *, at_most: int) -> tuple[list[str], str | None]:
    """List one page of what lies directly in a folder, and where the next page begins."""
    begins = {"ContinuationToken": token} if token else {}
    with translated("listing a folder"):
        page = client("s3").list_objects_v2(Bucket=bucket, Prefix=folder, Delimiter="/", MaxKeys=at_most, **begins)
    return [entry["Key"] for entry in page.get("Contents", [])], page.get("NextContinuationToken")


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
            if error_code(error) in MISSING:
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
    """Read a small text object; ``None`` if it is not there.

    Raises
    ------
    PermanentFailure
        If it is no small text.
    """
    with translated("reading a document"):
        try:
            body = client("s3").get_object(Bucket=pointer.bucket, Key=pointer.key)["Body"]
        except ClientError as error:
            if error_code(error) in MISSING:
                return None
            raise
        raw = body.read(_LONGEST_DOCUMENT + 1)
    try:
        if len(raw) <= _LONGEST_DOCUMENT:
            return str(raw.decode())
    except UnicodeDecodeError:
        pass
    raise PermanentFailure("A document of ours is not the small text it should be.", code="bad_document")


def read_beginning(bucket: str, key: str, at_most: int) -> tuple[S3Pointer, bytes] | None:
    """Read the first bytes of an object's latest version; ``None`` if there is none."""
    if not 0 < len(key.encode()) <= LONGEST_KEY:
        return None
    with translated("reading a file"):
        try:
            found = client("s3").get_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error_code(error) in MISSING:
                return None
            raise
        with closing(found["Body"]) as body:
            text = bytes(body.read(at_most))
    return S3Pointer(bucket=bucket, key=key, version_id=found.get("VersionId", "null")), text


def write_text(pointer: S3Pointer, text: str, content_type: str = "application/json") -> None:
    """Write a small text object."""
    write(pointer, text.encode(), content_type)


def write(pointer: S3Pointer, data: bytes, content_type: str) -> None:
    """Write an object, over another one if there is one."""
    with translated("writing a file"):
        client("s3").put_object(Bucket=pointer.bucket, Key=pointer.key, Body=data, ContentType=content_type)


def upload(pointer: S3Pointer, path: Path, content_type: str) -> S3Pointer:
    """Write a file as the newest version of an object; returns its version too."""
    with translated("writing a file"), path.open("rb") as file:
        written = client("s3").put_object(Bucket=pointer.bucket, Key=pointer.key, Body=file, ContentType=content_type)
    return pointer.model_copy(update={"version_id": written.get("VersionId")})


def delete(pointer: S3Pointer) -> None:
    """Take an object away, if it is there. In a versioned bucket what it held is kept as an older version."""
    with translated("taking a file away"):
        client("s3").delete_object(Bucket=pointer.bucket, Key=pointer.key)


def write_once(pointer: S3Pointer, data: bytes, content_type: str) -> S3Pointer:
    """Write an object that is named by its content; one that is there already stays. Returns its version too.

    Writing it again would make the older version one that the bucket forgets, and runs point at it.
    """
    with translated("writing a file"):
        try:
            written = client("s3").put_object(
                Bucket=pointer.bucket, Key=pointer.key, Body=data, ContentType=content_type, IfNoneMatch="*"
            )
        except ClientError as error:
            if error_code(error) not in _ALREADY_THERE:
                raise
            written = client("s3").head_object(Bucket=pointer.bucket, Key=pointer.key)
    return pointer.model_copy(update={"version_id": written.get("VersionId")})


def put_file(
    bucket: str, key: str, path: Path, *, content_type: str, metadata: dict[str, str], over: str | None
) -> S3Pointer | None:
    """Upload a file as a new version; ``None``, and no change, if the key holds something else than ``over`` by now.

    Parameters
    ----------
    over
        ETag of what the key holds, ``None`` if that is nothing.
    """
    expected = {"IfMatch": over} if over else {"IfNoneMatch": "*"}
    with translated("writing a file"), path.open("rb") as file:
        try:
            written = client("s3").put_object(
                Bucket=bucket, Key=key, Body=file, ContentType=content_type, Metadata=metadata, **expected
            )
        except ClientError as error:
            if error_code(error) in (*_ALREADY_THERE, "ConditionalRequestConflict", *MISSING):
                return None
            raise
    return S3Pointer(bucket=bucket, key=key, version_id=written.get("VersionId", "null"))


def copy(source: S3Pointer, target: S3Pointer, *, content_type: str, cache_control: str) -> None:
    """Copy bytes inside S3; metadata and tags of the source, which anybody may have written, stay behind."""
    which = {"Bucket": source.bucket, "Key": source.key}
    if source.version_id:
        which["VersionId"] = source.version_id
    with translated("copying a file"):
        client("s3").copy_object(
            Bucket=target.bucket,
            Key=target.key,
            CopySource=which,
            MetadataDirective="REPLACE",
            # Copying tags would also need the right to read them: a tagged upload could not be delivered.
            TaggingDirective="REPLACE",
            ContentType=content_type,
            CacheControl=cache_control,
        )


def presigned_get(pointer: S3Pointer, *, seconds: int = 300) -> str:
    """Make a short-lived link to read one object."""
    which = {"Bucket": pointer.bucket, "Key": pointer.key}
    if pointer.version_id and pointer.version_id != "null":
        which["VersionId"] = pointer.version_id
    with translated("signing a link"):
        return str(client("s3").generate_presigned_url("get_object", Params=which, ExpiresIn=seconds))
