"""S3: short-lived permissions to upload one object, whose size, type and metadata are part of the signature."""

from typing import Any

from handlers.aws.clients import client, translated


def presigned_post(
    bucket: str, key: str, *, sizes: tuple[int, int], fields: dict[str, str], seconds: int = 300
) -> dict[str, Any]:
    """Make a short-lived form that uploads one object of so many bytes, from and to, with exactly these fields."""
    conditions: list[Any] = [["content-length-range", *sizes], *({name: value} for name, value in fields.items())]
    with translated("signing an upload"):
        form: dict[str, Any] = client("s3").generate_presigned_post(
            bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=seconds
        )
    return form


def presigned_put(
    bucket: str, key: str, *, size_bytes: int, content_type: str, metadata: dict[str, str], seconds: int = 300
) -> str:
    """Make a short-lived link that uploads one object of exactly this size and type, with exactly this metadata."""
    what = {"Bucket": bucket, "Key": key, "ContentLength": size_bytes, "ContentType": content_type}
    with translated("signing an upload"):
        params = {**what, "Metadata": metadata}
        return str(client("s3").generate_presigned_url("put_object", Params=params, ExpiresIn=seconds))
