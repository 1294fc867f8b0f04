"""A claim is one person's, ends by itself, and is never a way to lock others out."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers.aws import reviews as kept
from schemas.review import LEASE_SECONDS
from schemas.run import Run
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import refused
from tests.unit.handlers.reviewing import ADA, BEN, Ask, asking, path, review_of, waiting


@pytest.fixture
def ask(aws: None, captured: Callable[[str], Any], context: Any) -> Ask:
    return asking(captured, context)


@pytest.fixture
def run(upload: Upload) -> Run:
    return waiting(upload).run


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that a test turns; everything that asks for leases reads it."""
    import time

    shift, real = [0.0], time.time
    monkeypatch.setattr(kept.time, "time", lambda: real() + shift[0])
    return shift


def _whats(run: Run) -> list[str]:
    return [f"{entry.by.name} {entry.what}" for entry in kept.trail(run.asset_id, run.run_id)]


def test_what_one_holds_nobody_else_can_claim_or_decide(ask: Ask, run: Run) -> None:
    status, held = ask("POST", path(run, "claim"), {})
    assert (status, held["claimed_by"], held["mine"]) == (200, "ada", True)
    detail = refused(ask("POST", path(run, "claim"), {}, who=BEN), 409, "claimed")
    assert "ada" in detail
    refused(ask("POST", path(run, "verdict"), {"verdict": "approve"}, who=BEN), 409, "claimed")
    refused(ask("POST", path(run, "redo"), {"context": 2}, who=BEN), 409, "claimed")
    assert review_of(run).state.waits
    seen = ask("GET", path(run), who=BEN)[1]
    assert (seen["mine"], seen["may"]["approve"], seen["may"]["redo"]) == (False, False, False)
    assert "ada" in seen["may"]["approve_why_not"]
    assert ask("GET", path(run))[1]["may"]["approve"]


def test_a_lease_that_ended_holds_nobody_up(ask: Ask, run: Run, clock: list[float]) -> None:
    ask("POST", path(run, "claim"), {})
    clock[0] = LEASE_SECONDS + 5
    assert ask("GET", path(run), who=BEN)[1]["claimed_by"] is None
    assert ask("POST", path(run, "claim"), {}, who=BEN)[0] == 200
    refused(ask("POST", path(run, "verdict"), {"verdict": "approve"}, who=ADA), 409, "claimed")


def test_claiming_again_makes_the_lease_longer_and_the_trail_not(ask: Ask, run: Run, clock: list[float]) -> None:
    first = ask("POST", path(run, "claim"), {})[1]["claimed_until"]
    clock[0] = 300
    assert ask("POST", path(run, "claim"), {})[1]["claimed_until"] >= first + 300
    assert _whats(run) == ["Cleanplate opened", "ada claimed"]


def test_a_released_review_is_anybodys(ask: Ask, run: Run) -> None:
    ask("POST", path(run, "claim"), {})
    assert ask("DELETE", path(run, "claim"), {}, who=BEN)[0] == 200  # not his to give back
    assert review_of(run).claim is not None
    ask("DELETE", path(run, "claim"), {})
    assert review_of(run).claim is None
    assert ask("POST", path(run, "claim"), {}, who=BEN)[0] == 200
    assert _whats(run) == ["Cleanplate opened", "ada claimed", "ada released", "ben claimed"]


def test_whoever_loses_the_race_for_a_claim_is_told_who_won(
    ask: Ask, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = kept.claim

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(kept, "claim", claim)
        ask("POST", path(run, "claim"), {}, who=BEN)
        return claim(*arguments)

    monkeypatch.setattr(kept, "claim", overtaken)
    assert "ben" in refused(ask("POST", path(run, "claim"), {}), 409, "claimed")


def test_what_was_decided_cannot_be_claimed(ask: Ask, run: Run) -> None:
    ask("POST", path(run, "verdict"), {"verdict": "approve"})
    refused(ask("POST", path(run, "claim"), {}, who=BEN), 409, "decided")
    assert ask("DELETE", path(run, "claim"), {})[0] == 200
