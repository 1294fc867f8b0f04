"""State lasts: a stack that was stopped, or killed in the middle of a run, goes on where it was."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import stack
from infra.local.info import StackInfo
from infra.local.saving import save_now
from schemas.asset import Status
from schemas.verdict import Opinion
from tests.e2e import pictures
from tests.e2e.deployment import Deployment
from tests.e2e.test_policy import hard


@pytest.fixture
def state_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for a stack of the test's own, which never becomes the user's current one."""
    monkeypatch.setenv("CLEANPLATE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "state"
    yield folder
    stack.down(folder)


def _edit(deployment: Deployment, size: int = 96) -> tuple[str, str]:
    dirty = pictures.lettered(pictures.coffee(size, size), "A", 30)
    key = deployment.key("remove-watermark", "photo.png")
    deployment.put(key + ".mask.png", pictures.encoded(dirty.mask))
    return key, deployment.put(key, pictures.encoded(dirty.photo))


def _kill(info: StackInfo) -> None:
    """Kill every process of the stack at once, as a power cut would."""
    for pid in stack.status(info.state_dir).values():
        if pid is not None:
            os.killpg(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(stack.status(info.state_dir).values()):
        assert time.monotonic() < deadline, "the stack did not die"
        time.sleep(0.05)


def test_a_run_cut_off_by_a_kill_finishes_and_its_result_outlives_a_restart(state_dir: Path) -> None:
    first = Deployment(stack.up(state_dir))
    key, asset_id = _edit(first, size=320)
    while (asset := first.client.asset(asset_id)) is None or asset.status is not Status.RUNNING:
        time.sleep(0.02)
    _kill(first.info)

    second = Deployment(stack.up(state_dir))
    finished = second.settled(asset_id, Status.DELIVERED, timeout=90)
    delivered = second.delivered(key)
    stack.down(state_dir)
    assert not any(stack.status(state_dir).values())

    third = Deployment(stack.up(state_dir))
    again = third.client.asset(asset_id)
    assert again is not None
    assert (again.status, again.outcome) == (Status.DELIVERED, finished.outcome)
    assert third.delivered(key) == delivered


def test_a_review_outlives_a_kill_and_is_decided_afterwards(state_dir: Path) -> None:
    first = Deployment(stack.up(state_dir))
    photo = pictures.coffee(200, 160)
    key = first.key("remove-object", "photo.png")
    first.put(key + ".mask.png", pictures.encoded(hard(photo)))
    asset = first.settled(first.put(key, pictures.encoded(photo)), Status.AWAITING_REVIEW)
    first.client.reviews.claim(asset.asset_id, asset.run_id)
    save_now(stack.programs(first.info, stack.Options())[0])  # what comes after the last save is lost by a kill
    _kill(first.info)

    second = Deployment(stack.up(state_dir))
    (waiting,) = second.client.reviews.waiting()
    assert (waiting.asset_id, waiting.run_id, waiting.mine) == (asset.asset_id, asset.run_id, True)
    second.client.reviews.decide(asset.asset_id, asset.run_id, Opinion(verdict="approve"))
    delivered = second.settled(asset.asset_id, Status.DELIVERED)
    assert [entry.what for entry in delivered.trail] == ["opened", "claimed", "approved"]
