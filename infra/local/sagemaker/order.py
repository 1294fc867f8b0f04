"""An ``InvokeEndpointAsync`` request, checked and made a job."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from infra.local.sagemaker.async_queue import Job
from infra.local.sagemaker.notification import Inference
from infra.local.sagemaker.registry import Endpoint
from schemas.pointers import S3Pointer

_DEFAULT_TIMEOUT_SECONDS = 900
_LONGEST_TIMEOUT_SECONDS = 3600
_LONGEST_INFERENCE_ID = 64


class InvalidOrder(Exception):
    """The request is not one that SageMaker takes."""


def job_for(endpoint: Endpoint, options: Mapping[str, str], *, region: str) -> Job:
    """Check the request and say where everything goes.

    Parameters
    ----------
    options
        The ``X-Amzn-SageMaker-*`` headers in lower case without their prefix: ``inputlocation``, ``inference-id``, ...

    Raises
    ------
    InvalidOrder
        With the sentence for the caller.
    """
    output = endpoint.output
    if output is None:
        raise InvalidOrder(f"Endpoint {endpoint.name} has no AsyncInferenceConfig.")
    source = _pointer(options.get("inputlocation", ""))
    name = uuid.uuid4().hex
    content_type = options.get("content-type", "application/octet-stream")
    return Job(
        inference=Inference(
            inference_id=_inference_id(options.get("inference-id")),
            endpoint=endpoint.name,
            region=region,
            input_location=source.uri,
            content_type=content_type,
            received_at=datetime.now(UTC),
        ),
        input=source,
        output=_pointer(f"{output.output_path.rstrip('/')}/{name}.out"),
        failure=_pointer(f"{output.failure_path.rstrip('/')}/{name}-error.out") if output.failure_path else None,
        notify=output,
        headers=_passed_on(options, content_type),
        timeout_seconds=_timeout(options.get("invocationtimeoutseconds")),
    )


def _pointer(uri: str) -> S3Pointer:
    try:
        return S3Pointer.from_uri(uri)
    except ValueError as error:
        raise InvalidOrder("InputLocation must be s3://bucket/key.") from error


def _inference_id(given: str | None) -> str:
    if given is not None and not (1 <= len(given) <= _LONGEST_INFERENCE_ID and given.isprintable()):
        raise InvalidOrder(f"InferenceId must have 1 to {_LONGEST_INFERENCE_ID} printable characters.")
    return given or str(uuid.uuid4())


def _timeout(given: str | None) -> float:
    if given is None:
        return _DEFAULT_TIMEOUT_SECONDS
    if not given.isdecimal() or not 1 <= int(given) <= _LONGEST_TIMEOUT_SECONDS:
        raise InvalidOrder(f"InvocationTimeoutSeconds must be 1 to {_LONGEST_TIMEOUT_SECONDS}.")
    return int(given)


def _passed_on(options: Mapping[str, str], content_type: str) -> dict[str, str]:
    headers = {"Content-Type": content_type, "Accept": options.get("accept", "*/*")}
    if "custom-attributes" in options:
        headers["X-Amzn-SageMaker-Custom-Attributes"] = options["custom-attributes"]
    return headers
