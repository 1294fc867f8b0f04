"""Rule 3: a stale writer never overwrites a newer outcome."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import reviews
from handlers.aws import items, records
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.errors import PermanentFailure
from schemas.records import Outcome, StageRecord, now
from schemas.run import RunState
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.journeys import begin, standing, write_assets

FAILED = Outcome(status=Status.FAILED, reason="It failed.", code="failed")
DELIVERED = Outcome(status=Status.DELIVERED, reason="Confidence 0.90.", code="delivered", confidence=0.9)


def _put(item: dict[str, Any]) -> None:
    client("dynamodb").put_item(TableName="records", Item=item)


def test_an_outcome_reads_back_as_it_was_written(aws: None) -> None:
    run = begin(documents.PHOTO)
    assert records.enter_stage(run.asset_id, run.run_id, Stage.INSPECT, documents.inspection())
    assert records.conclude(run.asset_id, run.run_id, DELIVERED)
    asset, record = standing(run), records.find_run(run.asset_id, run.run_id)
    assert record is not None
    assert (asset.outcome, record.outcome, asset.inspection) == (DELIVERED, DELIVERED, documents.inspection())
    assert (record.run, record.recipe_sha256) == (run, run.recipe.sha256)


def test_an_overtaken_run_cannot_change_the_asset(aws: None) -> None:
    old = begin(documents.PHOTO)
    new = begin(documents.PHOTO, mask=documents.MASK)
    before = standing(new)

    assert not records.enter_stage(old.asset_id, old.run_id, Stage.MASK)
    assert not records.conclude(old.asset_id, old.run_id, FAILED)
    assert standing(new) == before
    late = records.find_run(old.asset_id, old.run_id)
    assert late is not None
    assert late.outcome is not None
    assert late.outcome.status is Status.SUPERSEDED


@pytest.mark.parametrize("first", [DELIVERED, FAILED])
@pytest.mark.parametrize("late", [DELIVERED, FAILED])
def test_the_first_outcome_stays(aws: None, first: Outcome, late: Outcome) -> None:
    run = begin(documents.PHOTO)
    assert records.conclude(run.asset_id, run.run_id, first)
    assert not records.conclude(run.asset_id, run.run_id, late)
    assert not records.enter_stage(run.asset_id, run.run_id, Stage.DELIVER)
    record = records.find_run(run.asset_id, run.run_id)
    assert record is not None
    assert standing(run).outcome == record.outcome == first


def test_a_review_opens_together_with_its_outcome_or_not_at_all(aws: None) -> None:
    old = begin(documents.PHOTO)
    begin(documents.PHOTO, mask=documents.MASK)
    waiting = Outcome(status=Status.AWAITING_REVIEW, reason="Where?", code="no_mask")
    assert not reviews.ask_a_person(RunState(run=old), waiting)
    found = client("dynamodb").scan(TableName="records")["Items"]
    assert not [item for item in found if item["sk"]["S"].startswith(("REVIEW#", "STATE#", "TRAIL#"))]


def test_stages_come_in_the_order_of_their_start_and_are_written_down_once(aws: None) -> None:
    run, start = begin(documents.PHOTO), now()
    for seconds, stage in [(2, Stage.ROUTE), (1, Stage.MASK), (0, Stage.INSPECT), (1, Stage.MASK)]:
        moment = start + timedelta(seconds=seconds)
        records.add_stage(
            StageRecord(asset_id=run.asset_id, run_id=run.run_id, stage=stage, started_at=moment, ended_at=moment)
        )
    stages = [record.stage for record in records.stages_of(run.asset_id, run.run_id)]
    assert stages == [Stage.INSPECT, Stage.MASK, Stage.ROUTE]


def test_paging_shows_every_asset_once_latest_first(aws: None) -> None:
    names = write_assets(120, Status.QUEUED)
    pages, cursor = [], None
    while True:
        found, cursor = records.with_status(Status.QUEUED, before=cursor)
        pages.append([asset.asset_id for asset in found])
        if cursor is None:
            break
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [asset for page in pages for asset in page] == names[::-1]
    assert [asset.asset_id for asset in records.all_with_status(Status.QUEUED)] == names[::-1]


def test_a_record_that_cannot_be_read_hides_no_other(aws: None) -> None:
    run = begin(documents.PHOTO)
    stray = {"asset_id": "a-stray", "written_by": "a person", **items.asset_key("a-stray")}
    index = items.index_of("QUEUED", "2026-01-01T00:00:00Z", "a-stray")
    _put({name: items.to_wire(value) for name, value in (stray | index).items()})

    assert [asset.asset_id for asset in records.all_with_status(Status.QUEUED)] == [run.asset_id]
    with pytest.raises(PermanentFailure) as raised:
        records.find_asset("a-stray")
    assert raised.value.code == "bad_record"


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(-1e15, 1e15).filter(lambda value: value == 0 or abs(value) > 1e-30)
    | st.text(max_size=5)
)
json_values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), scalars)


@given(value=json_values)
def test_what_is_written_to_dynamodb_reads_back_equal(value: Any) -> None:
    assert items.from_item({"value": items.to_wire(value)}) == {"value": value}
