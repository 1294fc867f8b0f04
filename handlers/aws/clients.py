"""boto3 clients, made when first needed, and the translation of their errors into ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from schemas.errors import PermanentFailure, TransientFailure

_FINAL = frozenset(
    {
        "403",  # what S3 answers to HEAD, which has no body to name the error in
        "AccessDenied",
        "AccessDeniedException",
        "NoSuchBucket",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "ValidationError",  # SageMaker: no such endpoint
        "ValidationException",
    }
)
"""Codes that mean no, however often one asks."""


@cache
def client(service: str) -> Any:
    """Return the client for a service, the same one for the life of the Lambda.

    boto3 is imported here and not above: it costs more than all the rest of a handler, and not every path needs it.
    """
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=3,
        read_timeout=30,
        retries={"mode": "standard", "max_attempts": 4},
        # Virtual-hosted addresses resolve nowhere on one machine; path style works there and on AWS.
        s3={"addressing_style": "path"},
        # Presigned uploads must carry version 4 signatures: KMS-encrypted buckets refuse anything older.
        signature_version="s3v4" if service == "s3" else None,
    )
    return boto3.client(service, config=config)


def error_code(error: ClientError) -> str:
    """AWS's word for what went wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn what boto3 raises into ours: missing rights and resources are final, the rest is worth another try.

    Raises
    ------
    PermanentFailure
        When AWS said no.
    TransientFailure
        When AWS was busy or could not be reached.
    """
    try:
        yield
    except ClientError as error:
        code = error_code(error)
        if code in _FINAL:
            raise PermanentFailure(f"AWS refused {doing} ({code}).", code="aws_refused") from error
        raise TransientFailure(f"AWS could not finish {doing} ({code}).", code="aws_unavailable") from error
    except BotoCoreError as error:
        raise TransientFailure(f"AWS could not be reached for {doing}.", code="aws_unreachable") from error
