import signal
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.cli.batch import Batch, Interrupted, exit_code
from infra.cli.journal import Journal
from infra.cli.plan import Picture
from infra.cli.progress import PlainProgress
from infra.cli.tally import Tally
from infra.client import ApiError, AssetView, Job, TimedOut
from infra.report.record import failure_record
from schemas.errors import TransientFailure
from tests.unit.infra.report.conftest import document


class Deployment:
    """What a batch sees of a deployment; ``refusals`` are raised for files of these names."""

    def __init__(self, refusals: dict[str, Exception] | None = None) -> None:
        self.refusals = refusals or {}
        self.calls: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    def upload_mask(self, path: str, file: Path, **_: Any) -> None:
        self.calls.append(f"mask {path}")

    def upload(self, path: str, file: Path, job: Job, *, before: Any) -> str:
        before(f"key/{path}")
        with self._lock:
            self.calls.append(f"photo {path}")
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        if file.name in self.refusals:
            raise self.refusals[file.name]
        return f"a-{file.name}"

    def wait(self, names: list[str], on_change: Any, **_: Any) -> dict[str, AssetView]:
        threading.Event().wait(0.01)
        with self._lock:
            self._at_once -= 1
        return {name: AssetView.model_validate(document(asset_id=name)) for name in names}


def pictures(*names: str, mask: Path | None = None) -> list[Picture]:
    return [Picture(Path(name), f"edit-1/{name}", mask, name) for name in names]


def run(deployment: Any, todo: list[Picture], save: Any = lambda *_: None) -> list[dict[str, Any]]:
    progress = PlainProgress(Tally(len(todo)), SimpleNamespace(write=str, flush=int))
    return Batch(deployment, Job(), save, Journal(), timeout=9).run(todo, progress)


def test_a_mask_is_uploaded_before_its_photo():
    deployment = Deployment()
    run(deployment, pictures("x.png", mask=Path("m.png")))
    assert deployment.calls == ["mask edit-1/x.png", "photo edit-1/x.png"]


def test_records_come_in_the_order_of_the_files_and_few_are_under_way_at_once():
    deployment = Deployment()
    names = [f"{number}.png" for number in range(25)]
    assert [record["file"] for record in run(deployment, pictures(*names))] == names
    assert 1 < deployment.most_at_once <= 4


def test_one_bad_file_does_not_keep_the_others_from_their_results():
    deployment = Deployment(
        {
            "gone.png": FileNotFoundError(2, "No such file or directory", "gone.png"),
            "huge.png": ApiError("The file is larger than this deployment allows.", code="too_many_bytes", status=400),
            "late.png": TransientFailure("No answer.", code="unreachable"),
        }
    )
    records = run(deployment, pictures("gone.png", "huge.png", "late.png", "good.png"))
    assert [record["outcome"] for record in records] == ["FAILED", "REJECTED", "FAILED", "DELIVERED"]
    assert records[0]["reason"] == "No such file or directory: gone.png"


def test_a_result_that_cannot_be_saved_is_a_failure_in_words():
    def full_disk(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    record = run(Deployment(), pictures("x.png"), full_disk)[0]
    assert (record["outcome"], record["code"]) == ("FAILED", "not_saved")
    assert "No space left on device" in record["reason"]


@pytest.fixture
def heeds_interruptions():
    """A shell's background job starts with SIGINT ignored, and the suite may be one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_interruptions")
def test_an_interruption_keeps_what_was_finished():
    finished = threading.Event()

    class Interrupting(Deployment):
        def wait(self, names: list[str], on_change: Any, *, cancelled: threading.Event, **more: Any) -> Any:
            if names != ["a-2.png"]:
                return super().wait(names, on_change, **more)
            finished.wait(60)
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            assert cancelled.wait(60)
            return {}

    with pytest.raises(Interrupted) as caught:
        run(Interrupting(), pictures("1.png", "2.png"), lambda *_: finished.set())
    assert [(record["asset_id"], record["outcome"]) for record in caught.value.records] == [
        ("a-1.png", "DELIVERED"),
        ("a-2.png", "UNFINISHED"),
    ]


def test_an_interruption_while_a_thread_begins_keeps_what_it_finishes(monkeypatch: pytest.MonkeyPatch):
    taken_up, begin = threading.Event(), threading.Thread.start

    class Unhurried(Deployment):
        def wait(self, names: list[str], on_change: Any, *, cancelled: threading.Event, **more: Any) -> Any:
            taken_up.set()
            assert cancelled.wait(60)
            return super().wait(names, on_change, **more)

    def interrupted(thread: threading.Thread) -> None:
        begin(thread)
        assert taken_up.wait(60)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(Interrupted) as caught:
        run(Unhurried(), pictures("1.png"))
    assert [record["outcome"] for record in caught.value.records] == ["DELIVERED"]


def test_a_run_that_takes_too_long_can_be_found_again():
    class Slow(Deployment):
        def wait(self, names: list[str], on_change: Any, **_: Any) -> Any:
            raise TimedOut("No outcome after 9 seconds; the run goes on.", code="timeout")

    record = run(Slow(), pictures("1.png"))[0]
    assert (record["asset_id"], record["outcome"], record["code"]) == ("a-1.png", "FAILED", "timeout")


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        (["DELIVERED"], 0),
        (["DELIVERED", "AWAITING_REVIEW"], 3),
        (["AWAITING_REVIEW", "QUARANTINED"], 4),
        (["DELIVERED", "REJECTED"], 4),
        (["QUARANTINED", "FAILED", "AWAITING_REVIEW"], 1),
        ([], 0),
    ],
)
def test_the_exit_code_tells_the_worst_outcome(outcomes: list[str], code: int):
    assert exit_code([failure_record("f", outcome, "", "") for outcome in outcomes]) == code
