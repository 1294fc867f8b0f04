"""``python -m infra.local.sagemaker --port N --container URL``: serve the runtime API in the foreground.

Endpoints come from the registry file in ``CLEANPLATE_ENDPOINTS``; S3 and SNS are found as boto3 finds them.
"""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path

import boto3

from infra.local.sagemaker.async_queue import AsyncQueue
from infra.local.sagemaker.container import Container
from infra.local.sagemaker.registry import EndpointRegistry
from infra.local.sagemaker.runtime import RuntimeServer


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--container", required=True, help="base address of the serving program")
    parser.add_argument("--account", default="000000000000", help="account named in messages")
    parser.add_argument("--workers", type=int, default=2, help="asynchronous inferences at the same time")
    parser.add_argument("--capacity", type=int, default=10_000, help="asynchronous inferences that may wait")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)  # tells at every start where it found its credentials
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    session = boto3.Session()
    container = Container(options.container)
    jobs = AsyncQueue(
        container,
        session.client("s3"),
        session.client("sns"),
        workers=options.workers,
        capacity=options.capacity,
    )
    registry = EndpointRegistry(Path(os.environ["CLEANPLATE_ENDPOINTS"]))
    region = session.region_name or "us-east-1"
    RuntimeServer(options.port, registry, container, jobs, account=options.account, region=region).serve_forever()


if __name__ == "__main__":
    main()
