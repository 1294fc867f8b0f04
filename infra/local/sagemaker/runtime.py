"""SageMaker's runtime API over HTTP: ``InvokeEndpoint`` and ``InvokeEndpointAsync``.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Runtime.html
"""

import json
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from infra.local import loopback
from infra.local.sagemaker.async_queue import AsyncQueue, Full
from infra.local.sagemaker.container import Container, ContainerUnavailable, Question
from infra.local.sagemaker.order import InvalidOrder, job_for
from infra.local.sagemaker.registry import Endpoint, EndpointRegistry

_PREFIX = "X-Amzn-SageMaker-"
_PATH = re.compile(r"/endpoints/([^/]+)/(invocations|async-invocations)")
_LARGEST_BODY = 25 * 1024 * 1024  # SageMaker's own limit for a synchronous payload
_SYNC_TIMEOUT_SECONDS = 60.0  # SageMaker's own, and fixed


class RuntimeServer(ThreadingHTTPServer):
    """Serves the endpoints in the registry from one container."""

    daemon_threads = True

    def __init__(
        self,
        port: int,
        registry: EndpointRegistry,
        container: Container,
        jobs: AsyncQueue,
        *,
        account: str,
        region: str,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.registry = registry
        self.container = container
        self.jobs = jobs
        self.account = account
        self.region = region


class _Refused(Exception):
    """An answer that is not a success, in AWS's shape."""

    def __init__(self, status: HTTPStatus | int, error_type: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error_type = error_type
        self.document = {"Message": message, **more}


class _Handler(BaseHTTPRequestHandler):
    server: RuntimeServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer the readiness check of the stack."""
        self._answer(HTTPStatus.OK if self.path == "/ping" else HTTPStatus.NOT_FOUND, b"", {})

    def do_POST(self) -> None:
        """Answer an invocation, or AWS's error document."""
        try:
            body = self._body()
            endpoint, asynchronous = self._target()
            if asynchronous:
                self._invoke_async(endpoint)
            else:
                self._invoke(endpoint, body)
        except _Refused as refused:
            document = json.dumps(refused.document).encode()
            headers = {"Content-Type": "application/json", "x-amzn-ErrorType": refused.error_type}
            self._answer(refused.status, document, headers)

    def _target(self) -> tuple[Endpoint, bool]:
        reason = loopback.refusal(self.headers["Host"], self.headers["Origin"])
        if reason:
            raise _Refused(HTTPStatus.FORBIDDEN, "AccessDeniedException", reason)
        match = _PATH.fullmatch(self.path)
        if not match:
            raise _Refused(HTTPStatus.NOT_FOUND, "UnknownOperationException", "There is no such operation.")
        name = unquote(match[1])
        endpoint = self.server.registry.endpoint(name)
        if endpoint is None:
            message = f"Endpoint {name} of account {self.server.account} not found."
            raise _Refused(HTTPStatus.BAD_REQUEST, "ValidationError", message)
        return endpoint, match[2] == "async-invocations"

    def _invoke(self, endpoint: Endpoint, body: bytes) -> None:
        if endpoint.output is not None:
            message = f"Endpoint {endpoint.name} is asynchronous; use InvokeEndpointAsync."
            raise _Refused(HTTPStatus.BAD_REQUEST, "ValidationError", message)
        names = ("Content-Type", "Accept", f"{_PREFIX}Custom-Attributes")
        headers = {name: self.headers[name] for name in names if self.headers[name]}
        try:
            answer = self.server.container.invoke(Question(body, headers, _SYNC_TIMEOUT_SECONDS))
        except ContainerUnavailable as error:
            raise _model_error(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), "") from error
        if answer.failure:
            raise _model_error(answer.status, answer.failure, answer.body.decode(errors="replace"))
        returned = {"Content-Type": answer.content_type, "x-Amzn-Invoked-Production-Variant": endpoint.variant}
        if answer.custom_attributes:
            returned[f"{_PREFIX}Custom-Attributes"] = answer.custom_attributes
        self._answer(HTTPStatus.OK, answer.body, returned)

    def _invoke_async(self, endpoint: Endpoint) -> None:
        options = {
            name[len(_PREFIX) :].lower(): value
            for name, value in self.headers.items()
            if name.lower().startswith(_PREFIX.lower())
        }
        try:
            job = job_for(endpoint, options, region=self.server.region)
            self.server.jobs.put(job)
        except InvalidOrder as error:
            raise _Refused(HTTPStatus.BAD_REQUEST, "ValidationError", str(error)) from error
        except Full as error:
            message = "Too many inferences wait already."
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", message) from error
        headers = {"Content-Type": "application/json", f"{_PREFIX}OutputLocation": job.output.uri}
        if job.failure:
            headers[f"{_PREFIX}FailureLocation"] = job.failure.uri
        document = json.dumps({"InferenceId": job.inference.inference_id}).encode()
        self._answer(HTTPStatus.ACCEPTED, document, headers)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _LARGEST_BODY:
            self.close_connection = True  # what was announced is not read
            raise _Refused(HTTPStatus.BAD_REQUEST, "ValidationError", f"The body is limited to {_LARGEST_BODY} bytes.")
        return self.rfile.read(int(length))

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the name in the base class
        """Stay silent about each request; the queue logs what goes wrong."""


def _model_error(status: int, message: str, original: str) -> _Refused:
    return _Refused(424, "ModelError", message, OriginalStatusCode=status, OriginalMessage=original)
