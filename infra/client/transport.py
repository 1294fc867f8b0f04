"""Signed HTTP: every request to the API carries AWS Signature Version 4, which lets machines in."""

import json
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import urllib3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra.client.errors import ApiError
from schemas.errors import TransientFailure

MACHINES = "/signed"
"""Below this path the API takes signed requests; elsewhere it wants the token of a person who signed in."""
_TIMEOUT = urllib3.Timeout(connect=10, read=60)
# Every kind of request may be repeated: POST /assets only signs a form, and a mark or a verdict that is sent twice is
# there once; what would be done twice goes under a key of its own.
_RETRIES = urllib3.Retry(
    total=4,
    backoff_factor=0.3,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=frozenset({"GET", "POST", "PUT", "DELETE"}),
    raise_on_status=False,
    redirect=False,
)
_NO_HEADERS: Mapping[str, str] = {}
_MAX_ANSWER = 8 << 20
"""Bytes; Lambda cannot answer with more than 6 MiB."""


class Transport:
    """Sends requests to one API and reads JSON or a problem document back. May be shared between threads.

    Parameters
    ----------
    base_url
        Address below which requests are signed, with the API's stage where it has one in the path.
    credentials
        Whose signature to use: static ones, or botocore's own that renew themselves.
    """

    def __init__(self, base_url: str, credentials: Credentials, region: str, *, connections: int = 8) -> None:
        self.base_url = base_url.rstrip("/")
        self._signer = SigV4Auth(credentials, "execute-api", region)
        self.pool = urllib3.PoolManager(maxsize=connections, block=True, timeout=_TIMEOUT)

    def get(self, path: str, **query: str | None) -> dict[str, Any]:
        """Ask for a document; query parameters that are ``None`` are left out."""
        given = {name: value for name, value in query.items() if value is not None}
        return self._send("GET", path + ("?" + urlencode(given, quote_via=quote) if given else ""))

    def post(self, path: str, document: dict[str, Any], *, once: bool = False) -> dict[str, Any]:
        """Send a document; with ``once`` under a key of its own, so that a repeated request does nothing twice."""
        key = {"Idempotency-Key": uuid.uuid4().hex} if once else {}
        return self._send("POST", path, json.dumps(document).encode(), "application/json", key)

    def put(self, path: str, body: bytes, content_type: str) -> dict[str, Any]:
        """Send bytes that are no document."""
        return self._send("PUT", path, body, content_type)

    def delete(self, path: str) -> dict[str, Any]:
        """Take something away."""
        return self._send("DELETE", path)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str = "",
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> dict[str, Any]:
        url = self.base_url + path
        sent = {"Content-Type": content_type, **headers} if body else dict(headers)
        request = AWSRequest(method, url, data=body, headers=sent)
        self._signer.add_auth(request)
        try:
            answer = self.pool.request(
                method, url, body=body, headers=dict(request.headers.items()), retries=_RETRIES, preload_content=False
            )
            try:
                content = answer.read(_MAX_ANSWER)
            finally:
                answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            raise TransientFailure(f"No answer from {self.base_url}.", code="unreachable") from error
        return _document(answer.status, content)


def _document(status: int, content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except ValueError:
        document = None
    if status < HTTPStatus.BAD_REQUEST and isinstance(document, dict):
        return document
    problem = document if isinstance(document, dict) else {}
    # API Gateway's own refusals hold `message` and no problem document.
    detail = problem.get("detail") or problem.get("message") or f"The API answered with HTTP status {status}."
    raise ApiError(str(detail), code=str(problem.get("code", "http_error")), status=status)
