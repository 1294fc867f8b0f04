"""Runs are found by what did them: each once, as it stands, whatever order its changes are told in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import index_runs, orders, route
from handlers.aws import dossier, found_runs, items, records
from handlers.aws.clients import client
from handlers.aws.found_runs import Asked
from handlers.deliver import deliver
from schemas.asset import Status
from schemas.errors import TransientFailure
from schemas.found_by import Fact, FoundRun, by_day, by_model, by_recipe, by_reviewer, by_weights
from schemas.records import AssetRecord, Outcome, timestamp
from schemas.run import Run, RunState
from schemas.stage import ModelUse, Stage, WeightUse
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import begin, standing, with_renditions
from tests.unit.handlers.reviewing import ADA, BEN, asking, waiting
from tests.unit.handlers.test_provenance import own_run
from tests.unit.handlers.test_tracing import EDITED, left, worked

LAMA = ModelUse(
    name="lama",
    version="1",
    licence="Apache-2.0",
    commercial_use=True,
    weights=[WeightUse(file="model.safetensors", sha256="cd" * 32)],
)


def told(run: Run) -> dict[str, Any]:
    """Write the last change of a run's asset down as the table's stream does."""
    image = items.asset_item(standing(run))
    return {"eventName": "MODIFY", "dynamodb": {"Keys": {"pk": image["pk"], "sk": image["sk"]}, "NewImage": image}}


def delivered(source: Any, monkeypatch: pytest.MonkeyPatch) -> RunState:
    """Deliver a picture that `lama` filled."""
    run = begin(source)
    answer = documents.result

    def by_lama(stage: Stage, **facts: Any) -> Any:
        return answer(stage, **facts, **({"model": LAMA} if stage is Stage.INPAINT else {}))

    with monkeypatch.context() as patched:
        patched.setattr(documents, "result", by_lama)
        state = worked(RunState(run=run), *EDITED)
    route.route(state)
    left(state)
    deliver(with_renditions(state))
    return state


def found(fact: Fact, **asked: Any) -> list[FoundRun]:
    """Find runs, all pages of them."""
    runs, before = found_runs.find(fact, Asked(**asked), None)
    while before:
        more, before = found_runs.find(fact, Asked(**asked), before)
        runs += more
    return runs


def rows(asset_id: str) -> list[dict[str, Any]]:
    """Read where the runs of an asset are found."""
    values = {":pk": {"S": f"ASSET#{asset_id}"}, ":found": {"S": items.FOUND}}
    condition = "pk = :pk AND begins_with(sk, :found)"
    found: list[dict[str, Any]] = client("dynamodb").query(
        TableName="records", KeyConditionExpression=condition, ExpressionAttributeValues=values
    )["Items"]
    return found


def test_a_delivered_file_is_found_by_the_model_and_the_weights_that_made_it(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, context: Any
) -> None:
    run = delivered(upload("trip/photo.jpg"), monkeypatch).run
    assert index_runs.handler({"Records": [told(run), told(run)]}, context) == {"indexed": 1}
    outcome = standing(run).outcome
    assert outcome is not None
    keys = [rendition.key for rendition in outcome.renditions]
    for fact in (by_model("lama"), by_model("lama", "1"), by_weights("cd" * 32)):
        (one,) = found(fact)
        assert (one.run_id, one.status, one.delivered, one.current) == (run.run_id, "DELIVERED", keys, True)
        assert one.model is not None
        assert (one.model.part, one.model.stages) == ("made", [Stage.INPAINT])
    assert found(by_model("lama", "2")) == found(by_weights("ab" * 32)) == []
    (looked,) = found(by_model("assess-model"))
    assert looked.model is not None
    assert looked.model.part == "measured"


def test_a_run_is_found_by_its_recipe_and_its_day(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    run = delivered(upload("photo.jpg"), monkeypatch).run
    index_runs.index(run.asset_id)
    today = datetime.now(UTC).date()
    for fact in (by_recipe("find"), by_recipe("find", 1), by_day(today.isoformat())):
        assert [one.run_id for one in found(fact)] == [run.run_id]
        assert found(fact, status=Status.FAILED) == []
        assert found(fact, last=today - timedelta(days=1)) == []
    assert found(by_recipe("find", 11)) == []
    assert [one.run_id for one in found(by_model("lama"), first=today, last=today)] == [run.run_id]
    assert found(by_model("lama", "1"), first=today + timedelta(days=1)) == []


def test_a_run_is_found_by_who_gave_a_verdict_under_identity_and_name(
    upload: Upload, captured: Any, context: Any
) -> None:
    state = waiting(upload)
    body = {"verdict": "reject", "reason": "other", "deliver": "nothing"}
    status, _ = asking(captured, context)("POST", f"/reviews/{state.run.asset_id}/{state.run.run_id}/verdict", body)
    assert status == 200
    index_runs.index(state.run.asset_id)
    for name in (ADA, "ada"):
        (one,) = found(by_reviewer(name))
        assert (one.run_id, one.status) == (state.run.run_id, "REJECTED")
        assert one.reviewer is not None
        assert one.reviewer.who == ADA
    assert found(by_reviewer(BEN)) == []


def test_what_becomes_of_an_asset_later_is_told_where_its_run_is_found(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = delivered(upload("photo.jpg"), monkeypatch).run
    index_runs.index(first.asset_id)
    second = begin(first.source, documents.EDIT)
    assert index_runs.index(first.asset_id)
    assert [one.current for one in found(by_model("lama"))] == [False]
    records.conclude(second.asset_id, second.run_id, Outcome(status=Status.FAILED, reason="So.", code="so"))
    index_runs.index(first.asset_id)
    (one,) = found(by_model("lama"))
    assert (one.status, one.current) == ("DELIVERED", False)
    assert [(each.run_id, each.current) for each in found(by_recipe("edit"))] == [(second.run_id, True)]


def test_what_is_under_way_or_only_tried_out_is_not_found(upload: Upload) -> None:
    run = begin(upload("photo.jpg"))
    trial = Run.plan(run.asset_id, run.source, run.recipe, attempt=2, trial=True)
    records.add_run(
        records.RunRecord(run=trial, recipe_sha256=trial.recipe.sha256, started_at=standing(run).created_at)
    )
    records.end_trial(trial.asset_id, trial.run_id, Outcome(status=Status.FAILED, reason="So.", code="so"))
    assert index_runs.index(run.asset_id)
    assert rows(run.asset_id) == []


def test_what_only_helps_to_find_is_not_read_with_an_asset_and_not_written_twice(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = delivered(upload("photo.jpg"), monkeypatch).run
    before = dossier.read(run.asset_id)
    index_runs.index(run.asset_id)
    assert dossier.read(run.asset_id) == before
    writes: list[Any] = []
    monkeypatch.setattr(found_runs.table, "transact", lambda *arguments: writes.append(arguments) or True)
    assert index_runs.index(run.asset_id)
    assert writes == []


def test_what_changed_meanwhile_is_read_anew(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    run = delivered(upload("photo.jpg"), monkeypatch).run
    read, times = dossier.read, []

    def and_then_changed(asset_id: str) -> Any:
        known = read(asset_id)
        if len(times) < 2:
            times.append(1)
            begin(run.source, documents.EDIT)
        return known

    monkeypatch.setattr(index_runs.dossier, "read", and_then_changed)
    assert index_runs.index(run.asset_id)
    assert [one.current for one in found(by_model("lama"))] == [False]
    times.clear()
    monkeypatch.setattr(found_runs, "put", lambda *_: False)
    with pytest.raises(TransientFailure, match="changed"):
        index_runs.index(run.asset_id)


def test_an_erased_asset_gets_no_places_by_a_change_that_is_told_late(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = delivered(upload("photo.jpg"), monkeypatch).run
    change = told(run)
    for item in client("dynamodb").scan(TableName="records")["Items"]:
        if item["pk"]["S"] == f"ASSET#{run.asset_id}":
            client("dynamodb").delete_item(TableName="records", Key={name: item[name] for name in ("pk", "sk")})
    index_runs.changed([change["dynamodb"]])
    assert rows(run.asset_id) == []


def test_an_asset_that_is_being_erased_gets_no_places_while_its_records_go(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = delivered(upload("photo.jpg"), monkeypatch).run
    asset = standing(run)
    going = asset.model_copy(update={"run_id": "", "updated_at": asset.updated_at + timedelta(seconds=1)})
    client("dynamodb").put_item(TableName="records", Item=items.asset_item(going))
    assert index_runs.index(run.asset_id)
    assert rows(run.asset_id) == []


def test_an_asset_that_cannot_be_read_holds_no_other_up(upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = delivered(upload("good.jpg"), monkeypatch).run, begin(upload("bad.jpg"))
    change = told(bad)["dynamodb"]
    client("dynamodb").put_item(TableName="records", Item={**change["NewImage"], "status": {"S": "DANCING"}})
    assert index_runs.changed([change, told(good)["dynamodb"]]) == 1


def test_what_ended_before_there_was_an_index_is_indexed_page_by_page(
    upload: Upload, monkeypatch: pytest.MonkeyPatch, context: Any
) -> None:
    run = delivered(upload("photo.jpg"), monkeypatch).run
    assert index_runs.handler({"backfill": "DELIVERED"}, context) == {"indexed": 1, "before": None}
    assert [one.run_id for one in found(by_model("lama"))] == [run.run_id]


@settings(own_run, max_examples=12)
@given(told_in=st.permutations(range(4)), doubled=st.booleans())
def test_the_order_of_what_is_told_does_not_matter(aws: None, told_in: list[int], doubled: bool) -> None:
    source = documents.PHOTO.model_copy(update={"key": f"{told_in}{doubled}.jpg"})
    changes = []
    for attempt in (1, 2):
        run = documents.run(documents.EDIT, source, attempt=attempt)
        orders.launch(run, 1000, replaces=records.find_asset(run.asset_id))
        changes.append(told(run)["dynamodb"])
        records.conclude(run.asset_id, run.run_id, Outcome(status=Status.FAILED, reason="So.", code="so"))
        changes.append(told(run)["dynamodb"])
    for number in told_in * (2 if doubled else 1):
        index_runs.changed([changes[number]])
    mine = [item for item in rows(run.asset_id) if "RECIPE" in item["sk"]["S"]]
    assert sorted(item["current"]["BOOL"] for item in mine) == [False, True]


# ---------------------------------------------------------------- GET /provenance
def test_the_api_finds_what_came_from_a_model(call: Call, upload: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    run = delivered(upload("photo.jpg"), monkeypatch).run
    index_runs.index(run.asset_id)
    today = datetime.now(UTC).date().isoformat()
    for query in (
        {"model": "lama"},
        {"model": "lama@1", "status": "delivered", "part": "made"},
        {"weights": "cd" * 32},
        {"recipe": "find@1", "day": today},
        {"day": today},
        {"from": today},
        {},
    ):
        status, body = call("GET", "/provenance", **query)
        assert (status, [each["run_id"] for each in body["runs"]]) == (200, [run.run_id]), query
    for query in ({"model": "lama@2"}, {"model": "lama", "part": "tried"}, {"day": "2020-01-01"}, {"status": "FAILED"}):
        assert call("GET", "/provenance", **query) == (200, {"runs": [], "cursor": None}), query


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"model": "lama", "recipe": "find"}, "bad_filter"),
        ({"weights": "abc"}, "bad_filter"),
        ({"model": "LAMA!"}, "bad_filter"),
        ({"recipe": "find@one"}, "bad_filter"),
        ({"reviewer": "x" * 3000}, "bad_filter"),
        ({"part": "made"}, "bad_filter"),
        ({"model": "lama", "part": "dreamt"}, "bad_filter"),
        ({"status": "gone"}, "bad_status"),
        ({"day": "yesterday"}, "bad_days"),
        ({"from": "2026-11-30", "to": "2026-11-01"}, "bad_days"),
        ({"from": "2026-01-01", "to": "2026-11-01"}, "bad_days"),
        ({"cursor": "made up"}, "bad_cursor"),
        ({"cursor": "#2026-99-99Tx"}, "bad_cursor"),
        ({"cursor": "c" * 999}, "bad_cursor"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(call: Call, query: dict[str, str], code: str) -> None:
    refused(call("GET", "/provenance", **query), 400, code)


@pytest.mark.parametrize(
    "query", [{"recipe": "find"}, {"recipe": "find@1"}, {"from": "2026-11-01", "to": "2026-11-20"}]
)
@pytest.mark.parametrize("status", [None, "FAILED"])
def test_pages_join_without_gap_or_double(
    call: Call, query: dict[str, str], status: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_runs, "_PAGE", 7)
    names = _many(30)
    shown: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {**query, **({"cursor": cursor} if cursor else {}), **({"status": status} if status else {})}
        _, body = call("GET", "/provenance", **asked)
        shown += [each["run_id"] for each in body["runs"]]
        cursor = body["cursor"]
    assert shown == [name for name, state in names if status in (None, state)]


@pytest.mark.parametrize("cursor", ["!", "0", "made up", "#2020-01-01Tx"])
def test_a_cursor_that_somebody_made_up_is_no_reason_to_fail(call: Call, cursor: str) -> None:
    for query in ({"model": "lama@1"}, {"recipe": "find", "from": "2026-11-01"}, {"reviewer": "ada"}):
        assert call("GET", "/provenance", cursor=cursor, **query) == (200, {"runs": [], "cursor": None})


def _many(count: int) -> list[tuple[str, str]]:
    """Write down where runs are found that ended one after the other on several days; the latest first."""
    start, names = datetime(2026, 11, 10, tzinfo=UTC), []
    for number in range(count):
        status = Status.FAILED if number % 3 else Status.DELIVERED
        moment = start + timedelta(hours=4 * number)
        asset = AssetRecord(
            asset_id=f"a-{number:024x}",
            source=documents.PHOTO,
            size_bytes=1,
            run_id=f"r-{number:040x}",
            status=status,
            created_at=moment,
            updated_at=moment,
        )
        client("dynamodb").put_item(TableName="records", Item=items.asset_item(asset))
        run = FoundRun(
            asset_id=asset.asset_id,
            run_id=f"r-{number:040x}",
            key="photo.jpg",
            recipe="find@1",
            recipe_sha256=documents.SHA,
            at=moment,
            status=status,
            current=True,
        )
        known = dossier.read(asset.asset_id)
        assert timestamp(asset.updated_at)
        assert found_runs.put(
            known, {(run.run_id, fact): run for fact in (by_recipe("find", 1), by_day(f"{moment:%Y-%m-%d}"))}
        )
        names.append((run.run_id, status.value))
    return names[::-1]
