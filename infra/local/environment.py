"""The environment of the stack's processes, in which nothing of the user's own AWS account is left."""

import os
from collections.abc import Mapping
from pathlib import Path

from infra.local.info import StackInfo

ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105  what ministack takes for the account's root; it opens nothing anywhere else


def without_aws(environment: Mapping[str, str]) -> dict[str, str]:
    """Drop every AWS setting: a profile or key of the user's must not reach a real account from here."""
    return {name: value for name, value in environment.items() if not name.startswith("AWS_")}


def for_clients(info: StackInfo) -> dict[str, str]:
    """Return what makes any AWS SDK or tool speak to this stack, and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": info.endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": info.region,
        "AWS_DEFAULT_REGION": info.region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def for_examples(info: StackInfo) -> dict[str, str]:
    """Return the names by which the documentation's examples call what is in the stack."""
    return {
        "INBOX": info.outputs["InboxBucket"],
        "DELIVERY": info.outputs["DeliveryBucket"],
        "API": f"{info.api_url}/signed",
        "BUS": f"{info.stack_name}-outcomes",
    }


def for_programs(info: StackInfo, models: Path | None) -> dict[str, str]:
    """Return the whole environment of the emulator, the serving program and the SageMaker runtime."""
    state = info.state_dir
    settings = {
        "GATEWAY_PORT": str(info.ports.emulator),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": info.account,
        "MINISTACK_REGION": info.region,
        "AUTH": "true",  # the roles in the template are enforced, as on AWS
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state / "emulator"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state / "objects"),
        "TMPDIR": str(state / "tmp"),  # unpacked functions; goes with the state folder
        "CLEANPLATE_ENDPOINTS": str(state / "endpoints.json"),
        "CLEANPLATE_RUNTIME_URL": info.runtime_url,
        # A call of a function holds a thread, and what the function asks of us needs another one: with the default of
        # 64, as many calls at once would wait for each other.
        "MINISTACK_WORKER_THREADS": "512",
        # Calls that wait for a place (infra.local.emulator.concurrency) would count as running, and be refused: on AWS
        # they would be over before there are a thousand of them.
        "LAMBDA_ACCOUNT_CONCURRENCY": "0",
        # Services that open ports of their own.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Nobody collects traces here.
        "AWS_XRAY_SDK_ENABLED": "false",
        "POWERTOOLS_TRACE_DISABLED": "1",
        "PYTHONUNBUFFERED": "1",
    }
    if models is not None:
        settings["CLEANPLATE_MODELS"] = str(models.absolute())
    return without_aws(os.environ) | for_clients(info) | settings
