"""Batches through the API: ordered, listed, counted, stopped, resumed; and what their state machine asks for."""

import json
from datetime import timedelta
from typing import Any

import pytest

from handlers import batch_close, batch_list, batches
from handlers.aws import batch_lists, storage
from handlers.aws import batches as stored
from schemas.asset import Status
from schemas.batch import BatchItem, BatchRecord, BatchState, Listed
from schemas.errors import BadInput
from schemas.job import Job
from schemas.pointers import S3Pointer
from schemas.records import now
from schemas.review import Person
from tests.documents import WORK
from tests.unit.handlers.conftest import BATCH_MACHINE, Upload, executions
from tests.unit.handlers.http_calls import Call, refused


def _order(call: Call, **asked: Any) -> dict[str, Any]:
    status, shown = call("POST", "/batches", body={"prefix": "enhance/", **asked})
    assert status == 202, shown
    return shown


def _item(batch_id: str, key: str, status: Status | None = None, **facts: Any) -> BatchItem:
    item = BatchItem(batch_id=batch_id, key=key, attempt=1, asset_id="a-" + "0" * 24, status=status, updated_at=now())
    item = item.model_copy(update=facts)
    stored.wait(item)
    return item


def _lines(batch_id: str) -> list[Listed]:
    place = batch_list.list_pictures(batch_id)
    text = storage.read_text(place) or ""
    return [Listed.model_validate_json(line) for line in text.splitlines()]


def test_a_batch_is_written_down_and_started_with_its_bound(call: Call) -> None:
    shown = _order(call, concurrency=3, name="autumn", job={"scale": 2})
    assert (shown["state"], shown["attempt"], shown["name"], shown["job"]) == ("running", 1, "autumn", {"scale": 2})
    assert shown["progress"]["total"] is None
    assert executions(BATCH_MACHINE) == {f"{shown['batch_id']}-1": "RUNNING"}
    assert call("GET", f"/batches/{shown['batch_id']}")[1]["by"]["name"]


def test_the_same_request_under_one_key_is_one_batch(call: Call) -> None:
    headers, body = {"idempotency-key": "k"}, {"prefix": "enhance/"}
    first, second = (call("POST", "/batches", body=body, headers=headers)[1] for _ in range(2))
    assert first["batch_id"] == second["batch_id"]
    assert len(executions(BATCH_MACHINE)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"prefix": "a/", "keys": ["b"]},
        {"keys": []},
        {"keys": ["a"] * 1001},
        {"prefix": "a/", "job": {"hold": True}},
        {"prefix": "a/", "concurrency": 101},
        {"prefix": "a/", "try": 0},
        {"prefix": "a/", "try": 21},
        {"prefix": "a/", "try_": 1},
    ],
)
def test_what_says_nothing_or_too_much_is_refused(call: Call, body: dict[str, Any]) -> None:
    refused(call("POST", "/batches", body=body), 400, "bad_request")
    assert executions(BATCH_MACHINE) == {}


def test_a_recipe_that_there_is_not_is_refused_before_anything_starts(call: Call) -> None:
    refused(call("POST", "/batches", body={"prefix": "a/", "job": {"recipe": "none"}}), 400, "unknown_recipe")


@pytest.mark.parametrize("path", ["/batches/b-nothing", f"/batches/b-{'0' * 24}", f"/batches/b-{'0' * 24}/items"])
def test_a_batch_that_there_is_not_is_not_found(call: Call, path: str) -> None:
    refused(call("GET", path), 404, "unknown_batch")


def test_batches_are_listed_page_by_page_the_latest_first(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    ordered = [_order(call, name=str(number))["batch_id"] for number in range(3)]
    found, cursor = stored.page(None, 2)
    rest, end = stored.page(cursor, 2)
    assert [batch.batch_id for batch in (*found, *rest)] == ordered[::-1]
    assert end is None
    assert [batch["batch_id"] for batch in call("GET", "/batches")[1]["batches"]] == ordered[::-1]


def test_photos_below_a_prefix_are_listed_once_and_nothing_else(call: Call, upload: Upload) -> None:
    for name in ("a.jpg", "a.png", "sub/b.png"):
        upload(f"enhance/{name}")
    for name in ("a.jpg.mask.png", "_mask.png", "a.job.yaml", "notes.txt", ".hidden.png"):
        upload(f"enhance/{name}")
    upload("other/c.png")
    batch_id = _order(call)["batch_id"]
    assert [line.key for line in _lines(batch_id)] == ["enhance/a.jpg", "enhance/a.png", "enhance/sub/b.png"]
    upload("enhance/later.png")
    assert len(_lines(batch_id)) == 3
    assert call("GET", f"/batches/{batch_id}")[1]["progress"]["total"] == 3


def test_keys_that_were_sent_are_the_list(call: Call) -> None:
    shown = _order(call, prefix=None, keys=["b.png", "a.png", "b.png"])
    assert [line.key for line in _lines(shown["batch_id"])] == ["b.png", "a.png"]


def test_a_manifest_says_what_each_picture_is_for(call: Call, upload: Upload) -> None:
    upload("lists/x.jsonl", b'"a.png"\n{"key": "b.png", "scale": 2}\n')
    shown = _order(call, prefix=None, manifest="lists/x.jsonl")
    assert [(line.key, line.job.stated) for line in _lines(shown["batch_id"])] == [
        ("a.png", {}),
        ("b.png", {"scale": 2}),
    ]


@pytest.mark.parametrize(
    ("asked", "body", "code"),
    [
        ({"prefix": "nothing/"}, b"", "no_pictures"),
        ({"prefix": None, "manifest": "gone.csv"}, b"", "missing_manifest"),
        ({"prefix": None, "manifest": "x.csv"}, b"\xff\xfe", "bad_manifest"),
        ({"prefix": None, "manifest": "x.csv"}, b"x" * (4 * 2**20 + 1), "bad_manifest"),
    ],
)
def test_what_cannot_be_listed_ends_the_batch_in_words(
    call: Call, upload: Upload, asked: dict[str, Any], body: bytes, code: str
) -> None:
    upload("x.csv", body)
    batch_id = _order(call, **asked)["batch_id"]
    with pytest.raises(BadInput) as caught:
        batch_list.list_pictures(batch_id)
    assert caught.value.code == code
    cause = json.dumps({"errorType": "BadInput", "errorMessage": str(caught.value)})
    batch_close.close(batch_id, 1, {"Error": "BadInput", "Cause": cause})
    shown = call("GET", f"/batches/{batch_id}")[1]
    assert (shown["state"], shown["reason"]) == ("failed", caught.value.message)


def test_pictures_are_counted_by_what_became_of_them(call: Call) -> None:
    batch_id = _order(call)["batch_id"]
    stored.listed(batch_id, 10)
    for number, status in enumerate((Status.DELIVERED, Status.DELIVERED, Status.AWAITING_REVIEW, None)):
        _item(batch_id, f"{number}.png", status, dollars=0.01, task_token="secret-token")
    progress = call("GET", f"/batches/{batch_id}")[1]["progress"]
    assert progress.pop("seconds_left") > 0
    assert progress == {
        "total": 10,
        "outcomes": {"DELIVERED": 2, "AWAITING_REVIEW": 1},
        "running": 1,
        "left": 7,
        "dollars": 0.04,
    }
    status, page = call("GET", f"/batches/{batch_id}/items", status="AWAITING_REVIEW")
    assert [item["key"] for item in page["items"]] == ["2.png"]
    assert "secret-token" not in json.dumps(call("GET", f"/batches/{batch_id}/items"))
    refused(call("GET", f"/batches/{batch_id}/items", status="nonsense"), 400, "bad_status")
    refused(call("GET", f"/batches/{batch_id}/items", cursor="nonsense"), 400, "bad_cursor")


def test_every_picture_is_on_one_page(call: Call) -> None:
    batch_id = _order(call)["batch_id"]
    keys = {_item(batch_id, f"{number}.png").key for number in range(7)}
    found, cursor = stored.item_page(batch_id, None, 3)
    while cursor:
        more, cursor = stored.item_page(batch_id, cursor, 3)
        found += more
    assert len(found) == 7
    assert {item.key for item in found} == keys


def test_the_rest_takes_as_long_as_what_this_attempt_did() -> None:
    moment = now()
    batch = BatchRecord(
        batch_id="b-" + "0" * 24,
        job=Job(),
        concurrency=1,
        by=Person(who="me", name="me"),
        total=5,
        created_at=moment,
        started_at=moment,
    )
    before = BatchItem(
        batch_id=batch.batch_id,
        key="1",
        attempt=1,
        status=Status.DELIVERED,
        updated_at=moment - timedelta(hours=1),
    )
    here = before.model_copy(update={"key": "2", "updated_at": moment + timedelta(seconds=20)})
    later = moment + timedelta(seconds=30)
    assert batches.progress(batch, [before], later).seconds_left is None
    assert batches.progress(batch, [before, here], later).seconds_left == 90.0


def test_a_batch_is_done_when_every_picture_has_an_outcome(call: Call) -> None:
    batch_id = _order(call)["batch_id"]
    stored.listed(batch_id, 2)
    _item(batch_id, "a.png", Status.DELIVERED)
    _item(batch_id, "b.png", Status.FAILED)
    batch_close.close(batch_id, 1, None)
    assert call("GET", f"/batches/{batch_id}")[1]["state"] == "done"


def test_a_batch_whose_pictures_are_not_all_there_says_so_and_can_go_on(call: Call) -> None:
    batch_id = _order(call)["batch_id"]
    stored.listed(batch_id, 2)
    _item(batch_id, "a.png", Status.DELIVERED)
    batch_close.close(batch_id, 1, None)
    shown = call("GET", f"/batches/{batch_id}")[1]
    assert (shown["state"], shown["reason"][:10]) == ("failed", "1 pictures")
    status, resumed = call("POST", f"/batches/{batch_id}/resume")
    assert (status, resumed["state"], resumed["attempt"]) == (202, "running", 2)
    assert "reason" not in resumed
    assert set(executions(BATCH_MACHINE)) == {f"{batch_id}-1", f"{batch_id}-2"}


def test_a_stopped_batch_stays_stopped_whatever_its_execution_says(call: Call, context: Any) -> None:
    batch_id = _order(call)["batch_id"]
    assert call("DELETE", f"/batches/{batch_id}")[1]["state"] == "stopped"
    assert executions(BATCH_MACHINE) == {f"{batch_id}-1": "ABORTED"}
    batch_close.handler({"source": "aws.states", "detail": {"name": f"{batch_id}-1", "status": "ABORTED"}}, context)
    assert call("GET", f"/batches/{batch_id}")[1]["state"] == "stopped"
    assert call("DELETE", f"/batches/{batch_id}")[1]["state"] == "stopped"


def test_an_execution_that_was_cut_off_fails_its_attempt_and_no_later_one(call: Call, context: Any) -> None:
    batch_id = _order(call)["batch_id"]
    event = {"source": "aws.states", "detail": {"name": f"{batch_id}-1", "status": "TIMED_OUT"}}
    batch_close.handler(event, context)
    assert call("GET", f"/batches/{batch_id}")[1]["state"] == "failed"
    call("POST", f"/batches/{batch_id}/resume")
    batch_close.handler(event, context)
    assert call("GET", f"/batches/{batch_id}")[1]["state"] == "running"


def test_there_is_nothing_to_resume_while_it_runs_or_when_all_is_done(call: Call) -> None:
    batch_id = _order(call)["batch_id"]
    refused(call("POST", f"/batches/{batch_id}/resume"), 409, "under_way")
    stored.listed(batch_id, 1)
    _item(batch_id, "a.png", Status.DELIVERED)
    batch_close.close(batch_id, 1, None)
    refused(call("POST", f"/batches/{batch_id}/resume"), 409, "over")
    refused(call("DELETE", f"/batches/{batch_id}"), 409, "over")


def test_what_failed_is_a_reason_to_resume(call: Call) -> None:
    batch_id = _order(call)["batch_id"]
    stored.listed(batch_id, 1)
    _item(batch_id, "a.png", Status.FAILED)
    batch_close.close(batch_id, 1, None)
    assert stored.find(batch_id).state is BatchState.DONE  # type: ignore[union-attr]
    assert call("POST", f"/batches/{batch_id}/resume")[0] == 202


def _trial(call: Call, upload: Upload, *names: str, first: int) -> str:
    for name in names:
        upload(f"enhance/{name}")
    batch_id: str = _order(call, **{"try": first})["batch_id"]
    return batch_id


def test_only_the_first_few_are_tried_and_then_nothing_moves_by_itself(call: Call, upload: Upload) -> None:
    batch_id = _trial(call, upload, "a.png", "b.png", "c.png", first=1)
    assert [line.key for line in _lines(batch_id)] == ["enhance/a.png"]
    _item(batch_id, "enhance/a.png", Status.DELIVERED)
    batch_close.close(batch_id, 1, None)
    shown = call("GET", f"/batches/{batch_id}")[1]
    assert (shown["state"], shown["try"], shown["total"]) == ("tried", 1, 3)
    assert (shown["progress"]["left"], shown["progress"]["seconds_left"]) == (2, None)
    assert set(executions(BATCH_MACHINE)) == {f"{batch_id}-1"}


def test_the_rest_is_done_once_somebody_goes_on_and_then_the_batch_is_done(call: Call, upload: Upload) -> None:
    batch_id = _trial(call, upload, "a.png", "b.png", first=1)
    _lines(batch_id)
    _item(batch_id, "enhance/a.png", Status.DELIVERED)
    batch_close.close(batch_id, 1, None)
    status, resumed = call("POST", f"/batches/{batch_id}/resume")
    assert (status, resumed["state"], resumed["attempt"]) == (202, "running", 2)
    assert "try" not in resumed
    assert [line.key for line in _lines(batch_id)] == ["enhance/a.png", "enhance/b.png"]
    batch_close.close(batch_id, 1, None)
    assert call("GET", f"/batches/{batch_id}")[1]["state"] == "running"
    _item(batch_id, "enhance/b.png", Status.DELIVERED, attempt=2)
    batch_close.close(batch_id, 2, None)
    assert call("GET", f"/batches/{batch_id}")[1]["state"] == "done"


def test_a_trial_that_was_cut_short_is_finished_before_the_rest(call: Call, upload: Upload) -> None:
    batch_id = _trial(call, upload, "a.png", "b.png", "c.png", first=2)
    _lines(batch_id)
    _item(batch_id, "enhance/a.png", Status.DELIVERED)
    batch_close.close(batch_id, 1, None)
    shown = call("GET", f"/batches/{batch_id}")[1]
    assert (shown["state"], shown["reason"][:10]) == ("failed", "1 pictures")
    assert call("POST", f"/batches/{batch_id}/resume")[1]["try"] == 2
    assert [line.key for line in _lines(batch_id)] == ["enhance/a.png", "enhance/b.png"]


def test_a_batch_of_no_more_than_what_is_tried_is_done_with_it(call: Call, upload: Upload) -> None:
    batch_id = _trial(call, upload, "a.png", first=3)
    assert len(_lines(batch_id)) == 1
    _item(batch_id, "enhance/a.png", Status.QUARANTINED)
    batch_close.close(batch_id, 1, None)
    assert call("GET", f"/batches/{batch_id}")[1]["state"] == "done"
    refused(call("POST", f"/batches/{batch_id}/resume"), 409, "over")


def test_a_batch_that_was_tried_can_be_stopped_and_its_rest_done_later(call: Call, upload: Upload) -> None:
    batch_id = _trial(call, upload, "a.png", "b.png", first=1)
    _lines(batch_id)
    _item(batch_id, "enhance/a.png", Status.DELIVERED)
    batch_close.close(batch_id, 1, None)
    assert call("DELETE", f"/batches/{batch_id}")[1]["state"] == "stopped"
    assert "try" not in call("POST", f"/batches/{batch_id}/resume")[1]
    assert len(_lines(batch_id)) == 2


def test_a_trials_time_is_that_of_its_own_pictures(call: Call, upload: Upload) -> None:
    batch_id = _trial(call, upload, "a.png", "b.png", "c.png", first=2)
    _lines(batch_id)
    item = _item(batch_id, "enhance/a.png", Status.DELIVERED)
    batch = stored.find(batch_id)
    assert batch is not None
    later = batch.started_at + timedelta(seconds=30)
    assert batches.progress(batch, [item], later).seconds_left == 30.0


def test_a_batchs_list_lies_where_its_machine_may_read_it(call: Call, upload: Upload) -> None:
    upload("enhance/a.png")
    batch_id = _order(call)["batch_id"]
    place = batch_list.list_pictures(batch_id)
    assert place == batch_lists.place(batch_id)
    assert place == S3Pointer(bucket=WORK, key=f"batches/{batch_id}/list.jsonl")
