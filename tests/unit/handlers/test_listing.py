"""Lists: whatever is asked for comes once, in one order, whatever it stands at; nothing is lost between pages."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.aws import items, listing, records
from handlers.aws.clients import client
from schemas.asset import Status
from schemas.records import AssetRecord, now
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import begin

BATCH = "b-" + "0" * 24


def _write(count: int, **facts: Any) -> list[str]:
    """Write assets down of all standings in turn; return their names, the latest first."""
    start, statuses = now(), list(Status)
    for number in range(count):
        name = f"a-{number:024x}"
        moment = start + timedelta(seconds=number)
        asset = AssetRecord(
            asset_id=name,
            source=documents.PHOTO,
            size_bytes=1,
            status=statuses[number % len(statuses)],
            created_at=moment,
            updated_at=moment,
            recipe="enhance@1" if number % 7 else "enhance-more@2",
            tags={"shop.a": "7"} if number % 5 == 0 else {},
            batch=BATCH if number % 3 == 0 else None,
        )
        client("dynamodb").put_item(TableName="records", Item=items.asset_item(asset))
    return [f"a-{number:024x}" for number in reversed(range(count))]


def _all(call: Call, **query: str) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    for _ in range(100):
        _, page = call("GET", "/assets", **query, **({"cursor": cursor} if cursor else {}))
        found += [asset["asset_id"] for asset in page["assets"]]
        cursor = page["cursor"]
        if cursor is None:
            return found
    raise AssertionError("a list without an end")


def test_assets_of_all_standings_come_in_one_order(call: Call) -> None:
    names = _write(130)
    assert _all(call) == names


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ({"recipe": "enhance"}, lambda number: number % 7 != 0),
        ({"recipe": "enhance-more@2"}, lambda number: number % 7 == 0),
        ({"recipe": "enhance@2"}, lambda number: False),
        ({"tag": "shop.a"}, lambda number: number % 5 == 0),
        ({"tag": "shop.a:7"}, lambda number: number % 5 == 0),
        ({"tag": "shop.a:8"}, lambda number: False),
        ({"batch": BATCH}, lambda number: number % 3 == 0),
        ({"batch": BATCH, "tag": "shop.a", "status": "QUEUED"}, lambda n: n % 15 == 0 and n % len(Status) == 0),
    ],
)
def test_a_filter_leaves_out_what_it_says_and_nothing_else(call: Call, query: dict[str, str], chosen: Any) -> None:
    names = _write(70)
    assert _all(call, **query) == [name for name in names if chosen(int(name[2:], 16))]


def test_a_filter_that_hardly_anything_passes_reads_no_more_than_some_pages(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_READ_AT_ONCE", 1)
    names = _write(100)
    _, page = call("GET", "/assets", tag="nowhere")
    assert page["assets"] == []
    assert page["cursor"] is not None
    assert _all(call, tag="shop.a") == [name for name in names if int(name[2:], 16) % 5 == 0]


@pytest.mark.parametrize("query", [{"tag": "t" * 200}, {"recipe": "r" * 2000}, {"batch": "b" * 151}])
def test_a_filter_that_nothing_can_pass_is_refused(call: Call, query: dict[str, str]) -> None:
    refused(call("GET", "/assets", **query), 400, "bad_filter")


def test_a_queued_asset_says_how_many_wait_before_it(call: Call, upload: Upload) -> None:
    runs = [begin(upload(f"{name}.jpg"), documents.PRINT) for name in "abc"]
    progress = [call("GET", f"/assets/{run.asset_id}")[1]["progress"] for run in runs]
    assert progress == [{"step": 0, "steps": 9, "ahead": ahead} for ahead in (0, 1, 2)]


def test_a_running_asset_says_at_which_of_its_steps_it_is(call: Call, upload: Upload) -> None:
    run = begin(upload("a.jpg"), documents.EDIT)
    records.enter_stage(run.asset_id, run.run_id, Stage.REFINE)
    assert call("GET", f"/assets/{run.asset_id}")[1]["progress"] == {"step": 4, "steps": 7}
