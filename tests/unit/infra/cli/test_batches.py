"""``cleanplate batch``: what is asked for, and how a batch is told."""

import csv
from pathlib import Path
from typing import Any

import pytest

from infra.cli.batches import line_of
from infra.client import Job
from schemas.http.batches import BatchDetail, ItemShown
from tests.unit.infra.cli.test_commands import _no_stack, run

__all__ = ["_no_stack"]
ID = "b-" + "0" * 24
MOMENT = "2026-05-04T10:00:00Z"


def batch(**changes: Any) -> BatchDetail:
    progress = {"total": 3, "outcomes": {"DELIVERED": 1}, "running": 1, "left": 2, "dollars": 0.5, "seconds_left": 40}
    facts = {"batch_id": ID, "job": {}, "concurrency": 2, "by": {"who": "me", "name": "me"}, "state": "running"}
    return BatchDetail.model_validate(
        {**facts, "created_at": MOMENT, "started_at": MOMENT, "progress": progress, **changes}
    )


class Deployment:
    def __init__(self) -> None:
        self.batches = self
        self.asked: list[dict[str, Any]] = []
        self.resumed: list[str] = []
        self.looks = [batch(), batch(), batch(state="failed", reason="1 pictures came to no outcome.")]

    def start(self, **asked: Any) -> BatchDetail:
        self.asked.append({name: value for name, value in asked.items() if value not in (None, "")})
        return batch()

    def resume(self, batch_id: str) -> BatchDetail:
        self.resumed.append(batch_id)
        return batch()

    def asset(self, _: str) -> None:
        """Find none: it was forgotten since."""

    def show(self, batch_id: str) -> BatchDetail:
        assert batch_id == ID
        return batch(name="autumn")

    def wait(self, batch_id: str, on_look: Any, **_: Any) -> BatchDetail:
        for look in self.looks:
            on_look(look)
        return self.looks[-1]

    def items(self, _: str) -> list[ItemShown]:
        common = {"batch_id": ID, "attempt": 1, "updated_at": MOMENT}
        done = {"status": "DELIVERED", "reason": "Good.", "delivered": {"native": "s3://d/k.png"}, "dollars": 0.5}
        return [ItemShown(key="b.png", **common), ItemShown.model_validate({"key": "a.png", **common, **done})]


@pytest.fixture
def deployment(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    found = Deployment()
    monkeypatch.setattr("infra.cli.target.connect", lambda *_, **__: found)
    return found


def test_a_batch_is_asked_for_as_it_is_said(deployment: Deployment, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a.png\n\nb c.png\n")
    code, output = run("batch", "start", "trip/", "--scale", 2, "--tag", "order=7", "--no-cache", "--at-once", 5)
    assert (code, output) == (0, f"{ID}\n")
    run("batch", "start", "--keys", tmp_path / "keys", "--name", "x")
    job = Job(scale=2, tags={"order": "7"}, cache=False)
    assert deployment.asked == [
        {"prefix": "trip/", "job": job, "concurrency": 5},
        {"keys": ["a.png", "b c.png"], "job": Job(), "concurrency": 20, "name": "x"},
    ]


@pytest.mark.parametrize(
    "options", [[], ["a/", "--manifest", "b.csv"], ["a/", "--scale", "3"], ["a/", "--tag", "x"], ["a/", "--tier", "x"]]
)
def test_what_makes_no_sense_is_refused_before_anything_is_asked(deployment: Deployment, options: list[str]) -> None:
    assert run("batch", "start", *options)[0] == 2
    assert deployment.asked == []


def test_whoever_waits_is_told_what_changes_and_how_it_ended(deployment: Deployment) -> None:
    code, output = run("batch", "show", ID, "--wait")
    assert code == 1
    assert output.splitlines() == [
        "running  1 of 3: 1 done, 0 review, 0 failed · 40 s left · $0.5000 so far",
        "failed  1 of 3: 1 done, 0 review, 0 failed · 40 s left · $0.5000 so far  1 pictures came to no outcome.",
    ]


@pytest.fixture
def tried(deployment: Deployment) -> Deployment:
    deployment.looks = [batch(), batch(**{"state": "tried", "try": 1, "total": 3})]
    return deployment


def test_what_was_tried_is_shown_with_what_the_rest_costs_and_without_a_yes_it_waits(tried: Deployment) -> None:
    code, output = run("batch", "start", "trip/", "--try", 1)
    assert (code, tried.asked[0]["try_first"], tried.resumed) == (0, 1, [])
    for told in ("a.png: delivered", "s3://d/k.png", "The other 2 at this price: about $1.00.", f"batch resume {ID}"):
        assert told in output


@pytest.mark.parametrize(("options", "answer"), [(["--yes"], False), ([], True)])
def test_a_yes_goes_on_with_the_rest(
    tried: Deployment, monkeypatch: pytest.MonkeyPatch, options: list[str], answer: bool
) -> None:
    monkeypatch.setattr("infra.cli.trying.agreed", lambda _: answer)
    assert run("batch", "start", "trip/", "--try", 1, *options)[0] == 0
    assert tried.resumed == [ID]


def test_a_trial_that_came_to_nothing_is_asked_nothing_about(deployment: Deployment) -> None:
    assert run("batch", "start", "trip/", "--try", 1, "--yes")[0] == 1
    assert deployment.resumed == []


def test_a_batch_that_was_done_with_its_trial_is_asked_nothing_about(tried: Deployment) -> None:
    tried.looks = [batch(state="done")]
    code, output = run("batch", "start", "trip/", "--try", 3)
    assert (code, tried.resumed, "Go on" in output) == (0, [], False)


def test_before_the_list_is_made_nobody_knows_how_many() -> None:
    nothing = {"total": None, "outcomes": {}, "running": 0, "left": None, "dollars": 0, "seconds_left": None}
    assert line_of(batch(progress=nothing)) == "running  0 of ?: 0 done, 0 review, 0 failed"


def test_a_report_tells_every_picture(deployment: Deployment, tmp_path: Path) -> None:
    code, output = run("batch", "report", ID, tmp_path / "r")
    assert (code, output) == (0, f"{tmp_path / 'r' / 'index.html'}\n")
    with (tmp_path / "r" / "batch.csv").open(encoding="utf-8-sig", newline="") as sheet:
        rows = [(row["file"], row["outcome"], row["delivered"]) for row in csv.DictReader(sheet)]
    assert rows == [("a.png", "DELIVERED", "s3://d/k.png"), ("b.png", "UNFINISHED", "")]
    assert "<h1>autumn</h1>" in (tmp_path / "r" / "index.html").read_text()
