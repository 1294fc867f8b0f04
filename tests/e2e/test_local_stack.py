"""The life of a stack: start, restart, crash, stop. Each test runs the real template in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from infra.local import stack
from infra.local.info import StackInfo
from infra.local.session import StackSession
from schemas.errors import PermanentFailure

pytestmark = pytest.mark.stack


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder whose stack is down afterwards, whatever the test did."""
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    yield tmp_path / "stack"
    stack.down(tmp_path / "stack")


def eventually(look: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return found


def kill(folder: Path, name: str) -> None:
    pid = stack.status(folder)[name]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: stack.status(folder)[name] is None)


def nothing_runs(folder: Path) -> bool:
    return not any(stack.status(folder).values())


def test_a_running_stack_is_found_and_not_started_twice(folder: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(stack.up, [folder, folder])
    pids = stack.status(folder)
    assert first == second == stack.attach() == stack.up(folder)
    assert stack.status(folder) == pids


def test_down_leaves_nothing_running_and_up_uses_the_same_ports(folder: Path) -> None:
    before = stack.up(folder)
    assert stack.down()
    assert nothing_runs(folder)
    with pytest.raises(PermanentFailure, match="No stack is running"):
        stack.attach()
    assert stack.up(folder) == before


class Traces:
    """Something in every service that holds state, to be found again."""

    def __init__(self, info: StackInfo) -> None:
        self.bucket, self.table = info.outputs["WorkBucket"], info.outputs["RecordsTable"]
        s3 = StackSession(info).client("s3")
        key = {"Bucket": self.bucket, "Key": "kept/a b+ü.txt"}
        self.first = s3.put_object(**key, Body=b"first", Metadata={"recipe": "r"})["VersionId"]
        s3.put_object(**key, Body=b"second")
        StackSession(info).client("dynamodb").put_item(TableName=self.table, Item=self.item)

    item = {"pk": {"S": "kept"}, "sk": {"S": "1"}}

    def assert_found(self, info: StackInfo) -> None:
        session = StackSession(info)
        s3 = session.client("s3")
        old = s3.get_object(Bucket=self.bucket, Key="kept/a b+ü.txt", VersionId=self.first)
        assert (old["Body"].read(), old["Metadata"]) == (b"first", {"recipe": "r"})
        assert s3.get_object(Bucket=self.bucket, Key="kept/a b+ü.txt")["Body"].read() == b"second"
        assert session.client("dynamodb").get_item(TableName=self.table, Key=self.item)["Item"] == self.item
        machine = info.outputs["StateMachineArn"]
        assert session.client("stepfunctions").describe_state_machine(stateMachineArn=machine)["status"] == "ACTIVE"


def test_a_stop_loses_nothing(folder: Path) -> None:
    before = stack.up(folder)
    traces = Traces(before)
    stack.down(folder)
    after = stack.up(folder)
    assert after.outputs == before.outputs
    traces.assert_found(after)


def test_a_crash_loses_nothing_that_was_saved_and_no_object_at_all(folder: Path) -> None:
    before = stack.up(folder)
    traces = Traces(before)
    saved = folder / "emulator" / "dynamodb.json"
    eventually(lambda: saved.exists() and '"kept"' in saved.read_text())
    late = StackSession(before).client("s3").put_object(Bucket=traces.bucket, Key="late", Body=b"late")["VersionId"]
    kill(folder, "emulator")
    with pytest.raises(PermanentFailure, match=r"only in part \(emulator ended\)"):
        stack.attach()
    after = stack.up(folder)
    assert after.outputs == before.outputs
    traces.assert_found(after)
    found = StackSession(after).client("s3").get_object(Bucket=traces.bucket, Key="late", VersionId=late)
    assert found["Body"].read() == b"late"


def test_down_ends_what_is_left_of_a_broken_stack(folder: Path) -> None:
    stack.up(folder)
    kill(folder, "emulator")
    kill(folder, "runtime")
    assert stack.down(folder)
    assert nothing_runs(folder)
    assert not stack.down(folder)


def test_a_template_that_fails_is_explained_and_leaves_nothing_running(folder: Path, tmp_path: Path) -> None:
    bad = {"Bucket": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "nowhere", "PolicyDocument": {}}}}
    unknown = {"Thing": {"Type": "AWS::No::Such"}}
    template = tmp_path / "template.yaml"
    template.write_text(json.dumps({"Parameters": {"ModelBucket": {"Type": "String"}}, "Resources": bad | unknown}))
    with pytest.raises(PermanentFailure, match="AWS::No::Such"):
        stack.up(folder, stack.Options(template=template))
    assert nothing_runs(folder)


def test_a_temporary_stack_ends_with_whoever_started_it(tmp_path: Path) -> None:
    program = (
        "import os, signal; from infra.local import stack\n"
        "with stack.temporary() as info:\n"
        "    print(info.state_dir, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # a killed process cannot clear its folder away
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    folder = Path(ended.stdout.strip())
    eventually(lambda: nothing_runs(folder))


def test_a_temporary_stack_is_gone_afterwards() -> None:
    with stack.temporary() as info:
        assert all(stack.status(info.state_dir).values())
    assert not info.state_dir.exists()
