"""Requests to the HTTP API as API Gateway passes them on, and the one form of its refusals."""

from collections.abc import Callable
from typing import Any

Answer = tuple[int, dict[str, Any]]
Call = Callable[..., Answer]
Ask = Callable[..., dict[str, Any]]
"""As ``Call``, with the headers: what API Gateway is given."""


def refused(answer: Answer, status: int, code: str) -> str:
    """Check that an answer is a problem document (RFC 9457), and return its detail."""
    found, problem = answer
    assert (found, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem) - {"errors"} == {"type", "title", "status", "code", "detail"}
    return str(problem["detail"])
