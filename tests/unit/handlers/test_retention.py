"""What is kept for long enough goes by itself, where a team wants that, and nothing else does."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import retention
from handlers.erasure.forgetting import forget, look
from handlers.settings import Settings, settings
from schemas.asset import Status
from schemas.records import now
from schemas.trail import SYSTEM
from tests.unit.handlers.conftest import ENVIRONMENT, TaskTokens, Upload
from tests.unit.handlers.erasable import everywhere, tombstone_only
from tests.unit.handlers.http_calls import Call
from tests.unit.handlers.journeys import begin, standing, write_assets
from tests.unit.handlers.removing import Removals, working

_DAY = 86_400


@pytest.fixture
def removals(aws: None, tokens: TaskTokens, monkeypatch: pytest.MonkeyPatch, context: Any) -> Removals:
    from handlers.aws.clients import client

    monkeypatch.setenv("WEBHOOK_QUEUE_URL", client("sqs").create_queue(QueueName="webhooks")["QueueUrl"])
    monkeypatch.setenv("FORGET_AFTER_DAYS", "30")
    return working(monkeypatch, context)


def _in(days: float) -> Any:
    return now() + timedelta(days=days)


def test_what_is_old_is_erased_in_nobodys_name(
    call: Call, removals: Removals, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = everywhere(upload)
    assert look(_in(29)) == 0
    assert look(_in(31)) == 1
    later = _in(31)
    monkeypatch.setattr("handlers.erasure.forgetting.now", lambda: later)
    removals.drain()
    tombstone_only(run)
    _, shown = call("GET", f"/erasures/{run.asset_id}")
    assert (shown["reason"], shown["by"]) == ("retention", SYSTEM.model_dump())


def test_what_is_worked_on_and_what_changed_since_stays(removals: Removals, upload: Upload) -> None:
    run = begin(upload("trip/photo.jpg"))
    assert look(_in(31)) == 0
    assert not forget(run.asset_id)
    assert standing(run).status is Status.QUEUED


def test_a_look_that_was_long_ago_forgets_nothing_that_was_touched_since(removals: Removals, upload: Upload) -> None:
    run = everywhere(upload)
    assert look(_in(31)) == 1
    assert removals.work() == []
    assert standing(run).status is Status.DELIVERED


def test_every_page_is_looked_at_and_tombstones_are_not(removals: Removals) -> None:
    write_assets(210, Status.FAILED)
    write_assets(3, Status.ERASED)
    assert look(_in(31)) == 207


def test_where_nothing_is_to_be_forgotten_nothing_is_looked_for(
    removals: Removals, monkeypatch: pytest.MonkeyPatch, context: Any
) -> None:
    monkeypatch.setenv("FORGET_AFTER_DAYS", "0")
    settings.cache_clear()
    write_assets(3, Status.DELIVERED)
    assert retention.handler({}, context) == {"passed_on": 0}
    assert look(_in(10_000)) == 0


@given(days=st.integers(1, 1000), made=st.floats(0, 4e9), later=st.floats(0, 4e9))
def test_an_answer_that_is_found_again_has_half_of_its_days_left(days: int, made: float, later: float) -> None:
    kept = Settings.model_validate({**ENVIRONMENT, "WORK_DAYS": str(days)})
    first, then = sorted((made, later))
    if kept.era(first) == kept.era(then):
        assert then - first <= days * _DAY / 2


def test_where_answers_are_kept_for_ever_they_are_found_for_ever() -> None:
    kept = Settings.model_validate(ENVIRONMENT)
    assert {kept.era(seconds) for seconds in (0, 1e9, 4e9)} == {""}
