"""Downloading a file from an address from outside, of a bounded size and in a bounded time."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from handlers.outbound.connection import ask
from handlers.outbound.paced import Deadline
from handlers.outbound.urls import Target, target_of
from schemas.errors import BadInput, TransientFailure

_SECONDS = 240.0
_MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ASK_AGAIN = frozenset({408, 425, 429})
_DISK_CHUNK = 1 << 16


class Downloaded(NamedTuple):
    """A file that came whole. ``content_type`` is what the other side says, without parameters."""

    size_bytes: int
    sha256: str
    content_type: str


def download(
    url: str, path: Path, *, max_bytes: int, headers: Mapping[str, str] | None = None, timeout: float = _SECONDS
) -> Downloaded:
    """Download a file to ``path``; nothing is left there if it does not come whole.

    Up to three redirects are followed, each to an address that could have been asked in the first place.

    Parameters
    ----------
    headers
        Sent to this address's own host, and to no other that it redirects to.
    timeout
        Seconds for everything together.

    Raises
    ------
    BadInput
        ``bad_url``, ``private_address``, ``too_many_bytes``, ``too_many_redirects``, or ``source_refused`` where the
        host says that there is nothing for us.
    TransientFailure
        ``unreachable``, ``timed_out``, ``bad_certificate``, or ``source_busy`` where the host says so.
    """
    deadline, first = Deadline(timeout), target_of(url)
    here, target = url, first
    for _ in range(1 + _MOST_REDIRECTS):
        sent = headers if headers and target.origin == first.origin else {}
        with ask("GET", target, headers=sent, deadline=deadline) as response:
            if response.status not in _REDIRECTS:
                return _kept(target, response, path, max_bytes)
            here = urljoin(here, _location(target, response))
            target = target_of(here)
    raise BadInput(f"`{first.host}` redirects more than {_MOST_REDIRECTS} times.", code="too_many_redirects")


def _location(target: Target, response: HTTPResponse) -> str:
    location = response.getheader("Location")
    if not location:
        raise BadInput(f"`{target.host}` redirects to nowhere.", code="source_refused")
    with suppress(UnicodeError):  # headers are read as Latin-1; what is in them nowadays is UTF-8
        return location.encode("latin-1").decode()
    return location


def _kept(target: Target, response: HTTPResponse, path: Path, max_bytes: int) -> Downloaded:
    status = response.status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _ASK_AGAIN:
        raise TransientFailure(f"`{target.host}` answered {status}.", code="source_busy")
    if status != HTTPStatus.OK:
        raise BadInput(f"`{target.host}` answered {status} and gave no file.", code="source_refused")
    announced = response.length
    if announced is not None and announced > max_bytes:
        raise _too_large(max_bytes)
    try:
        size, sha256 = _written(response, path, max_bytes)
        if announced is not None and size != announced:
            raise TransientFailure(f"`{target.host}` broke off in the middle of the file.", code="unreachable")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Downloaded(size, sha256, response.headers.get_content_type() if response.headers["Content-Type"] else "")


def _written(response: HTTPResponse, path: Path, max_bytes: int) -> tuple[int, str]:
    """Write what comes, whatever length was announced."""
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        while chunk := response.read(_DISK_CHUNK):
            size += len(chunk)
            if size > max_bytes:
                raise _too_large(max_bytes)
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def _too_large(max_bytes: int) -> BadInput:
    return BadInput(f"The file is larger than the {max_bytes:,} bytes allowed.", code="too_many_bytes")
