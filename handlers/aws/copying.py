"""S3: a copy of what somebody else keeps, made inside S3."""

from handlers.aws.clients import client, translated
from handlers.aws.storage import ObjectHead
from schemas.pointers import S3Pointer


def copy_in(found: ObjectHead, target: S3Pointer, metadata: dict[str, str]) -> None:
    """Copy exactly what was looked at inside S3, with this metadata and without its tags."""
    which = {"Bucket": found.pointer.bucket, "Key": found.pointer.key}
    if found.pointer.version_id not in (None, "null"):
        which["VersionId"] = str(found.pointer.version_id)
    with translated("copying a file"):
        client("s3").copy_object(
            Bucket=target.bucket,
            Key=target.key,
            CopySource=which,
            CopySourceIfMatch=found.etag,
            MetadataDirective="REPLACE",
            TaggingDirective="REPLACE",
            ContentType=found.content_type or "application/octet-stream",
            Metadata=metadata,
        )
