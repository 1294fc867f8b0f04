"""The only place in this room that reads and writes artifacts: in S3, or in a folder of this machine."""

import hashlib
import os
from pathlib import Path
from typing import Any, Protocol

from schemas.errors import BadInput, CleanplateError, PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer

_CHUNK = 1 << 20
_MISSING = {"NoSuchKey", "NoSuchVersion", "NoSuchBucket", "404", "NotFound", "MethodNotAllowed"}
"""``MethodNotAllowed`` is S3's answer to reading a delete marker by its version."""
_DENIED = {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "KMS.DisabledException"}


class ArtifactStore(Protocol):
    """Where inputs come from and outputs go."""

    def get(self, pointer: S3Pointer, *, max_bytes: int) -> bytes:
        """Read one version of one object.

        Raises
        ------
        BadInput
            ``missing_input`` or ``too_many_bytes``.
        PermanentFailure
            ``access_denied``; ``checksum`` when the pointer's SHA-256 is not that of the bytes.
        TransientFailure
            ``storage`` when asking again may help.
        """
        ...

    def put(self, pointer: S3Pointer, data: bytes, content_type: str) -> S3Pointer:
        """Write an object and return a pointer with its SHA-256, and its version where versions are kept."""
        ...


class S3ArtifactStore:
    """Artifacts in S3. ``AWS_ENDPOINT_URL`` leads it to an emulator.

    Parameters
    ----------
    client
        A boto3 S3 client; made on first use when not given.
    """

    def __init__(self, client: Any = None) -> None:
        self._made = client

    def get(self, pointer: S3Pointer, *, max_bytes: int) -> bytes:
        """See ``ArtifactStore``."""
        version = {"VersionId": pointer.version_id} if pointer.version_id else {}
        try:
            answer = self._client.get_object(Bucket=pointer.bucket, Key=pointer.key, **version)
            body = answer["Body"]
            if answer["ContentLength"] > max_bytes:
                body.close()
                raise _too_many_bytes(pointer, max_bytes)
            data = b"".join(body.iter_chunks(_CHUNK))
        except Exception as error:
            raise _in_our_words(error, pointer) from error
        return _verified(data, pointer)

    def put(self, pointer: S3Pointer, data: bytes, content_type: str) -> S3Pointer:
        """See ``ArtifactStore``."""
        try:
            answer = self._client.put_object(
                Bucket=pointer.bucket, Key=pointer.key, Body=data, ContentType=content_type
            )
        except Exception as error:
            raise _in_our_words(error, pointer) from error
        return pointer.model_copy(update={"sha256": _sha256(data), "version_id": answer.get("VersionId")})

    @property
    def _client(self) -> Any:
        if self._made is None:
            import boto3
            from botocore.config import Config

            # An emulator answers under an address without one name per bucket.
            emulated = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
            config = Config(
                connect_timeout=5,
                read_timeout=60,
                retries={"mode": "standard", "max_attempts": 4},
                s3={"addressing_style": "path" if emulated else "auto"},
            )
            self._made = boto3.client("s3", config=config)
        return self._made


class DirectoryArtifactStore:
    """Artifacts as files ``root/bucket/key``: a stage on one machine, without any S3. No versions are kept."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def get(self, pointer: S3Pointer, *, max_bytes: int) -> bytes:
        """See ``ArtifactStore``."""
        path = self._path(pointer)
        if not path.is_file():
            raise _missing(pointer)
        if path.stat().st_size > max_bytes:
            raise _too_many_bytes(pointer, max_bytes)
        return _verified(path.read_bytes(), pointer)

    def put(self, pointer: S3Pointer, data: bytes, content_type: str) -> S3Pointer:
        """See ``ArtifactStore``. A file knows no content type."""
        del content_type
        path = self._path(pointer)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(path)
        return pointer.model_copy(update={"sha256": _sha256(data), "version_id": None})

    def _path(self, pointer: S3Pointer) -> Path:
        path = (self._root / pointer.bucket / pointer.key).resolve()
        if not path.is_relative_to(self._root / pointer.bucket) or pointer.bucket in (".", ".."):
            raise BadInput(f"The key {pointer.key!r} leads out of its bucket.", code="missing_input")
        return path


def _verified(data: bytes, pointer: S3Pointer) -> bytes:
    if pointer.sha256 and _sha256(data) != pointer.sha256:
        message = f"{pointer.uri} is not what was written there: its checksum is {_sha256(data)}, not {pointer.sha256}."
        raise PermanentFailure(message, code="checksum")
    return data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _missing(pointer: S3Pointer) -> BadInput:
    return BadInput(f"There is no {pointer.uri} (version {pointer.version_id or 'any'}).", code="missing_input")


def _too_many_bytes(pointer: S3Pointer, max_bytes: int) -> BadInput:
    return BadInput(f"{pointer.uri} is larger than {max_bytes:,} bytes.", code="too_many_bytes")


def _in_our_words(error: Exception, pointer: S3Pointer) -> CleanplateError:
    """One of the three errors for anything that boto3 raises.

    Only the code of an AWS error decides; its message may hold a request's details and stays in the chain.
    """
    from botocore.exceptions import ClientError, NoCredentialsError, ParamValidationError

    if isinstance(error, CleanplateError):
        return error
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    if code in _MISSING:
        return _missing(pointer)
    if code in _DENIED or isinstance(error, NoCredentialsError):
        return PermanentFailure(f"This container may not use {pointer.uri}.", code="access_denied")
    if isinstance(error, ParamValidationError) or code in ("InvalidArgument", "InvalidBucketName"):
        return BadInput(f"{pointer.uri} is not an address that S3 accepts.", code="missing_input")
    return TransientFailure(f"S3 did not answer for {pointer.uri} ({code or type(error).__name__}).", code="storage")
