"""What runs cost is added up: each run once, however often its outcome is told; sums by any name say the same."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import tally
from handlers.aws import costs, records
from schemas.asset import Status
from schemas.cost import Cost
from schemas.outcome_event import DETAIL_TYPES, OutcomeEvent
from schemas.records import AssetRecord, Outcome, StageRecord
from schemas.stage import ModelUse, Stage
from schemas.tally import Line, sums, total
from tests import documents
from tests.unit.handlers.http_calls import Call, refused

MOMENT = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
SPENT = Cost(dollars=0.25, seconds=12.5, instance="ml.g5.xlarge", prices_dated=date(2025, 11, 30))
DAYS = {"from": "2026-11-01", "to": "2026-11-30"}


def _outcome(number: int = 0, *, cost: Cost | None = SPENT, status: Status = Status.DELIVERED) -> OutcomeEvent:
    asset = AssetRecord(
        asset_id=f"a-{number:024x}",
        source=documents.PHOTO,
        size_bytes=1,
        recipe="enhance@1" if number % 2 else "remove-watermark@5",
        run_id=f"r-{number:040x}",
        attempt=1,
        status=status,
        outcome=Outcome(status=status, code="delivered", reason="Done.", cost=cost),
        created_at=MOMENT,
        updated_at=MOMENT,
    )
    return OutcomeEvent.of(asset, "cleanplate")


def _worked(event: OutcomeEvent, model: str, seconds: float, *, reused: bool = False) -> None:
    use = ModelUse(name=model, version="1", licence="MIT", commercial_use=True)
    records.add_stage(
        StageRecord(
            asset_id=event.data.asset_id,
            run_id=event.data.run_id,
            stage=Stage.INPAINT if model == "lama" else Stage.MASK,
            started_at=MOMENT + timedelta(seconds=seconds),
            ended_at=MOMENT + timedelta(seconds=seconds),
            model=use,
            model_seconds=seconds,
            reused=reused,
        )
    )


def _costs(call: Call, by: str) -> dict[str, Any]:
    status, found = call("GET", "/costs", **DAYS, by=by)
    assert status == 200, found
    return found


def test_a_run_is_counted_once_however_often_it_is_told(call: Call) -> None:
    event = _outcome()
    assert [tally.tally(event) for _ in range(3)] == [True, False, False]
    found = _costs(call, "day")
    whole = {"runs": 1, "seconds": 12.5, "dollars": 0.25, "unpriced": 0}
    assert found["sums"] == [{"name": "2026-11-30", **whole}]
    assert found["total"] == {"name": "total", **whole}


def test_a_verdict_on_a_run_does_not_count_it_again(call: Call) -> None:
    tally.tally(_outcome(status=Status.AWAITING_REVIEW))
    tally.tally(_outcome(status=Status.REJECTED))
    assert _costs(call, "day")["total"]["runs"] == 1


def test_models_are_counted_by_what_they_did_and_not_by_what_was_known(call: Call) -> None:
    for number in range(3):
        event = _outcome(number)
        _worked(event, "lama", 2.0)
        _worked(event, "overlays", 1.0, reused=number > 0)
        tally.tally(event)
    found = _costs(call, "model")
    assert [(each["name"], each["runs"], each["seconds"]) for each in found["sums"]] == [
        ("lama", 3, 6.0),
        ("overlays", 1, 1.0),
    ]
    assert found["total"]["dollars"] == 0.75


def test_recipes_are_counted_by_their_versions(call: Call) -> None:
    for number in range(20):
        tally.tally(_outcome(number))
    assert [(each["name"], each["runs"]) for each in _costs(call, "recipe")["sums"]] == [
        ("enhance@1", 10),
        ("remove-watermark@5", 10),
    ]


def test_what_nobody_knows_the_price_of_is_said_and_not_taken_for_free(call: Call) -> None:
    tally.tally(_outcome(cost=SPENT.model_copy(update={"dollars": None})))
    assert _costs(call, "day")["total"] | {"name": ""} == {
        "name": "", "runs": 1, "seconds": 12.5, "dollars": 0.0, "unpriced": 1,
    }  # fmt: skip


def test_what_never_ran_costs_nothing(aws: None) -> None:
    assert not tally.tally(_outcome(cost=None))


def test_days_that_were_not_asked_for_are_not_counted(call: Call) -> None:
    tally.tally(_outcome())
    for days in ({"from": "2026-12-01", "to": "2026-12-31"}, {"from": "2026-11-01", "to": "2026-11-29"}):
        assert call("GET", "/costs", **days)[1]["total"]["runs"] == 0


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "yesterday"}, "bad_days"),
        ({"to": "2026-13-01"}, "bad_days"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "bad_days"),
        ({"from": "2024-01-01", "to": "2026-11-01"}, "bad_days"),
        ({"by": "mood"}, "bad_by"),
    ],
)
def test_what_cannot_be_added_up_is_refused(call: Call, query: dict[str, str], code: str) -> None:
    refused(call("GET", "/costs", **query), 400, code)


def test_of_a_batch_only_what_failed_comes_again(context: Any, aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def message(number: int, body: str) -> dict[str, Any]:
        return {"messageId": str(number), "body": body, "eventSource": "aws:sqs"}

    def heard(event: OutcomeEvent) -> str:
        envelope = {"source": "cleanplate", "detail-type": DETAIL_TYPES[event.data.status]}
        return json.dumps({**envelope, "detail": event.model_dump(mode="json")})

    batch = {"Records": [message(0, heard(_outcome())), message(1, "{}"), message(2, heard(_outcome(2)))]}
    answer = tally.handler(batch, context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert total(costs.between(date(2026, 11, 30), date(2026, 11, 30))).runs == 2


LINES = st.builds(
    Line,
    day=st.dates(date(2026, 1, 1), date(2026, 1, 5)),
    recipe=st.sampled_from(["a@1", "a@2", "b@1"]),
    runs=st.integers(0, 5),
    seconds=st.integers(0, 100).map(float),
    dollars=st.integers(0, 100).map(float),
)


@given(st.lists(LINES))
def test_sums_by_day_and_by_recipe_add_up_to_the_same(lines: list[Line]) -> None:
    for by in ("day", "recipe"):
        found = sums(lines, by)
        assert sum(each.dollars for each in found) == total(lines).dollars
        assert [each.name for each in found] == sorted({each.name for each in found})
