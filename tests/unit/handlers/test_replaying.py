"""A replay does a run again, changes nothing of its asset, delivers nothing, and says what came out the same."""

from typing import Any

import pytest

from handlers import finish, render, replaying
from handlers.aws import dossier, records, replays, reviews, storage
from handlers.aws.clients import client
from handlers.cancelling import cancel
from handlers.deliver import deliver
from handlers.route import route
from handlers.settle import record_result
from schemas.asset import Status
from schemas.comparing import made
from schemas.pointers import S3Pointer
from schemas.records import Callback, Outcome, now
from schemas.review import Person
from schemas.run import Run, RunState
from schemas.stage import ModelUse, Stage
from tests import documents
from tests.unit.handlers.conftest import Upload, executions, stop
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, standing

EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
GONE = {"Error": "BadInput", "Cause": '{"errorMessage": "missing_input: The upload is no longer in the inbox."}'}


def _record(run: Run, *stages: Stage, **changes: Any) -> None:
    """Write down stages of a run as ``settle`` does; ``changes`` are those of the fill."""
    for stage in stages:
        result = documents.result(stage, **(changes if stage is Stage.INPAINT else {}))
        place = S3Pointer(bucket=documents.WORK, key=f"stages/{stage}/{run.run_id}/result.json")
        waits = Callback(
            inference_id="i-1",
            task_token="token",
            asset_id=run.asset_id,
            run_id=run.run_id,
            stage=stage,
            result=place,
            submitted_at=now(),
            expires_at=1,
        )
        record_result(waits, result)


@pytest.fixture
def delivered(upload: Upload) -> Run:
    """A run that was delivered, with its stages on record."""
    run = begin(upload("remove-watermark/a.jpg"), documents.FIND)
    _record(run, *EDITED)
    state = at_delivery(run, *EDITED)
    route(state)
    deliver(state)
    stop(run.run_id)
    return run


def _ordered(call: Call, run: Run) -> Run:
    status, shown = call("POST", f"/runs/{run.run_id}/replay")
    assert (status, shown["state"], shown["replay_of"]) == (202, "running", run.run_id)
    record = records.find_run(run.asset_id, shown["run_id"])
    assert record is not None
    return record.run


def _outcome(run: Run) -> Outcome:
    record = records.find_run(run.asset_id, run.run_id)
    assert record is not None
    assert record.outcome is not None
    return record.outcome


def _done(replay: Run, context: Any, **changes: Any) -> None:
    """Bring a replay to its end, as the state machine would."""
    _record(replay, *EDITED, **changes)
    state = documents.state(replay, *EDITED)
    route(state)
    finish.handler(state.model_dump(mode="json"), context)


def test_a_run_that_comes_out_the_same_is_identical_in_every_stage(call: Call, delivered: Run, context: Any) -> None:
    before = standing(delivered)
    replay = _ordered(call, delivered)
    assert executions()[replay.run_id] == "RUNNING"
    assert call("GET", f"/replays/{replay.run_id}")[1]["state"] == "running"
    _done(replay, context)
    _, shown = call("GET", f"/replays/{replay.run_id}")
    assert (shown["state"], shown["identical"]) == ("done", True), shown
    assert [(stage["stage"], stage["sameness"]) for stage in shown["stages"]] == [
        *((stage.value, "identical") for stage in (*EDITED, Stage.ROUTE)),
        ("deliver", "not-repeated"),
    ]
    assert shown["reason"] == "All 5 stages that were repeated are identical."
    assert standing(delivered) == before


def test_another_version_of_a_model_is_named(call: Call, delivered: Run, context: Any) -> None:
    replay = _ordered(call, delivered)
    newer = ModelUse(name="inpaint-model", version="2", licence="MIT", commercial_use=True)
    other = S3Pointer(bucket=documents.WORK, key="stages/inpaint/edits.zip", sha256="cd" * 32)
    _done(replay, context, model=newer, outputs={"edits": other})
    _, shown = call("GET", f"/replays/{replay.run_id}")
    assert (shown["state"], shown["identical"]) == ("done", False)
    assert shown["reason"].endswith("the first that is not is `inpaint`.")
    (fill,) = [stage for stage in shown["stages"] if stage["stage"] == "inpaint"]
    assert fill["because"] == [{"what": "model.version", "before": '"1"', "after": '"2"'}]


def test_a_replay_asks_nobody_and_delivers_nothing(
    call: Call, delivered: Run, context: Any, announced: list[dict[str, Any]]
) -> None:
    there = set(storage.keys_under(documents.DELIVERY, ""))
    replay = _ordered(call, delivered)
    doubtful = documents.state(replay, *EDITED[:-1])  # nothing was measured: its run would wait for a person
    assert route(doubtful).route == "review"
    finish.handler(doubtful.model_dump(mode="json"), context)
    assert reviews.find(replay.asset_id, replay.run_id) is None
    assert announced == []
    assert set(storage.keys_under(documents.DELIVERY, "")) == there
    assert (_outcome(replay).status, _outcome(replay).code) == (Status.SUPERSEDED, "replayed")


def test_its_files_are_rendered_and_known_by_what_they_were_before_they_were_signed(
    call: Call, delivered: Run, context: Any
) -> None:
    replay = _ordered(call, delivered)
    state = at_delivery(replay, *EDITED)
    client("s3").delete_object(Bucket=documents.WORK, Key=state.results[Stage.RENDER].result.key)
    assert render.render(state).outputs.keys() == {"native"}
    (stage,) = records.stages_of(replay.asset_id, replay.run_id)
    assert made(stage) == {"outputs.native": stage.outputs["native"].sha256}


def test_what_is_gone_is_said(call: Call, delivered: Run, context: Any) -> None:
    replay = _ordered(call, delivered)
    finish.handler({"state": RunState(run=replay).model_dump(mode="json"), "error": GONE}, context)
    _, shown = call("GET", f"/replays/{replay.run_id}")
    assert (shown["state"], shown["code"], shown["identical"]) == ("stopped", "missing_input", False)
    assert {stage["sameness"] for stage in shown["stages"]} == {"not-reached", "not-repeated"}
    assert "no longer in the inbox" in shown["stages"][0]["note"]


def test_what_it_found_out_is_written_once(call: Call, delivered: Run, context: Any) -> None:
    replay = _ordered(call, delivered)
    _done(replay, context)
    found = replays.find(replay.asset_id, replay.run_id)
    finish.handler({"state": RunState(run=replay).model_dump(mode="json"), "error": GONE}, context)
    assert replays.find(replay.asset_id, replay.run_id) == found


def test_every_order_is_a_replay_of_its_own(call: Call, delivered: Run) -> None:
    assert len({_ordered(call, delivered).run_id for _ in range(3)}) == 3


def test_a_run_that_began_late_says_whose_work_it_began_with(call: Call, delivered: Run, context: Any) -> None:
    run = documents.run(documents.FIND, delivered.source, parent=delivered.run_id, entry=Stage.ROUTE, attempt=2)
    replaying.orders.try_out(run)
    route(documents.state(run, *EDITED))
    records.end_trial(run.asset_id, run.run_id, _outcome(delivered))
    replay = _ordered(call, run)
    route(documents.state(replay, *EDITED))
    finish.handler(documents.state(replay, *EDITED).model_dump(mode="json"), context)
    _, shown = call("GET", f"/replays/{replay.run_id}")
    kept = [stage for stage in shown["stages"] if stage["sameness"] == "not-repeated"]
    assert [stage["stage"] for stage in kept] == [*EDITED]  # and none that its recipe does not have
    assert kept[0]["note"] == f"It began with what run `{delivered.run_id}` had made; replay that one."
    assert shown["identical"], shown


def test_one_that_was_cut_off_or_called_off_says_so(call: Call, delivered: Run) -> None:
    cut = _ordered(call, delivered)
    stop(cut.run_id)
    assert call("GET", f"/replays/{cut.run_id}")[1]["code"] == "cut_off"
    off = _ordered(call, delivered)
    record = records.find_run(off.asset_id, off.run_id)
    assert record is not None
    cancel(record, Person(who="a", name="Ann"))
    shown = call("GET", f"/replays/{off.run_id}")[1]
    assert (shown["state"], shown["code"]) == ("stopped", "cancelled")


def test_what_cannot_be_done_again_is_refused_in_words(call: Call, upload: Upload, delivered: Run) -> None:
    under_way = begin(upload("remove-watermark/b.jpg"))
    refused(call("POST", f"/runs/{under_way.run_id}/replay"), 400, "not_replayable")
    replay = _ordered(call, delivered)
    assert delivered.run_id in refused(call("POST", f"/runs/{replay.run_id}/replay"), 400, "not_replayable")
    refused(call("POST", f"/runs/r-{'0' * 40}/replay"), 404, "unknown_run")
    refused(call("GET", f"/replays/{delivered.run_id}"), 404, "unknown_replay")


def test_the_stages_of_any_run_are_shown_with_links_to_their_pictures(call: Call, delivered: Run) -> None:
    status, shown = call("GET", f"/runs/{delivered.run_id}/stages")
    assert status == 200
    assert [stage["stage"] for stage in shown["stages"]] == [*EDITED, Stage.ROUTE, Stage.DELIVER]
    assert set(shown["links"]) == {"original", "mask.mask", "refine.image"}
    assert (shown["key"], shown["outcome"]["status"]) == (delivered.source.key, "DELIVERED")


def test_an_assets_dossier_is_read_with_replays_in_it(call: Call, delivered: Run, context: Any) -> None:
    replay = _ordered(call, delivered)
    _done(replay, context)
    assert [record.run.run_id for record in dossier.read(delivered.asset_id).runs] == [delivered.run_id, replay.run_id]
    shown = call("GET", f"/assets/{delivered.asset_id}")[1]
    assert [run["run_id"] for run in shown["runs"]] == [delivered.run_id]
