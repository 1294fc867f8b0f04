"""Weights out of S3, going on where a read was cut off."""

from pathlib import Path
from typing import Any

from infra.models.download import Done
from infra.models.room import require_room
from schemas.errors import PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer

_CHUNK = 1 << 20


def from_bucket(pointer: S3Pointer, to: Path, size: int | None, done: Done, client: Any = None) -> None:
    """Read an object into a file.

    Raises
    ------
    PermanentFailure
        ``source`` when it cannot be read or has another size, ``disk_full``.
    TransientFailure
        ``download`` when S3 did not answer to the end.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    version = to.with_name(f"{to.name}.version")
    try:
        answer = (client or boto3.client("s3")).get_object(
            Bucket=pointer.bucket, Key=pointer.key, **_continuation(to, version)
        )
        have = to.stat().st_size if "ContentRange" in answer else 0
        whole = have + answer["ContentLength"]
        if size not in (None, whole):
            raise PermanentFailure(f"{pointer.uri} has {whole:,} bytes, the card says {size:,}.", code="source")
        require_room(to.parent, whole - have)
        version.write_text(answer["ETag"])
        with to.open("ab" if have else "wb") as file:
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                file.write(chunk)
                done(file.tell(), whole)
    except ClientError as error:
        to.unlink(missing_ok=True)  # a part of another version, or of an object that is shorter now
        code = error.response.get("Error", {}).get("Code", "")
        kind = TransientFailure if code in ("PreconditionFailed", "InvalidRange", "SlowDown") else PermanentFailure
        said = f"{pointer.uri} cannot be read ({code})."
        raise kind(said, code="download" if kind is TransientFailure else "source") from error
    except BotoCoreError as error:
        message = f"S3 did not answer for {pointer.uri} ({type(error).__name__}); run it again to go on."
        raise TransientFailure(message, code="download") from error
    version.unlink(missing_ok=True)


def _continuation(to: Path, version: Path) -> dict[str, str]:
    """Ask for the rest of the same version of the object."""
    if not to.is_file() or not to.stat().st_size or not version.is_file():
        return {}
    return {"Range": f"bytes={to.stat().st_size}-", "IfMatch": version.read_text()}
