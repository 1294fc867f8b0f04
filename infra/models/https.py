"""Asking an https address, without letting a secret out: not into a log, and not to another host."""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from schemas.errors import PermanentFailure, TransientFailure

_SECONDS = 60
_WORTH_ASKING_AGAIN = frozenset({408, 425, 429})
_CLOSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class RangeRefused(TransientFailure):
    """The server has no such part of the file: it is shorter than what is here already."""


def check_address(address: str) -> None:
    """Allow https; plain http to this machine alone.

    Raises
    ------
    PermanentFailure
        ``source``, also for an address that holds a name or a password.
    """
    try:
        parts = urlsplit(address)
        scheme, host, secret = parts.scheme, parts.hostname or "", parts.username or parts.password
    except ValueError:
        scheme, host, secret = "", "", None
    if secret:
        message = "An address must not hold a name or a password: it would be written down with the model."
        raise PermanentFailure(message, code="source")
    if not host or (scheme != "https" and not (scheme == "http" and _is_this_machine(host))):
        raise PermanentFailure(f"Weights come over https only, not from {without_query(address)!r}.", code="source")


def without_query(address: str) -> str:
    """Leave out what stands behind ``?`` or ``#``: it may be a signature or a token."""
    return address.partition("?")[0].partition("#")[0]


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: who an address belongs to."""
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port


@contextmanager
def ask(address: str, *, headers: Mapping[str, str] | None = None, token: str | None = None) -> Iterator[HTTPResponse]:
    """Send a GET and give its answer; redirects are followed to allowed addresses only.

    Parameters
    ----------
    token
        Sent to this address's own host and to no other that it redirects to.

    Raises
    ------
    PermanentFailure
        ``source`` for an address that is not allowed, or that answers that it has nothing for us.
    TransientFailure
        ``download`` when asking again may help, while reading the answer too; a ``RangeRefused`` for a part that is
        not there.
    """
    check_address(address)
    request = Request(address, headers={"User-Agent": "cleanplate", **(headers or {})})  # noqa: S310  checked above
    if token:
        request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with build_opener(_SafeRedirects).open(request, timeout=_SECONDS) as answer:
            yield answer
    except HTTPError as error:
        error.close()
        raise _refusal(address, error.code) from None
    except (URLError, HTTPException, OSError) as error:
        message = f"The connection to {without_query(address)} failed; run it again to go on."
        raise TransientFailure(message, code="download") from error


def _refusal(address: str, status: int) -> PermanentFailure | TransientFailure:
    said = f"{without_query(address)} answered {status}."
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return RangeRefused(said, code="download")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _WORTH_ASKING_AGAIN:
        return TransientFailure(said, code="download")
    if status in _CLOSED:
        said += " Where the hub asks for a licence to be accepted, accept it there and set HF_TOKEN."
    return PermanentFailure(said, code="source")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _SafeRedirects(HTTPRedirectHandler):
    """Follows only to addresses that would have been allowed in the first place; a token stays with its host."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Any:
        try:
            check_address(newurl)
            if _is_this_machine(origin(newurl)[1]) and not _is_this_machine(origin(req.full_url)[1]):
                message = f"{without_query(req.full_url)} sends us on to this machine, where it has no business."
                raise PermanentFailure(message, code="source")
        except PermanentFailure:
            fp.close()
            raise
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        token = req.unredirected_hdrs.get("Authorization")
        if following and token and origin(req.full_url) == origin(newurl):
            following.add_unredirected_header("Authorization", token)
        return following
