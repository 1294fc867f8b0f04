"""Invocations of SageMaker endpoints, behind the same door and the same policies as every other request.

AWS
    ``sagemaker:InvokeEndpointAsync`` and ``sagemaker:InvokeEndpoint`` need a policy that names the endpoint.
ministack
    Has no SageMaker. The runtime of ``infra.local.sagemaker`` does the work, but cannot tell who asks.

So requests come to the emulator, which knows the callers and their roles, and what is allowed is passed on.
"""

import asyncio
import http.client
import json
import os
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from ministack import app as application
from ministack.core.responses import get_account_id, get_region

Headers = dict[str, str]
Response = tuple[int, Headers, bytes]

_PATH = re.compile(r"/endpoints/([^/]+)/(invocations|async-invocations)")
_ACTIONS = {"invocations": "sagemaker:InvokeEndpoint", "async-invocations": "sagemaker:InvokeEndpointAsync"}
_TIMEOUT_SECONDS = 70.0  # a synchronous invocation may take 60
_PASSED_ON = re.compile(r"x-amzn-sagemaker-.+|content-type|accept")


def apply() -> None:
    """Take the runtime's two operations out of ministack's dispatch."""
    dispatch = application._dispatch_service_request

    async def dispatch_with_sagemaker(
        method: str, path: str, headers: Headers, body: bytes, query: dict[str, Any], request_id: str
    ) -> Any:
        match = _PATH.fullmatch(path)
        if method != "POST" or not match:
            return await dispatch(method, path, headers, body, query, request_id)
        endpoint = f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:endpoint/{unquote(match[1]).lower()}"
        denied = application._enforce_data_plane(
            "sagemaker", _ACTIONS[match[2]], headers, query, request_id, resource_arn=endpoint
        )
        return denied or await asyncio.to_thread(_forward, path, headers, body)

    application._dispatch_service_request = dispatch_with_sagemaker


def _forward(path: str, headers: Headers, body: bytes) -> Response:
    runtime = urlsplit(os.environ["CLEANPLATE_RUNTIME_URL"]).netloc
    connection = http.client.HTTPConnection(runtime, timeout=_TIMEOUT_SECONDS)
    try:
        passed_on = {name: value for name, value in headers.items() if _PASSED_ON.fullmatch(name)}
        connection.request("POST", path, body, passed_on)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    except (OSError, http.client.HTTPException):
        document = json.dumps({"Message": "The SageMaker runtime does not answer."}).encode()
        error = {"Content-Type": "application/json", "x-amzn-ErrorType": "ServiceUnavailable"}
        return http.client.SERVICE_UNAVAILABLE, error, document
    finally:
        connection.close()
