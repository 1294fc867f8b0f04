"""SageMaker: ask an endpoint for an inference whose answer comes later."""

from handlers.aws.clients import client, translated
from schemas.pointers import S3Pointer


def invoke(endpoint: str, request: S3Pointer, inference_id: str, *, timeout_seconds: int = 900) -> None:
    """Ask an endpoint to work on a request document in S3. The answer comes by SNS, under ``inference_id``."""
    with translated("asking a model's endpoint"):
        client("sagemaker-runtime").invoke_endpoint_async(
            EndpointName=endpoint,
            InputLocation=request.uri,
            InferenceId=inference_id,
            ContentType="application/json",
            Accept="application/json",
            InvocationTimeoutSeconds=timeout_seconds,
        )
