"""Find a deployed stack by its name: CloudFormation knows the API's address."""

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.client.transport import MACHINES, Transport
from schemas.errors import PermanentFailure


def discover(stack_name: str, region: str | None, profile: str | None) -> Transport:
    """Make a transport to the API of a stack, with the caller's own AWS credentials.

    Raises
    ------
    PermanentFailure
        If there are no credentials, no region or no such stack, or it is not one of Cleanplate's.
    """
    try:
        session = boto3.Session(region_name=region, profile_name=profile)
        described = session.client("cloudformation").describe_stacks(StackName=stack_name)
        credentials = session.get_credentials()
    except (BotoCoreError, ClientError) as error:
        raise PermanentFailure(f"Stack `{stack_name}` cannot be looked up: {error}", code="stack_not_found") from error
    outputs = {out["OutputKey"]: out["OutputValue"] for out in described["Stacks"][0].get("Outputs", [])}
    if "ApiUrl" not in outputs:
        raise PermanentFailure(f"Stack `{stack_name}` has no output `ApiUrl`.", code="stack_not_ours")
    return Transport(outputs["ApiUrl"] + MACHINES, credentials, session.region_name)
