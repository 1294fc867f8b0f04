"""S3: texts of our own that are changed in place, by whoever is first."""

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict

from handlers.aws.clients import client, error_code, translated
from handlers.aws.storage import MISSING
from schemas.pointers import S3Pointer


class Text(BaseModel):
    """A text as it was read, and what tells whether it has changed since."""

    model_config = ConfigDict(frozen=True)

    pointer: S3Pointer
    text: str
    etag: str


def read(pointer: S3Pointer) -> Text | None:
    """Read a text of our own, however long, in order to change it; ``None`` if it is not there."""
    with translated("reading a document"):
        try:
            found = client("s3").get_object(Bucket=pointer.bucket, Key=pointer.key)
        except ClientError as error:
            if error_code(error) in MISSING:
                return None
            raise
        return Text(pointer=pointer, text=found["Body"].read().decode(), etag=found["ETag"])


def write_over(found: Text, text: str, content_type: str) -> None:
    """Write a text in the place of one that was read.

    Raises
    ------
    TransientFailure
        If it has changed since.
    """
    with translated("changing a document"):
        client("s3").put_object(
            Bucket=found.pointer.bucket,
            Key=found.pointer.key,
            Body=text.encode(),
            ContentType=content_type,
            IfMatch=found.etag,
        )
