"""Whatever was cut off is found and started again, a bounded number of times; the rest is left alone."""

from typing import Any

import pytest

from handlers import reconcile
from handlers.aws import executions as adapter
from handlers.aws import items, records, storage
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.errors import PermanentFailure
from schemas.run import Run, RunState
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload, asset_of, executions, stop
from tests.unit.handlers.journeys import begin, standing


def _ended(event: dict[str, Any], run: Run) -> dict[str, Any]:
    said = {"name": run.run_id, "input": RunState(run=run).model_dump_json(exclude_none=True)}
    return event | {"detail": event["detail"] | said}


def test_a_run_under_way_is_left_alone(aws: None, context: Any) -> None:
    run = begin(documents.PHOTO)
    assert reconcile.handler({}, context) == {"unfinished": 1}
    assert (standing(run).run_id, executions()) == (run.run_id, {run.run_id: "RUNNING"})


def test_a_run_that_was_never_started_is_started(aws: None, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(adapter, "start", lambda _run: True)
        run = begin(documents.PHOTO)
    assert executions() == {}
    reconcile.handler({}, context)
    assert executions() == {run.run_id: "RUNNING"}


def test_a_run_that_was_cut_off_gets_its_next_attempt(aws: None, context: Any) -> None:
    run = begin(documents.PHOTO)
    records.enter_stage(run.asset_id, run.run_id, Stage.INPAINT)
    stop(run.run_id)
    reconcile.handler({}, context)
    asset = standing(run)
    assert (asset.attempt, asset.status, asset.run_id) == (2, Status.QUEUED, run.again().run_id)
    assert executions()[run.again().run_id] == "RUNNING"


def test_attempts_are_bounded_and_giving_up_is_said(aws: None, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "2")
    run = begin(documents.PHOTO)
    for _ in range(4):
        for name, status in executions().items():
            if status == "RUNNING":
                stop(name)
        reconcile.handler({}, context)
    outcome = standing(run).outcome
    assert outcome is not None
    assert (outcome.status, outcome.code) == (Status.FAILED, "gave_up")
    assert "2 times" in outcome.reason
    assert len(executions()) == 2


@pytest.mark.parametrize("event", ["states-execution-failed", "states-execution-timed-out"])
def test_an_execution_that_ends_without_an_outcome_is_mended_at_once(
    aws: None, captured: Any, context: Any, event: str
) -> None:
    run = begin(documents.PHOTO)
    stop(run.run_id)
    assert reconcile.handler(_ended(captured(event), run), context) == {"unfinished": 1}
    assert standing(run).attempt == 2


def test_an_overtaken_execution_that_ends_is_nobodys_business(aws: None, captured: Any, context: Any) -> None:
    old = begin(documents.PHOTO)
    begin(documents.PHOTO, mask=documents.MASK)
    stop(old.run_id)
    assert reconcile.handler(_ended(captured("states-execution-failed"), old), context) == {"unfinished": 0}
    assert len(executions()) == 2


@pytest.mark.parametrize("event", ["states-execution-input-too-large", "states-execution-failed"])
def test_an_execution_that_names_no_run_is_left_to_the_schedule(
    aws: None, captured: Any, context: Any, event: str
) -> None:
    run = begin(documents.PHOTO)
    stop(run.run_id)
    assert reconcile.handler(captured(event), context) == {"unfinished": 0}
    reconcile.handler({}, context)
    assert standing(run).attempt == 2


def test_a_run_with_an_outcome_is_not_started_again(aws: None, captured: Any, context: Any) -> None:
    run = begin(documents.PHOTO)
    records.conclude(run.asset_id, run.run_id, reconcile.Outcome(status=Status.FAILED, reason="No.", code="no"))
    stop(run.run_id)
    reconcile.handler(_ended(captured("states-execution-failed"), run), context)
    reconcile.handler({"sweep": True}, context)
    assert len(executions()) == 1


def test_a_sweep_finds_photos_that_arrived_while_nobody_listened(upload: Upload, context: Any) -> None:
    photos = [upload(f"trip/{number}.jpg") for number in range(3)]
    mask = upload("trip/1.mask.png")
    for _ in range(2):
        reconcile.handler({"sweep": True}, context)
    assets = [records.find_asset(asset_of(photo)) for photo in photos]
    assert [asset and asset.mask_version for asset in assets] == ["", mask.version_id, ""]
    assert len(executions()) == 3


def test_one_bad_asset_does_not_stop_the_rest(upload: Upload, context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [begin(documents.PHOTO.model_copy(update={"key": f"{name}.jpg"})) for name in "abc"]
    for run in runs:
        stop(run.run_id)
    key = items.run_key(runs[1].asset_id, runs[1].run_id)
    broken = {name: items.to_wire(value) for name, value in {**key, "written_by": "a person"}.items()}
    client("dynamodb").put_item(TableName="records", Item=broken)
    photo = upload("z.jpg")
    head = storage.head

    def refused(bucket: str, key: str, version_id: str | None = None) -> Any:
        if key == "y.jpg":
            raise PermanentFailure("AWS refused.", code="aws_refused")
        return head(bucket, key, version_id)

    upload("y.jpg")
    monkeypatch.setattr(storage, "head", refused)
    assert reconcile.handler({"sweep": True}, context) == {"unfinished": 3}
    assert [standing(run).attempt for run in runs] == [2, 1, 2]
    assert records.find_asset(asset_of(photo)) is not None
