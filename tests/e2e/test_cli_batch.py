"""A folder as a batch, against the running stack: tried first, killed in the middle, resumed, reported."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from infra.cli.app import app
from infra.cli.journal import NAME
from infra.local import home
from infra.local.info import StackInfo
from tests.e2e.deployment import Deployment

pytestmark = pytest.mark.stack
NAMES = ("a.jpg", "a.png", "b.png", "c.png", "d.png", "sub/e.png")


@pytest.fixture(autouse=True)
def _current(local_stack: StackInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    home.make_current(local_stack.state_dir)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures with a line scratched into each, and one mask for all."""
    path = tmp_path / "photos"
    for number, name in enumerate(NAMES):
        picture = Image.linear_gradient("L").convert("RGB").resize((160, 120 + 8 * number))
        picture.paste("white", (40, 60, 60, 62))
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        picture.save(path / name)
        mask = Image.new("L", picture.size)
        mask.paste(255, (39, 59, 61, 63))
        mask.save(path / f"{name}.mask.png")
    return path


def arguments(folder: Path, out: Path, *more: object) -> list[str]:
    return ["edit", str(folder), "--out", str(out), "--rights", "owned", *map(str, more)]


def run(asked: list[str], answer: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, asked, input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def files(out: Path) -> list[str]:
    """Results; not the journal, nor halves that a killed process left."""
    found = (path for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(path.relative_to(out).as_posix() for path in found)


def entries(out: Path, kind: str) -> list[dict[str, Any]]:
    lines = (out / NAME).read_text().splitlines() if (out / NAME).exists() else []
    return [json.loads(line) for line in lines if line.startswith(f'{{"{kind}"')]


def test_one_is_tried_first_and_a_no_leaves_the_rest_alone(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, output = run(arguments(folder, out, "--try", 1), answer="n\n")
    assert code == 0
    assert "Go on with the other 5?" in output
    assert str(out / "a.jpg") in output
    assert len(files(out)) == 1
    code, output = run(arguments(folder, out, "--resume", "--try", 1), answer="y\n")
    assert code == 0, output
    assert len(files(out)) == len(NAMES)


def test_a_batch_that_was_killed_goes_on_and_does_nothing_twice(
    folder: Path, tmp_path: Path, deployment: Deployment
) -> None:
    out = tmp_path / "out"
    program = "from infra.cli.app import main; main()"
    asked = [sys.executable, "-c", program, *arguments(folder, out, "--at-once", 2)]
    process = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not (entries(out, "ended") and len(entries(out, "sent")) > len(entries(out, "ended"))):
        assert time.monotonic() < deadline, "it never came to the middle"
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    saved = {name: (out / name).stat().st_mtime_ns for name in files(out)}
    ended = len(entries(out, "ended"))
    assert 0 < ended < len(NAMES)

    report = tmp_path / "report"
    code, output = run(arguments(folder, out, "--resume", "--report", report))
    assert code == 0, output
    assert f"{len(NAMES)} of {len(NAMES)}: {len(NAMES)} done" in output
    _check_once(deployment, out)
    finished = {entry["ended"] for entry in entries(out, "ended")[:ended]}
    untouched = [name for name, moment in saved.items() if (out / name).stat().st_mtime_ns == moment]
    assert len(untouched) >= len(finished)
    with (report / "batch.csv").open(encoding="utf-8-sig", newline="") as sheet:
        assert [row["outcome"] for row in csv.DictReader(sheet)] == ["DELIVERED"] * len(NAMES)


def _check_once(deployment: Deployment, out: Path) -> None:
    """One version of each upload, one run of each asset, one result of each file."""
    sent = [entry["asset_id"] for entry in entries(out, "sent")]
    assert len(set(sent)) == len(sent) == len(NAMES)
    for asset_id in sent:
        assert len(deployment.items(asset_id, "RUN#")) == 1
    for entry in entries(out, "sending"):
        versions = deployment.s3.list_object_versions(Bucket=deployment.outputs["InboxBucket"], Prefix=entry["key"])
        assert [version["Key"] for version in versions["Versions"]].count(entry["key"]) == 1
    assert len(files(out)) == len({name.casefold() for name in files(out)}) == len(NAMES)
