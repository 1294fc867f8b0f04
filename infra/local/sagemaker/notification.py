"""What SageMaker publishes on SNS when an asynchronous inference is over.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_LONGEST_REASON = 4096  # of SNS's 256 KiB; a container's message is quoted, not trusted to be short


@dataclass(frozen=True)
class Inference:
    """The facts about an asynchronous inference that its notification repeats."""

    inference_id: str
    endpoint: str
    region: str
    input_location: str
    content_type: str
    received_at: datetime


def completed(inference: Inference, *, output_location: str, content_type: str) -> dict[str, Any]:
    """Describe a success."""
    return _message(inference) | {
        "invocationStatus": "Completed",
        "responseParameters": {"contentType": content_type, "outputLocation": output_location},
    }


def failed(inference: Inference, *, reason: str, failure_location: str | None) -> dict[str, Any]:
    """Describe a failure. The location is there where the endpoint has an ``S3FailurePath``."""
    message = _message(inference) | {
        "invocationStatus": "Failed",
        "failureReason": f"ClientError: {reason[:_LONGEST_REASON]}",
    }
    return message | ({"failureLocation": failure_location} if failure_location else {})


def _message(inference: Inference) -> dict[str, Any]:
    return {
        "awsRegion": inference.region,
        "eventTime": _timestamp(datetime.now(UTC)),
        "receivedTime": _timestamp(inference.received_at),
        "requestParameters": {
            "contentType": inference.content_type,
            "endpointName": inference.endpoint,
            "inputLocation": inference.input_location,
        },
        "inferenceId": inference.inference_id,
        "eventVersion": "1.0",
        "eventSource": "aws:sagemaker",
        "eventName": "InferenceResult",
    }


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
