"""What nobody decides is never forgotten: people are reminded, and then the policy's word counts."""

from datetime import timedelta

import pytest

from handlers.aws import items, review_queue, table
from handlers.aws import reviews as kept
from handlers.deadlines import act_on_deadlines
from schemas.asset import Status
from schemas.queue import Filters
from schemas.records import now
from schemas.run import Run
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import standing
from tests.unit.handlers.reviewing import review_of, waiting, with_policy


def _whats(run: Run) -> list[str]:
    return [entry.what for entry in kept.trail(run.asset_id, run.run_id)]


@pytest.fixture
def patient(upload: Upload) -> Run:
    recipe = with_policy(documents.FIND, expiry={"remind_after_days": 2, "after_days": 5, "then": "keep"})
    return waiting(upload, recipe).run


def test_nothing_is_done_before_it_is_due(patient: Run) -> None:
    assert act_on_deadlines(now() + timedelta(days=1)) == 0
    assert _whats(patient) == ["opened"]


def test_people_are_reminded_once_and_then_it_comes_before_all_others(patient: Run, upload: Upload) -> None:
    worse = waiting(upload, rule="guard-faces", key="trip/face.jpg").run
    for days in (3, 3, 6, 6):
        act_on_deadlines(now() + timedelta(days=days))
    assert _whats(patient) == ["opened", "reminded", "overdue"]
    listed, _ = review_queue.page(Filters(), "ada", None, 10)
    assert [review.run_id for review in listed] == [patient.run_id, worse.run_id]
    assert standing(patient).status is Status.AWAITING_REVIEW


def test_nobody_is_reminded_of_what_was_decided_at_that_moment(patient: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.deadlines.reviews.postponing", lambda *_: [_never(patient)])
    monkeypatch.setattr("handlers.deadlines.events.announce", lambda *_: pytest.fail("announced"))
    act_on_deadlines(now() + timedelta(days=3))
    assert _whats(patient) == ["opened"]


def _never(run: Run) -> table.Write:
    """Give a write whose condition does not hold."""
    return table.update(items.run_key(run.asset_id, run.run_id), {"attempt": 9}, "attribute_not_exists(pk)", {})


def test_what_the_policy_rejects_ends_and_says_so(upload: Upload) -> None:
    recipe = with_policy(documents.FIND, expiry={"after_days": 5, "then": "reject"})
    run = waiting(upload, recipe).run
    assert act_on_deadlines(now() + timedelta(days=6)) == 1
    asset = standing(run)
    assert (asset.status, review_of(run).state) == (Status.REJECTED, "expired")
    assert asset.outcome is not None
    assert "5 days" in asset.outcome.reason
    assert act_on_deadlines(now() + timedelta(days=7)) == 0


def test_a_review_without_an_expiry_waits_for_ever(upload: Upload) -> None:
    run = waiting(upload).run
    assert act_on_deadlines(now() + timedelta(days=4000)) == 0
    assert review_of(run).state.waits
