"""Posting a document to an address from outside."""

from collections.abc import Mapping
from typing import NamedTuple

from handlers.outbound.connection import ask
from handlers.outbound.paced import Deadline
from handlers.outbound.urls import target_of

_KEPT_BYTES = 4096
"""Of an answer: enough to see what was wrong."""


class Reply(NamedTuple):
    """What was answered. Names of headers are in small letters; the body is cut off."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def post(url: str, body: bytes, headers: Mapping[str, str], *, timeout: float) -> Reply:
    """Post ``body`` and return the answer, whatever its status; redirects are answers too.

    Parameters
    ----------
    headers
        Sent as they are, over ``Content-Length``, which is counted here.
    timeout
        Seconds for everything together.

    Raises
    ------
    BadInput
        ``bad_url`` or ``private_address``: it will not be sent, now or later.
    TransientFailure
        ``unreachable``, ``timed_out`` or ``bad_certificate``.
    """
    with ask("POST", target_of(url), headers=headers, body=body, deadline=Deadline(timeout)) as response:
        answered = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, response.read(_KEPT_BYTES), answered)
