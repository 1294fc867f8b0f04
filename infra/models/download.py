"""Downloads over https that can be continued."""

import ipaddress
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from schemas.errors import PermanentFailure, TransientFailure

_CHUNK = 1 << 20
_SECONDS = 60


def download(address: str, to: Path, size: int, done: Callable[[int], None]) -> None:
    """Fetch an address into a file; continue where an earlier attempt stopped, if the server still has the same file.

    Parameters
    ----------
    address
        ``https://``; plain ``http://`` only to this machine.
    to
        The file, which may hold a first part. Its entity tag is kept beside it, as ``NAME.etag``.
    size
        Announced bytes. More are never written.

    Raises
    ------
    PermanentFailure
        ``source`` for an address that is not allowed, is not there, or holds more.
    TransientFailure
        ``download`` when the connection fails; what came stays for the next attempt.
    """
    _check(address)
    tag_file = to.with_name(f"{to.name}.etag")
    request = Request(address, headers=_continuation(to, tag_file, size))  # noqa: S310  checked above
    try:
        with build_opener(_SafeRedirects).open(request, timeout=_SECONDS) as answer:
            continued = answer.status == HTTPStatus.PARTIAL_CONTENT
            tag_file.write_text(answer.headers.get("ETag", ""))
            _write(answer, to, size, done, append=continued)
    except HTTPError as error:
        error.close()
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            to.unlink(missing_ok=True)
        kind = TransientFailure if error.code >= 500 or error.code in (408, 416, 429) else PermanentFailure
        code = "download" if kind is TransientFailure else "source"
        raise kind(f"{address} answered {error.code}.", code=code) from error
    except (URLError, HTTPException, OSError) as error:
        raise TransientFailure(
            f"The connection to {address} failed; run it again to go on.", code="download"
        ) from error
    tag_file.unlink(missing_ok=True)


def _continuation(to: Path, tag_file: Path, size: int) -> dict[str, str]:
    """Ask for the rest, on the condition that it is the rest of the same file (RFC 9110, 13.1.5)."""
    have = to.stat().st_size if to.is_file() else 0
    tag = tag_file.read_text() if tag_file.is_file() else ""
    if not 0 < have < size or not tag or tag.startswith("W/"):  # a weak tag does not promise equal bytes
        return {}
    return {"Range": f"bytes={have}-", "If-Range": tag}


def _write(answer: IO[bytes], to: Path, size: int, done: Callable[[int], None], *, append: bool) -> None:
    with to.open("ab" if append else "wb") as file:
        while chunk := answer.read(_CHUNK):
            if file.tell() + len(chunk) > size:
                file.truncate(0)
                raise PermanentFailure(f"The address holds more than the {size:,} bytes on the card.", code="source")
            file.write(chunk)
            done(file.tell())
        if file.tell() < size:
            raise TransientFailure("The download ended early; run it again to go on.", code="download")


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname or "")):
        raise PermanentFailure(f"Weights come over https only, not from {address!r}.", code="source")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _SafeRedirects(HTTPRedirectHandler):
    """Follows only to addresses that would have been allowed in the first place."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Any:
        try:
            _check(newurl)
        except PermanentFailure:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)
