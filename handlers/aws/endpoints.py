"""SageMaker: ask an endpoint for an inference whose answer comes later."""

from handlers.aws.clients import client, translated
from handlers.settings import settings
from schemas.pointers import S3Pointer

PATIENCE_SECONDS = 900
"""As long as the state machine waits for a stage. A request that still waits in the endpoint's queue after that is
dropped there: the stage has been asked for again by then, and a GPU should not do it twice."""


def requests_folder(run_id: str) -> str:
    """Prefix, in the work bucket, of all that a run asked of models."""
    return f"requests/{run_id}/"


def request_document(run_id: str, inference_id: str) -> S3Pointer:
    """Say where the request of an inference lies."""
    return S3Pointer(bucket=settings().work_bucket, key=f"{requests_folder(run_id)}{inference_id}.json")


def invoke(endpoint: str, request: S3Pointer, inference_id: str) -> None:
    """Ask an endpoint to work on a request document in S3. The answer comes by SNS, under ``inference_id``."""
    with translated("asking a model's endpoint"):
        client("sagemaker-runtime").invoke_endpoint_async(
            EndpointName=endpoint,
            InputLocation=request.uri,
            InferenceId=inference_id,
            ContentType="application/json",
            Accept="application/json",
            RequestTTLSeconds=PATIENCE_SECONDS,
            InvocationTimeoutSeconds=PATIENCE_SECONDS,
        )
