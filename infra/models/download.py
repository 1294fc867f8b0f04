"""Downloads over https that go on where they stopped."""

import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPResponse
from pathlib import Path

from infra.models.https import RangeRefused, ask, without_query
from infra.models.room import disk_may_fill, free_bytes, require_room
from schemas.errors import PermanentFailure, TransientFailure

Done = Callable[[int, int], None]
"""Bytes so far, bytes in all (0 where nobody knows)."""

_CHUNK = 1 << 20
_TRIES = 4
"""In a row that bring nothing new. A long download over a bad line is cut many times, but each time comes further."""
_PAUSE_SECONDS = 0.5


def download(address: str, to: Path, size: int | None, done: Done, *, token: str | None = None) -> None:
    """Fetch an address into a file; go on where an earlier attempt stopped, if the server still has the same file.

    Parameters
    ----------
    address
        ``https://``; plain ``http://`` only to this machine.
    to
        The file, which may hold a first part. What tells its version is kept beside it, as ``NAME.version``.
    size
        Announced bytes, where they are known. More are never written.
    token
        Permission to read, for the address's own host.

    Raises
    ------
    PermanentFailure
        ``source`` for an address that is not allowed, is not there, or holds more; ``disk_full``.
    TransientFailure
        ``download`` when the connection keeps failing; what came stays for the next attempt.
    """
    farthest, tries = _have(to), 0
    while True:
        try:
            _attempt(address, to, size, done, token)
        except TransientFailure:
            tries = 0 if _have(to) > farthest else tries + 1
            farthest = max(farthest, _have(to))
            if tries == _TRIES:
                raise
            time.sleep(_PAUSE_SECONDS * 2**tries)
        else:
            _version_file(to).unlink(missing_ok=True)
            return


def _attempt(address: str, to: Path, size: int | None, done: Done, token: str | None) -> None:
    try:
        with ask(address, headers=_continuation(to, size), token=token) as answer:
            continued = answer.status == HTTPStatus.PARTIAL_CONTENT
            if continued and not answer.headers.get("Content-Range", "").startswith(f"bytes {_have(to)}-"):
                raise RangeRefused(f"{without_query(address)} sent another part than was asked for.", code="download")
            with disk_may_fill(to.parent):
                _version_file(to).write_text(_version(answer))
                _write(answer, to, size, done, append=continued)
    except RangeRefused:
        to.unlink(missing_ok=True)
        raise


def _have(to: Path) -> int:
    return to.stat().st_size if to.is_file() else 0


def _version_file(to: Path) -> Path:
    return to.with_name(f"{to.name}.version")


def _version(answer: HTTPResponse) -> str:
    """What tells one version of the file from another; a weak tag does not promise equal bytes."""
    tag = answer.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified", "")


def _continuation(to: Path, size: int | None) -> dict[str, str]:
    """Ask for the rest, on the condition that it is the rest of the same file (RFC 9110, 13.1.5)."""
    have = _have(to)
    version = _version_file(to).read_text() if _version_file(to).is_file() else ""
    if not have or (size is not None and have >= size) or not version:
        return {}
    return {"Range": f"bytes={have}-", "If-Range": version}


def _write(answer: HTTPResponse, to: Path, size: int | None, done: Done, *, append: bool) -> None:
    have = _have(to) if append else 0
    announced = None if answer.length is None else have + answer.length
    if size is not None and announced not in (None, size):
        raise PermanentFailure(f"The address holds {announced:,} bytes, not the {size:,} expected.", code="source")
    whole = size if size is not None else announced
    require_room(to.parent, (whole or 0) - have)
    most = have + free_bytes(to.parent) if whole is None else whole
    with to.open("ab" if append else "wb") as file:
        while chunk := answer.read1(_CHUNK):  # what has come, not only when a whole chunk has
            if file.tell() + len(chunk) > most:
                file.truncate(0)
                raise PermanentFailure(f"The address holds more than the {most:,} bytes expected.", code="source")
            file.write(chunk)
            done(file.tell(), whole or 0)
        if whole is not None and file.tell() < whole:
            raise TransientFailure("The download ended early; run it again to go on.", code="download")
