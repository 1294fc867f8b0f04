"""Deploy the project's template with boto3 alone: package, create or update the stack, wait."""

import contextlib
import hashlib
import itertools
import json
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.local import template as templates
from infra.local.packaging import package
from schemas.errors import PermanentFailure

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_NEVER_BEGAN = frozenset({"ROLLBACK_COMPLETE", "CREATE_FAILED", "ROLLBACK_FAILED"})
_POLL_SECONDS = 0.1


def deploy(
    session: boto3.Session, template: Path, *, stack: str, parameters: dict[str, str], timeout_seconds: float = 120
) -> dict[str, str]:
    """Bring the stack to what the template says.

    Parameters
    ----------
    session
        Whose account and region to deploy into.
    template
        A SAM template; the paths in it are relative to its folder.
    parameters
        Template parameters.

    Returns
    -------
    dict
        The stack's outputs.

    Raises
    ------
    PermanentFailure
        If CloudFormation refuses the template, or a resource fails; names it and gives the reason.
    """
    bucket = artifacts_bucket(session)
    packaged = package(templates.load(template), template.parent, lambda key, body: _upload(session, bucket, key, body))
    body = json.dumps(packaged).encode()
    # Through S3: beyond 51,200 bytes a template cannot be passed in the call itself.
    key = f"{hashlib.sha256(body).hexdigest()}.template.json"
    _upload(session, bucket, key, body)
    client = session.client("cloudformation")
    request = {
        "StackName": stack,
        "TemplateURL": f"{client.meta.endpoint_url}/{bucket}/{key}",
        "Capabilities": _CAPABILITIES,
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    }
    try:
        _create_or_update(client, request)
        return _finished(client, stack, timeout_seconds)
    except ClientError as error:
        message = error.response["Error"]["Message"]
        raise PermanentFailure(f"The template was refused: {message}", code="template_refused") from error


def artifacts_bucket(session: boto3.Session) -> str:
    """Return the bucket for packaged code, making it where it does not exist."""
    account = session.client("sts").get_caller_identity()["Account"]
    name = f"cleanplate-artifacts-{account}"
    s3 = session.client("s3")
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=name)
    return name


def _upload(session: boto3.Session, bucket: str, key: str, body: bytes) -> str:
    s3 = session.client("s3")
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    return f"s3://{bucket}/{key}"


def _create_or_update(client: Any, request: dict[str, Any]) -> None:
    name = request["StackName"]
    if _status(client, name) in _NEVER_BEGAN:  # such a stack can only be deleted
        client.delete_stack(StackName=name)
        _wait(client, name, until=time.monotonic() + 60)
    if _status(client, name) is None:
        client.create_stack(**request)
        return
    try:
        client.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise


def _finished(client: Any, stack: str, timeout_seconds: float) -> dict[str, str]:
    status = _wait(client, stack, until=time.monotonic() + timeout_seconds)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        reason = _first_failure(client, stack)
        raise PermanentFailure(f"The deployment ended as {status}: {reason}", code="deployment_failed")
    described = client.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def _wait(client: Any, stack: str, *, until: float) -> str | None:
    while (status := _status(client, stack)) and status.endswith("_IN_PROGRESS"):
        if time.monotonic() > until:
            raise PermanentFailure(f"The deployment is still {status}.", code="deployment_slow")
        time.sleep(_POLL_SECONDS)
    return status


def _status(client: Any, stack: str) -> str | None:
    try:
        status: str = client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" not in str(error):
            raise
        return None
    return None if status == "DELETE_COMPLETE" else status


def _first_failure(client: Any, stack: str) -> str:
    """The resource that failed first in the latest operation; what failed after it was only cancelled."""
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
    newest_first = (event for page in pages for event in page["StackEvents"])
    reasons = [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
        for event in itertools.takewhile(lambda event: not _begins(event, stack), newest_first)
        if event["ResourceStatus"].endswith("_FAILED")
        if "cancelled" not in event.get("ResourceStatusReason", "cancelled")
    ]
    return reasons[-1] if reasons else "no resource gives a reason"


def _begins(event: dict[str, Any], stack: str) -> bool:
    """Whether an operation on the whole stack began with this event."""
    about_stack = event["LogicalResourceId"] == stack
    return about_stack and event["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")
