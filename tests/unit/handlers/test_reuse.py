"""What was made once is found again by what it was made of: endpoints are asked only for what is new."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from handlers import prices, settle, submit
from handlers.aws import records, storage
from schemas import ids
from schemas.delivering import DeliverStep
from schemas.plan import request_for
from schemas.pointers import S3Pointer
from schemas.recipe import ModelStep, Recipe
from schemas.run import Run, RunState, StageSummary
from schemas.stage import Stage, StageRequest
from tests import documents
from tests.documents import EDIT, INBOX, MASK, PHOTO, WORK
from tests.unit.handlers.conftest import TaskTokens

STAGES = (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
ELSEWHERE = S3Pointer(bucket=INBOX, key="other/name.jpg", version_id="x9")
Walk = Callable[[Run], list[Stage]]


@pytest.fixture
def walk(tokens: TaskTokens, asked: list[dict[str, Any]], context: Any) -> Walk:
    """Take a run through its model stages, as the chain does; return those that an endpoint was asked for."""

    def through(run: Run) -> list[Stage]:
        records.begin(_asset(run), None, replaces=records.find_asset(run.asset_id))
        mask = run.mask.model_copy(update={"sha256": "cd" * 32}) if run.mask else None
        state, worked = RunState(run=run, inspection=documents.inspection(mask=mask)), []
        for stage in STAGES:
            before, token = len(asked), f"{run.run_id}-{stage}"
            submit.handler({"stage": stage, "task_token": token, "state": state.model_dump(mode="json")}, context)
            if len(asked) > before:
                worked.append(stage)
                _work(request_for(stage, state, work_bucket=WORK), token, context)
            summary = StageSummary.model_validate_json(tokens.answered[-1]["output"])
            assert summary.reused is (stage not in worked)
            state = state.model_copy(update={"results": {**state.results, stage: summary}})
        spent = prices.cost_of(state)
        assert spent.seconds == pytest.approx(0.5 * len(worked))
        return worked

    return through


def _asset(run: Run) -> records.AssetRecord:
    moment = records.now()
    return records.AssetRecord(
        asset_id=run.asset_id,
        source=run.source,
        size_bytes=1,
        run_id=run.run_id,
        status=records.Status.QUEUED,
        created_at=moment,
        updated_at=moment,
    )


def _work(request: StageRequest, token: str, context: Any) -> None:
    """Do as a container does: its outputs lie below the place of the request, and are what the request makes them."""
    made = documents.result(request.stage)
    sha256 = ids.digest(request.output.key)
    outputs = {
        name: S3Pointer(bucket=WORK, key=f"{request.output.key}{name}", version_id="1", sha256=sha256)
        for name in made.outputs
    }
    answer = made.model_copy(update={"outputs": outputs})
    storage.write_text(request.result_pointer, answer.model_dump_json())
    told = {"invocationStatus": "Completed", "inferenceId": ids.inference_id(token)}
    settle.handler({"Records": [{"Sns": {"Message": json.dumps(told)}}]}, context)


def _refined(recipe: Recipe) -> Recipe:
    return recipe.model_copy(update={"refine": ModelStep(model="classical-refine", parameters={"grain": 0.5})})


def test_the_same_picture_under_another_name_finds_everything(walk: Walk) -> None:
    assert walk(documents.run(mask=MASK)) == list(STAGES)
    other_mask = MASK.model_copy(update={"key": "other/name.mask.png", "version_id": "m9"})
    assert walk(documents.run(source=ELSEWHERE, mask=other_mask)) == []


def test_another_way_of_refining_asks_for_nothing_but_that_and_what_judges_it(walk: Walk) -> None:
    walk(documents.run(mask=MASK))
    assert walk(documents.run(_refined(EDIT), mask=MASK, attempt=2)) == [Stage.REFINE, Stage.ASSESS]
    png = EDIT.model_copy(update={"deliver": DeliverStep(format="png")})
    assert walk(documents.run(png, mask=MASK, attempt=3)) == [Stage.REFINE, Stage.ASSESS]


def test_another_seed_asks_for_all_that_is_made_up_and_not_for_the_mask(walk: Walk) -> None:
    walk(documents.run(mask=MASK))
    assert walk(documents.run(EDIT.with_seed(7), mask=MASK, attempt=2)) == list(STAGES[1:])


def test_another_box_asks_for_everything(walk: Walk) -> None:
    from schemas.pointers import Box

    walk(documents.run(box=Box(x=1, y=2, width=3, height=4)))
    assert walk(documents.run(box=Box(x=1, y=2, width=3, height=5), attempt=2)) == list(STAGES)


def test_without_the_cache_everything_is_asked_for_and_found_by_nobody_else(walk: Walk) -> None:
    walk(documents.run(mask=MASK))
    anew = documents.run(mask=MASK, cache=False, attempt=2)
    assert walk(anew) == list(STAGES)
    assert walk(anew.again()) == list(STAGES)
    assert walk(documents.run(mask=MASK, attempt=3)) == []


def test_a_mask_that_was_not_inspected_with_the_run_is_not_taken_for_the_one_that_was() -> None:
    inspected = documents.inspection(mask=MASK.model_copy(update={"sha256": "cd" * 32}))
    newer = MASK.model_copy(update={"version_id": "m2"})
    for mask, sha256 in ((MASK, "cd" * 32), (newer, None)):
        state = RunState(run=documents.run(mask=mask), inspection=inspected)
        given = request_for(Stage.MASK, state, work_bucket=WORK).inputs
        assert (given["mask"].sha256, given["source"].sha256) == (sha256, inspected.sha256)
        assert given["source"].same_version(PHOTO)
