"""Each picture of a batch is started once and its outcome heard once, whatever comes twice, late, or in between."""

from datetime import timedelta
from typing import Any

import pytest

from handlers import batch_item, batch_outcomes, orders
from handlers.aws import batches, records
from handlers.batch_items import look, take
from handlers.batches import order
from handlers.deliver import deliver
from handlers.launch import look_at
from schemas.asset import Status
from schemas.batch import BatchItem, BatchOrder, BatchRecord, Listed
from schemas.errors import PermanentFailure, TransientFailure
from schemas.ids import batch_id
from schemas.job import Job
from schemas.outcome_event import OutcomeEvent
from schemas.pointers import S3Pointer
from schemas.records import Outcome
from schemas.review import Person
from schemas.run import Run
from tests.unit.handlers.conftest import TaskTokens, Upload, asset_of, executions
from tests.unit.handlers.journeys import at_delivery

KEY = "remove-watermark/trip/photo.jpg"


@pytest.fixture
def photo(upload: Upload) -> S3Pointer:
    return upload(KEY, Metadata=Job(rights="owned", hold=True, tags={"shop": "7"}).metadata)


def _batch(name: str = "one", **asked: Any) -> BatchRecord:
    return order(BatchOrder(prefix="remove-watermark/", **asked), batch_id(name), Person(who="me", name="me"))


def _take(batch: BatchRecord, token: str = "token", **said: Any) -> BatchItem:
    listed = Listed(batch_id=batch.batch_id, key=KEY, **said)
    take(Listed.model_validate_json(listed.model_dump_json(exclude_none=True)), token)
    item = batches.find_item(batch.batch_id, KEY)
    assert item is not None
    return item


def _run(item: BatchItem) -> Run:
    record = records.find_run(item.asset_id or "", item.run_id or "")
    assert record is not None
    return record.run


def _end(item: BatchItem, status: Status) -> None:
    assert records.conclude(item.asset_id or "", item.run_id or "", Outcome(status=status, code="x", reason="Said."))


def test_a_picture_that_was_held_is_started_and_its_token_answered_with_its_outcome(
    photo: S3Pointer, tokens: TaskTokens
) -> None:
    look_at(photo)
    item = _take(_batch())
    assert (item.asset_id, item.status, tokens.answered) == (asset_of(photo), None, [])
    run = _run(item)
    assert (run.batch, run.tags, run.rights) == (item.batch_id, {"shop": "7"}, "owned")
    deliver(at_delivery(run))
    look(run.asset_id)
    found = batches.find_item(item.batch_id, KEY)
    assert found is not None
    assert (found.status, found.code, found.recipe) == (Status.DELIVERED, "delivered", run.recipe.reference)
    assert "native" in found.delivered
    assert [answer["taskToken"] for answer in tokens.answered] == ["token"]


def test_a_picture_that_intake_has_not_seen_yet_is_taken_in_by_the_batch(photo: S3Pointer, tokens: TaskTokens) -> None:
    item = _take(_batch())
    look_at(photo)
    assert list(executions()) == [item.run_id]


def test_what_was_taken_up_is_not_started_again(photo: S3Pointer, tokens: TaskTokens) -> None:
    batch = _batch()
    first, second = _take(batch), _take(batch, "another")
    assert first.run_id == second.run_id
    assert list(executions()) == [first.run_id]
    _end(second, Status.FAILED)
    look(asset_of(photo))
    assert [answer["taskToken"] for answer in tokens.answered] == ["another"]


def test_an_outcome_between_the_start_and_the_note_of_who_waits_is_heard(
    photo: S3Pointer, tokens: TaskTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = orders.executions.start

    def done_at_once(state: Any) -> bool:
        started = start(state)
        run = state.run
        records.conclude(run.asset_id, run.run_id, Outcome(status=Status.QUARANTINED, code="x", reason="Said."))
        look(run.asset_id)  # the event comes before anybody is known to wait
        return started

    monkeypatch.setattr(orders.executions, "start", done_at_once)
    item = _take(_batch())
    assert item.status is Status.QUARANTINED
    assert [answer["taskToken"] for answer in tokens.answered] == ["token"]


def test_a_crash_between_the_record_and_the_start_is_mended_by_the_next_look(
    photo: S3Pointer, tokens: TaskTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: Any) -> bool:
        raise TransientFailure("Cut off.", code="cut_off")

    batch = _batch()
    with monkeypatch.context() as patched:
        patched.setattr(orders.executions, "start", crash)
        with pytest.raises(TransientFailure):
            _take(batch)
    assert executions() == {}
    item = _take(batch)
    assert executions() == {item.run_id: "RUNNING"}


def test_an_event_of_a_run_before_the_batchs_answers_nothing(photo: S3Pointer, tokens: TaskTokens) -> None:
    item = _take(_batch())
    _end(item, Status.FAILED)
    look(asset_of(photo))
    other = _take(_batch("two"))
    assert other.run_id != item.run_id
    look(asset_of(photo))  # the same event once more; the asset is under way by now
    assert batches.find_item(other.batch_id, KEY) == other
    assert len(tokens.answered) == 1


def test_the_same_order_of_another_batch_starts_nothing(photo: S3Pointer, tokens: TaskTokens) -> None:
    first = _take(_batch())
    deliver(at_delivery(_run(first)))
    second = _take(_batch("two"), "second")
    assert (second.run_id, second.status) == (first.run_id, Status.DELIVERED)
    assert [answer["taskToken"] for answer in tokens.answered] == ["token", "second"]


@pytest.mark.parametrize("job", [Job(scale=2), Job(cache=False), Job(recipe="enhance"), Job(seed=7)])
def test_what_was_delivered_is_done_again_when_something_else_is_asked_for(
    photo: S3Pointer, tokens: TaskTokens, job: Job
) -> None:
    first = _take(_batch())
    deliver(at_delivery(_run(first)))
    second = _take(_batch("two", job=job))
    changed = _run(second).model_dump() != _run(first).model_dump()
    assert (second.run_id != first.run_id, second.status) == (changed, None)


def test_what_runs_already_by_the_same_order_is_waited_for(upload: Upload, tokens: TaskTokens) -> None:
    photo = upload(KEY, Metadata=Job(rights="owned").metadata)
    look_at(photo)
    item = _take(_batch())
    assert list(executions()) == [item.run_id]
    asset = records.find_asset(asset_of(photo))
    assert asset is not None
    assert asset.batch == item.batch_id, "else its outcome is told to no batch"
    _end(item, Status.CANCELLED)
    look(asset_of(photo))
    assert [answer["taskToken"] for answer in tokens.answered] == ["token"]


def test_a_line_of_its_own_wins_over_the_batchs_job(photo: S3Pointer, tokens: TaskTokens) -> None:
    run = _run(_take(_batch(job=Job(scale=2, tags={"a": "b"})), job=Job(scale=4)))
    assert run.recipe.upscale is not None
    assert (run.recipe.upscale.scale, run.tags) == (4, {"a": "b"})


def test_copies_of_the_upload_event_do_not_undo_what_a_batch_ordered(photo: S3Pointer, tokens: TaskTokens) -> None:
    item = _take(_batch(job=Job(box={"x": 1, "y": 2, "width": 3, "height": 4})))
    for _ in range(3):
        look_at(photo)
    assert list(executions()) == [item.run_id]


@pytest.mark.parametrize(("key", "code"), [("remove-watermark/gone.jpg", "missing_input"), ("list.csv", "not_a_photo")])
def test_what_cannot_be_worked_on_is_refused_in_words_and_stops_nothing(
    aws: None, tokens: TaskTokens, key: str, code: str
) -> None:
    batch = _batch()
    take(Listed(batch_id=batch.batch_id, key=key), "token")
    item = batches.find_item(batch.batch_id, key)
    assert item is not None
    assert (item.status, item.code, item.task_token) == (Status.QUARANTINED, code, None)
    assert [answer["taskToken"] for answer in tokens.answered] == ["token"]


def test_a_job_that_makes_no_sense_for_a_picture_leaves_the_picture_alone(photo: S3Pointer, tokens: TaskTokens) -> None:
    deliver(at_delivery(_run(_take(_batch()))))
    item = _take(_batch("two", job=Job(prompt="a tree")))
    assert (item.status, item.code) == (Status.QUARANTINED, "prompt_not_used")
    asset = records.find_asset(asset_of(photo))
    assert asset is not None
    assert asset.status is Status.DELIVERED


def test_only_a_resumed_batch_does_again_what_failed(photo: S3Pointer, tokens: TaskTokens) -> None:
    batch = _batch()
    item = _take(batch)
    _end(item, Status.FAILED)
    look(asset_of(photo))
    assert _take(batch, "again").run_id == item.run_id
    assert [answer["taskToken"] for answer in tokens.answered] == ["token", "again"]
    batches.end(batch.batch_id, 1, batch.state.FAILED)
    batches.resume(batch, with_rest=True)
    retried = _take(batch, "resumed")
    assert (retried.run_id != item.run_id, retried.status, retried.attempt) == (True, None, 2)


def test_what_a_person_decides_later_is_noted_too(photo: S3Pointer, tokens: TaskTokens) -> None:
    item = _take(_batch())
    _end(item, Status.AWAITING_REVIEW)
    look(asset_of(photo))
    asset = records.find_asset(asset_of(photo))
    assert asset is not None
    later = asset.model_copy(update={"status": Status.REJECTED, "updated_at": asset.updated_at + timedelta(hours=1)})
    records.begin(later, None, replaces=asset)
    look(asset_of(photo))
    found = batches.find_item(item.batch_id, KEY)
    assert found is not None
    assert found.status is Status.REJECTED


def test_an_older_word_never_covers_a_newer_one(photo: S3Pointer, tokens: TaskTokens) -> None:
    item = _take(_batch())
    newer = item.model_copy(update={"status": Status.DELIVERED, "updated_at": item.updated_at + timedelta(hours=1)})
    older = item.model_copy(update={"status": Status.FAILED})
    assert batches.settle(newer)
    assert not batches.settle(older)


def test_a_batch_that_nobody_knows_is_a_defect(aws: None, tokens: TaskTokens) -> None:
    with pytest.raises(PermanentFailure):
        take(Listed(batch_id=batch_id("none"), key=KEY), "token")


def test_the_functions_take_what_they_are_handed(photo: S3Pointer, tokens: TaskTokens, context: Any) -> None:
    batch = _batch()
    batch_item.handler({"task_token": "t", "item": {"batch_id": batch.batch_id, "key": KEY, "job": {}}}, context)
    item = batches.find_item(batch.batch_id, KEY)
    assert item is not None
    _end(item, Status.FAILED)
    asset = records.find_asset(asset_of(photo))
    assert asset is not None
    detail = OutcomeEvent.of(asset, "stack").model_dump(mode="json")
    heard = {"source": "cleanplate", "detail-type": "Asset Failed", "detail": detail, "version": "0"}
    for _ in range(2):
        batch_outcomes.handler(heard, context)
    assert {answer["taskToken"] for answer in tokens.answered} == {"t"}


def test_two_batches_that_wait_for_one_run_both_hear_of_it(photo: S3Pointer, tokens: TaskTokens) -> None:
    first, second = _take(_batch(), "first"), _take(_batch("two"), "second")
    assert first.run_id == second.run_id
    _end(second, Status.FAILED)
    look(asset_of(photo))
    assert sorted(answer["taskToken"] for answer in tokens.answered) == ["first", "second"]
