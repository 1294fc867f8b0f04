"""Stacks for the end-to-end tests: started once for all tests of a session, gone with it."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from infra.local import environment, ports, stack
from infra.local.deploy import artifacts_bucket, deploy
from infra.local.info import Ports, StackInfo
from infra.local.session import StackSession
from tests.e2e.browser import launched
from tests.e2e.deployment import Deployment

ATTACHED = "team-photos"
"""A bucket that is attached to ``local_stack``. Nobody has made it yet."""
PROBE = Path(__file__).parent / "emulator_probe" / "template.yaml"


@pytest.fixture(scope="session")
def local_stack() -> Iterator[StackInfo]:
    """Run the whole stack with the project's own template."""
    with stack.temporary(stack.Options(parameters={"AttachedBuckets": ATTACHED})) as info:
        yield info


@pytest.fixture(scope="session")
def session(local_stack: StackInfo) -> StackSession:
    """boto3 for ``local_stack``."""
    return StackSession(local_stack)


@pytest.fixture(scope="session")
def deployment(local_stack: StackInfo) -> Deployment:
    """``local_stack``, as tests of the chain look at it."""
    return Deployment(local_stack)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser, for all tests of a file."""
    with launched() as running:
        yield running


@pytest.fixture(scope="session")
def emulator() -> Iterator[StackInfo]:
    """Run the emulator alone, with the template that touches every gap."""
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory(prefix="emulator-", ignore_cleanup_errors=True) as folder:
        Path(folder, "tmp").mkdir()
        chosen = Ports(emulator=ports.choose(), container=1, runtime=1)
        info = StackInfo(
            state_dir=Path(folder), stack_name="probe", account=stack.ACCOUNT, region=stack.REGION, ports=chosen
        )
        program = stack.programs(info, stack.Options())[0]
        program.start(environment.for_programs(info, None), reading)
        try:
            program.wait_until_ready(time.monotonic() + 30)
            aws = StackSession(info)
            parameters = {"ModelBucket": artifacts_bucket(aws)}
            yield info.model_copy(update={"outputs": deploy(aws, PROBE, stack="probe", parameters=parameters)})
        finally:
            program.ask_to_stop()
            program.ensure_stopped(time.monotonic() + 5)
            os.close(writing)
            os.close(reading)
