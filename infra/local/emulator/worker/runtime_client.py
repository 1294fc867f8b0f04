"""The Runtime API client that ``awslambdaric`` imports, in plain Python.

``awslambdaric`` ships it as a C++ extension, in wheels for Linux on x86-64 only. This replacement is used on every
platform, so that what is tested is what runs everywhere.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import http.client
import os
import sys
from functools import cache
from typing import Any

END = "\x1eend of invocation"
"""The line that says that an invocation has logged all that it will."""
_PREFIX = "/2018-06-01/runtime/invocation"
_DEADLINE = "Lambda-Runtime-Deadline-Ms"
_user_agent = ""


def initialize_client(user_agent: str) -> None:
    """Remember the agent string; the connection is made with the first call."""
    global _user_agent  # noqa: PLW0603  the interface of the extension is module-level functions
    _user_agent = user_agent


def next() -> tuple[bytes, dict[str, Any]]:  # noqa: A001  the name that awslambdaric calls
    """Wait for the next invocation.

    Returns
    -------
    body, headers
        The event as JSON, and the Runtime API's headers.

    Raises
    ------
    SystemExit
        If the emulator closed the environment: a worker without an emulator has nothing to live for.
    """
    try:
        body, headers = _call("GET", f"{_PREFIX}/next", expected=200)
    except (OSError, RuntimeError, http.client.HTTPException) as gone:
        raise SystemExit(0) from gone
    # The one header that the extension returns as a number; the context computes with it.
    return body, {**headers, _DEADLINE: int(headers[_DEADLINE])}


def post_invocation_result(invoke_id: str, body: bytes, content_type: str, invocation_id: str | None = None) -> None:
    """Answer an invocation."""
    _end_log()
    headers = {"Content-Type": content_type}
    _call("POST", f"{_PREFIX}/{invoke_id}/response", body, headers, expected=202)


def post_error(invoke_id: str, error: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Report the handler's exception, as the JSON document that ``awslambdaric`` made of it."""
    _end_log()
    headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-XRay-Error-Cause": xray_fault}
    _call("POST", f"{_PREFIX}/{invoke_id}/error", error.encode(), headers, expected=202)


def _end_log() -> None:
    """Write the line that the emulator waits for; it takes it out of the log."""
    sys.stderr.flush()
    sys.stdout.write(f"{END}\n")
    sys.stdout.flush()


def _call(
    method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, *, expected: int
) -> tuple[bytes, dict[str, str]]:
    connection = _connection()
    try:
        connection.request(method, path, body, {"User-Agent": _user_agent, **(headers or {})})
        response = connection.getresponse()
        answer = response.read()
    except BaseException:
        connection.close()  # the next call opens it again
        raise
    if response.status != expected:
        raise RuntimeError(f"Runtime API answered {response.status} to {method} {path}: {answer[:200]!r}")
    return answer, dict(response.getheaders())


@cache
def _connection() -> http.client.HTTPConnection:
    """The one connection, which is kept: a new one for each call costs the emulator a thread."""
    return http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
