"""A run's provenance is told as one document: what was ordered, what led to the result, who decided."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers import orders, route, settle
from handlers.aws import records
from handlers.aws.clients import client
from handlers.deliver import deliver
from handlers.inspect import inspect
from handlers.judge import judged
from schemas.pointers import S3Pointer
from schemas.policy import Policy
from schemas.provenance import RunProvenance
from schemas.records import StageRecord, now
from schemas.review import Ruling
from schemas.run import Run, RunState
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import Call, refused
from tests.unit.handlers.journeys import begin, with_renditions
from tests.unit.handlers.pictures import COLOUR, encoded
from tests.unit.handlers.reviewing import ADA, asking, waiting
from tests.unit.handlers.test_provenance import AREA, asked

EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)


def traced(call: Call, run_id: str) -> RunProvenance:
    """Ask for the provenance of a run."""
    status, body = call("GET", f"/runs/{run_id}/provenance")
    assert status == 200, body
    return RunProvenance.model_validate(body)


def worked(state: RunState, *stages: Stage, salt: str = "") -> RunState:
    """Let models answer for stages, each with files of its own, and write it down as `settle` does."""
    results = dict(state.results)
    for stage in stages:
        outputs = {
            name: S3Pointer(
                bucket=documents.WORK,
                key=f"stages/{stage}/{salt}{file}",
                sha256=hashlib.sha256(f"{salt}{stage}{name}".encode()).hexdigest(),
            )
            for name, file in documents.OUTPUTS.get(stage, {}).items()
        }
        answer = documents.result(stage, outputs=outputs, areas=[AREA] if stage is Stage.REFINE else [])
        given = {"source": documents.PHOTO, **{n: p for each in results.values() for n, p in each.outputs.items()}}
        results[stage] = settle.record_result(asked(state.run, stage, inputs=given), answer)
    return state.model_copy(update={"results": results, "inspection": documents.inspection()})


def left(state: RunState) -> None:
    """Leave the files of all stages where they say they are."""
    for summary in state.results.values():
        for output in summary.outputs.values():
            client("s3").put_object(Bucket=output.bucket, Key=output.key, Body=b"made")


def test_a_delivered_run_is_told_from_its_upload_to_its_files(call: Call, upload: Upload) -> None:
    run = begin(upload("trip/photo.png", encoded(COLOUR, "PNG")))
    inspected = inspect(RunState(run=run))
    state = worked(RunState(run=run, inspection=inspected), *EDITED)
    judged(state, None)
    route.route(state)
    left(state)
    outcome = deliver(with_renditions(state))
    found = traced(call, run.run_id)
    assert [stage.stage for stage in found.stages] == [
        *(Stage.INSPECT, *EDITED),
        *(Stage.JUDGE, Stage.ROUTE, Stage.DELIVER),
    ]
    assert [stage.part for stage in found.stages][:4] == ["looked", "chose", "made", "made"]
    assert (found.order, found.outcome, found.current) == (run, outcome, True)
    assert (found.source.sha256, found.mask) == (inspected.sha256, state.output(Stage.MASK, "mask"))
    assert found.edited_share == pytest.approx(3072 / (640 * 480))
    assert [stage.lacks for stage in found.stages] == [[]] * 8


def test_what_a_verdict_led_to_is_told_with_the_run_before_and_the_person(
    upload: Upload, captured: Callable[[str], Any], context: Any
) -> None:
    state = waiting(upload)
    judged(worked(state, *EDITED), None)
    ask = asking(captured, context)
    status, decided = ask("POST", f"/reviews/{state.run.asset_id}/{state.run.run_id}/verdict", {"verdict": "approve"})
    assert status == 200, decided
    status, body = ask("GET", f"/runs/{decided['next_run']}/provenance")
    found = RunProvenance.model_validate(body)
    assert {stage.run_id for stage in found.stages} == {state.run.run_id}
    assert found.stages[-1].stage is Stage.JUDGE  # that it was not trusted is a part of it
    assert [(verdict.who, verdict.opinion.verdict) for verdict in found.verdicts] == [(ADA, "approve")]
    assert [deed.what for deed in found.deeds] == ["opened", "approved"]
    assert found.order.ruling == Ruling(verdict="approve", who=ADA, name="ada")


def test_what_an_older_deployment_did_not_write_down_is_said_and_not_made_up(call: Call, upload: Upload) -> None:
    run, moment = begin(upload("old.jpg")), now()
    old = {"asset_id": run.asset_id, "run_id": run.run_id, "started_at": moment, "ended_at": moment}
    model = documents.result(Stage.MASK).model
    records.add_stage(StageRecord(stage=Stage.MASK, model=model, **old))
    records.add_stage(StageRecord(stage=Stage.ROUTE, **old))
    lacks = {stage.stage: stage.lacks for stage in traced(call, run.run_id).stages}
    assert lacks == {Stage.MASK: ["cost", "mask"], Stage.ROUTE: ["libraries", "device", "decision", "rule"]}


def test_a_trial_has_a_provenance_of_its_own(call: Call, upload: Upload) -> None:
    before = begin(upload("photo.jpg"), documents.EDIT.model_copy(update={"policy": Policy(review="always")}))
    run = Run.plan(before.asset_id, before.source, before.recipe, attempt=2, trial=True)
    orders.try_out(run)
    worked(RunState(run=run), Stage.MASK)
    found = traced(call, run.run_id)
    assert ([stage.stage for stage in found.stages], found.current) == ([Stage.MASK], False)


@pytest.mark.parametrize("name", ["r-" + "0" * 40, "x", "r" * 3000])
def test_a_run_of_which_nothing_is_known_is_not_found(call: Call, name: str) -> None:
    refused(call("GET", f"/runs/{name}/provenance"), 404, "unknown_run")


def test_the_schema_of_the_document_is_served(call: Call) -> None:
    status, schema = call("GET", "/provenance/schema")
    assert (status, schema["title"]) == (200, "RunProvenance")
    assert '"additionalProperties": false' not in json.dumps(schema)
