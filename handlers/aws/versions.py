"""S3: taking objects away for good, with every version that a bucket keeps of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from handlers.aws.clients import client, translated
from schemas.pointers import S3Pointer


class Version(NamedTuple):
    """One version of an object, or the mark that it was deleted."""

    key: str
    version_id: str
    at: datetime
    is_mark: bool
    is_latest: bool


def versions(bucket: str, prefix: str) -> Iterator[Version]:
    """List every version, and every mark of a deletion, below a prefix."""
    pages = client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
    with translated("listing versions"):
        for page in pages:
            for name, is_mark in (("Versions", False), ("DeleteMarkers", True)):
                for each in page.get(name, []):
                    yield Version(each["Key"], each["VersionId"], each["LastModified"], is_mark, each["IsLatest"])


def remove_object(pointer: S3Pointer, *, until: datetime | None = None) -> int:
    """Take away every version of one object; return how many there were.

    Parameters
    ----------
    until
        Only those that were there by then: what came later under the same key is somebody's new object.
    """
    found = versions(pointer.bucket, pointer.key)
    return _remove(pointer.bucket, (v for v in found if v.key == pointer.key and (until is None or v.at <= until)))


def remove_older(pointer: S3Pointer) -> int:
    """Take away every version of an object but the latest; return how many there were."""
    found = versions(pointer.bucket, pointer.key)
    return _remove(pointer.bucket, (v for v in found if v.key == pointer.key and not v.is_latest))


def remove_folder(bucket: str, folder: str) -> int:
    """Take away every version of all that lies below a prefix, which ends with a slash; return how many there were.

    Raises
    ------
    ValueError
        If it does not: half a name would take others' objects away.
    """
    if not folder.endswith("/") or folder == "/":
        raise ValueError(f"no folder: {folder!r}")
    return _remove(bucket, versions(bucket, folder))


def _remove(bucket: str, found: Iterator[Version]) -> int:
    """Take versions away one by one: S3's call for many asks for the right to delete what has no version named too."""
    count = 0
    for version in found:
        with translated("taking a version away"):
            client("s3").delete_object(Bucket=bucket, Key=version.key, VersionId=version.version_id)
        count += not version.is_mark
    return count
