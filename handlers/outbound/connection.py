"""One request and its answer, over a connection to an address that was checked."""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Any

from handlers.outbound.addresses import resolve
from handlers.outbound.paced import Deadline, PacedSocket
from handlers.outbound.urls import Target
from schemas.errors import TransientFailure

_MOST_ADDRESSES = 4
_SLOWEST_CONNECT = 10.0
_OURS = {"User-Agent": "Cleanplate", "Accept-Encoding": "identity", "Connection": "close"}


@contextmanager
def ask(
    method: str, target: Target, *, headers: Mapping[str, str], deadline: Deadline, body: bytes | None = None
) -> Iterator[HTTPResponse]:
    """Send a request and give its answer, whatever its status. No proxy is asked, and no redirect followed.

    Raises
    ------
    BadInput
        ``private_address``.
    TransientFailure
        ``unreachable``, ``timed_out`` or ``bad_certificate``, while the answer is read too.
    """
    connection = _Pinned(target, resolve(target), deadline)
    try:
        connection.request(method, target.path, body=body, headers={**headers, **_OURS})
        with connection.getresponse() as response:
            yield response
    except TimeoutError as error:
        message = f"`{target.host}` was not done within {deadline.seconds:g} s."
        raise TransientFailure(message, code="timed_out") from error
    except ssl.SSLCertVerificationError as error:
        message = f"`{target.host}` shows a certificate that is not valid for it."
        raise TransientFailure(message, code="bad_certificate") from error
    except (OSError, HTTPException) as error:
        message = f"The connection to `{target.host}` failed or broke off."
        raise TransientFailure(message, code="unreachable") from error
    finally:
        connection.close()


class _Pinned(HTTPConnection):
    """A connection that knows where it goes: its name is for the certificate and the ``Host`` header alone."""

    def __init__(self, target: Target, addresses: Sequence[str], deadline: Deadline) -> None:
        super().__init__(target.host, target.port)
        self.default_port = 443 if target.scheme == "https" else 80  # which the header leaves out
        self._target = target
        self._addresses = addresses[:_MOST_ADDRESSES]
        self._deadline = deadline

    def connect(self) -> None:
        """Connect to the first of the addresses that answers."""
        connected = self._first_that_answers()
        try:
            if self._target.scheme == "https":
                connected.settimeout(self._deadline.left())
                connected = _tls().wrap_socket(connected, server_hostname=self._target.host)
        except BaseException:
            connected.close()
            raise
        self.sock: Any = PacedSocket(connected, self._deadline)

    def _first_that_answers(self) -> socket.socket:
        failure: OSError = TimeoutError()
        for address in self._addresses:
            patience = min(_SLOWEST_CONNECT, self._deadline.left())
            try:
                return socket.create_connection((address, self._target.port), timeout=patience)
            except OSError as error:
                failure = error
        raise failure


@cache
def _tls() -> ssl.SSLContext:
    """Trust whom the system trusts, and check names: the defaults of the library."""
    return ssl.create_default_context()
