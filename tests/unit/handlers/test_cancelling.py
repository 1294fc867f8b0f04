"""A cancelled run stops, delivers nothing, and leaves nobody waiting; what is over cannot be cancelled."""

import pytest

from handlers import deliver, orders, settle, submit
from handlers.aws import executions, items, records, storage, table
from handlers.aws.clients import client
from handlers.aws.endpoints import request_document
from handlers.reconcile import mend
from schemas import ids
from schemas.asset import Status
from schemas.errors import PermanentFailure
from schemas.events import InferenceNotification
from schemas.ids import run_id
from schemas.records import Outcome
from schemas.run import Run, RunState
from schemas.stage import Stage
from tests import documents
from tests.documents import DELIVERY
from tests.unit.handlers.conftest import TaskTokens, Upload
from tests.unit.handlers.conftest import executions as all_executions
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import at_delivery, begin, standing

TOKEN = "token-of-the-mask-stage"


@pytest.fixture
def run(upload: Upload) -> Run:
    return begin(upload("trip/photo.jpg"), documents.FIND)


def _submitted(run: Run) -> str:
    """Bring a run to its first model; return the inference that it waits for."""
    submit.submit(submit.Order(stage=Stage.MASK, task_token=TOKEN, state=RunState(run=run)))
    return ids.inference_id(TOKEN)


def test_a_run_is_shown_by_its_name_alone(call: Call, run: Run) -> None:
    status, shown = call("GET", f"/runs/{run.run_id}")
    assert (status, shown["asset_id"], shown["status"]) == (200, run.asset_id, "QUEUED")
    assert (shown["run"]["recipe"]["name"], shown["recipe_sha256"]) == ("find", run.recipe.sha256)
    records.enter_stage(run.asset_id, run.run_id, Stage.MASK)
    _, shown = call("GET", f"/runs/{run.run_id}")
    assert (shown["status"], shown["stage"]) == ("RUNNING", "mask")


@pytest.mark.parametrize("name", ["r-" + "0" * 40, "r-1", "a-" + "0" * 24, "r-" + "0" * 40 + "%0A"])
def test_a_run_that_there_is_not_is_not_found(call: Call, name: str) -> None:
    refused(call("GET", f"/runs/{name}"), 404, "unknown_run")
    refused(call("DELETE", f"/runs/{name}"), 404, "unknown_run")


def test_a_run_that_another_overtook_says_so(call: Call, run: Run, upload: Upload) -> None:
    begin(run.source, documents.FIND, mask=upload("trip/photo.mask.png"))
    assert call("GET", f"/runs/{run.run_id}")[1]["status"] == "SUPERSEDED"


def test_what_is_cancelled_is_stopped_and_nobody_waits_for_it(call: Call, run: Run, asked: list[object]) -> None:
    inference = _submitted(run)
    assert storage.read_text(request_document(run.run_id, inference)) is not None
    status, shown = call("DELETE", f"/runs/{run.run_id}")
    assert (status, shown["status"], shown["outcome"]["code"]) == (200, "CANCELLED", "cancelled")
    assert standing(run).status is Status.CANCELLED
    assert all_executions() == {run.run_id: "ABORTED"}
    assert records.find_callback(inference) is None
    assert records.waited_for(run.asset_id, run.run_id) == []
    assert storage.read_text(request_document(run.run_id, inference)) is None


def test_cancelling_twice_is_cancelling_once(call: Call, run: Run) -> None:
    first = call("DELETE", f"/runs/{run.run_id}")
    assert call("DELETE", f"/runs/{run.run_id}") == first


def test_what_a_crash_left_over_is_cleaned_up_when_it_is_asked_again(call: Call, run: Run, asked: list[object]) -> None:
    inference = _submitted(run)
    records.cancel(run.asset_id, run.run_id, Outcome(status=Status.CANCELLED, code="cancelled", reason="Cancelled."))
    assert all_executions() == {run.run_id: "RUNNING"}
    call("DELETE", f"/runs/{run.run_id}")
    assert all_executions() == {run.run_id: "ABORTED"}
    assert records.find_callback(inference) is None


def test_a_cancelled_run_delivers_nothing(call: Call, run: Run) -> None:
    state = at_delivery(run)
    call("DELETE", f"/runs/{run.run_id}")
    assert deliver.deliver(state).status is Status.CANCELLED
    assert client("s3").list_objects_v2(Bucket=DELIVERY).get("Contents", []) == []


def test_a_delivery_that_began_is_not_cancelled_and_one_that_was_cancelled_never_begins(call: Call, run: Run) -> None:
    records.enter_stage(run.asset_id, run.run_id, Stage.DELIVER)
    refused(call("DELETE", f"/runs/{run.run_id}"), 409, "delivering")
    assert deliver.deliver(at_delivery(run)).status is Status.DELIVERED
    refused(call("DELETE", f"/runs/{run.run_id}"), 409, "over")


def test_a_cancelled_run_asks_no_further_model_and_is_not_mended(call: Call, run: Run, asked: list[object]) -> None:
    call("DELETE", f"/runs/{run.run_id}")
    with pytest.raises(PermanentFailure, match="superseded"):
        _submitted(run)
    assert asked == []
    mend(standing(run))
    assert list(all_executions()) == [run.run_id]


def test_an_overtaken_run_can_be_stopped_and_takes_nothing_from_the_one_that_counts(
    call: Call, run: Run, upload: Upload
) -> None:
    later = begin(run.source, documents.FIND, mask=upload("trip/photo.mask.png"))
    status, shown = call("DELETE", f"/runs/{run.run_id}")
    assert (status, shown["status"]) == (200, "SUPERSEDED")
    assert standing(later).status is Status.QUEUED
    assert all_executions() == {run.run_id: "ABORTED", later.run_id: "RUNNING"}


def test_a_trial_can_be_cancelled_and_its_asset_is_left_alone(call: Call, run: Run) -> None:
    trial = Run.plan(run.asset_id, run.source, documents.FIND, attempt=2, parent=run.run_id, trial=True)
    orders.try_out(trial.model_copy(update={"parent": None}))
    status, shown = call("DELETE", f"/runs/{trial.run_id}")
    assert (status, shown["status"]) == (200, "CANCELLED")
    assert standing(run).status is Status.QUEUED


def test_what_a_run_took_until_then_is_counted(call: Call, run: Run, tokens: TaskTokens, asked: list[object]) -> None:
    inference = _submitted(run)
    callback = records.find_callback(inference)
    assert callback is not None
    storage.write_text(callback.result, documents.result(Stage.MASK).model_dump_json())
    settle.settle(InferenceNotification.model_validate({"invocationStatus": "Completed", "inferenceId": inference}))
    assert records.waited_for(run.asset_id, run.run_id) == []
    _, shown = call("DELETE", f"/runs/{run.run_id}")
    assert shown["outcome"]["cost"]["seconds"] == 0.5


def test_a_token_is_kept_in_one_place_only(run: Run, asked: list[object]) -> None:
    _submitted(run)
    values = {":pk": {"S": f"ASSET#{run.asset_id}"}}
    found = client("dynamodb").query(
        TableName="records", KeyConditionExpression="pk = :pk", ExpressionAttributeValues=values
    )
    assert TOKEN not in str(found["Items"])


def test_an_execution_that_never_was_is_stopped_already(aws: None) -> None:
    executions.stop(run_id("a", "b", "", "", "inspect", 1))
    assert table.get(items.run_place_key("r-" + "0" * 40)) is None
