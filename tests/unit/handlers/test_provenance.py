"""What is written down of a stage says exactly what did it, and is added once and never changed."""

import platform
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import deliver, judge, provenance, route, settle
from handlers.aws import records
from schemas.pointers import Box, S3Pointer
from schemas.records import Callback, MaskFacts, StageRecord, now
from schemas.review import Ruling
from schemas.run import Run
from schemas.stage import EditedArea, MaskedArea, Stage, StageResult
from tests import documents
from tests.documents import WORK
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.journeys import at_delivery, begin

BOX = Box(x=10, y=20, width=64, height=48)
AREA = EditedArea(box=BOX, crop=BOX.widened(32, 480, 640), hole_pixels=3072, model="lama")
EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
own_run = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
"""Of examples that each write about a run of their own: one table will do for all of them."""
ATTEMPTS = st.lists(
    st.tuples(st.sampled_from([*EDITED, Stage.JUDGE, Stage.ROUTE]), st.integers(1, 3), st.booleans()),
    min_size=1,
    max_size=25,
)


def asked(run: Run, stage: Stage, **changes: Any) -> Callback:
    """Remember who waits for a stage of a run, as `submit` does."""
    facts = {
        "inference_id": "i-1",
        "task_token": "token",
        "asset_id": run.asset_id,
        "run_id": run.run_id,
        "stage": stage,
        "inputs": {"source": documents.PHOTO},
        "result": S3Pointer(bucket=WORK, key=f"stages/{stage}/result.json"),
        "submitted_at": now(),
        "expires_at": 2_000_000_000,
    }
    return Callback.model_validate(facts | changes)


def written(result: StageResult, **changes: Any) -> StageRecord:
    """Describe a stage of some run."""
    callback = asked(documents.run(), result.stage, **changes)
    return provenance.of_model(callback, result, reused=False)


def test_a_mask_is_written_down_with_its_version_and_what_it_covers() -> None:
    area = MaskedArea(box=BOX, share=0.01)
    found = written(documents.result(Stage.MASK, masked=[area], masked_share=0.01))
    assert found.mask == MaskFacts(kept=found.outputs["mask"], share=0.01, areas=[area])
    assert written(documents.result(Stage.MASK, outputs={}, masked_share=0)).mask == MaskFacts(share=0)


def test_a_fill_is_written_down_with_its_mask_its_crops_and_its_share() -> None:
    found = written(documents.result(Stage.INPAINT, areas=[AREA]), inputs={"mask": documents.MASK}, trial=2)
    assert found.mask == MaskFacts(kept=documents.MASK)
    assert (found.areas, found.trial) == ([AREA], 2)
    assert found.edited_share == pytest.approx(3072 / (640 * 480))


@pytest.mark.parametrize(
    ("stage", "share"), [(Stage.GENERATE, 1.0), (Stage.INPAINT, 0.0), (Stage.ASSESS, None), (Stage.UPSCALE, None)]
)
def test_a_share_is_said_of_what_changes_pixels_alone(stage: Stage, share: float | None) -> None:
    assert written(documents.result(stage)).edited_share == share


def test_a_stage_costs_its_seconds_and_nothing_where_its_answer_was_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSTANCE_TYPE", "ml.g5.xlarge")
    callback, result = asked(documents.run(), Stage.MASK), documents.result(Stage.MASK, seconds=36)
    paid = provenance.of_model(callback, result, reused=False).cost
    free = provenance.of_model(callback, result, reused=True).cost
    assert paid is not None
    assert free is not None
    hourly = provenance.prices().instances["ml.g5.xlarge"]
    assert paid.dollars == pytest.approx(hourly / 100)
    assert (paid.seconds, free.seconds, free.dollars) == (36, 0, 0)


def test_our_own_stages_name_their_libraries_and_what_computed(aws: None) -> None:
    state = documents.state(begin(documents.PHOTO), *EDITED)
    judge.judged(state, None)
    route.route(state)
    for stage in records.stages_of(state.run.asset_id, state.run.run_id):
        assert stage.libraries["python"] == platform.python_version()
        assert {"pillow", "pydantic"} <= stage.libraries.keys()
        assert (stage.device, stage.model) == (f"cpu ({platform.machine()})", None)


def test_a_decision_names_its_rule_and_the_reviewer_behind_it(aws: None) -> None:
    ruling = Ruling(verdict="approve", who="person:1", name="kim")
    run = begin(documents.PHOTO).model_copy(update={"ruling": ruling})
    route.route(documents.state(run, *EDITED))
    (stage,) = records.stages_of(run.asset_id, run.run_id)
    assert (stage.decision, stage.rule, stage.ruling) == ("auto", "approved", ruling)


def test_a_delivery_names_the_keys_it_made(upload: Upload) -> None:
    state = at_delivery(begin(upload("trip/photo.jpg")))
    outcome = deliver.deliver(state)
    (stage,) = records.stages_of(state.run.asset_id, state.run.run_id)
    assert stage.delivered == [rendition.key for rendition in outcome.renditions]
    assert (stage.decision, stage.rule) == ("DELIVERED", outcome.rule)


@own_run
@given(attempts=ATTEMPTS)
def test_there_is_one_record_of_each_attempt_whatever_comes_twice_and_in_which_order(
    aws: None, attempts: list[tuple[Stage, int, bool]]
) -> None:
    run = documents.run(attempt=len(attempts), source=documents.PHOTO.model_copy(update={"key": f"{attempts}.jpg"}))
    start, firsts = now(), {}
    for number, (stage, trial, reused) in enumerate(attempts):
        moment = start + timedelta(seconds=number)
        record = StageRecord(
            asset_id=run.asset_id,
            run_id=run.run_id,
            stage=stage,
            trial=trial,
            started_at=moment,
            ended_at=moment,
            reused=reused,
            note=f"{number}",
        )
        assert records.add_stage(record) is ((stage, trial) not in firsts)
        firsts.setdefault((stage, trial), record)
    assert records.stages_of(run.asset_id, run.run_id) == list(firsts.values())


@own_run
@given(copies=st.permutations(["i-1", "i-1", "i-2", "i-2", "i-3"]))
def test_of_one_stage_the_first_answer_is_written_down_whoever_asked_for_it(aws: None, copies: list[str]) -> None:
    """A retry asks under another token; a notification may come late and twice; all answer for the same stage."""
    run = documents.run(source=documents.PHOTO.model_copy(update={"key": f"{copies}.jpg"}))
    for number, inference in enumerate(copies):
        callback = asked(run, Stage.INPAINT, inference_id=inference)
        result = documents.result(Stage.INPAINT, seconds=number)
        settle.record_result(callback, result, reused=number > 0)
    (stage,) = records.stages_of(run.asset_id, run.run_id)
    assert (stage.model_seconds, stage.reused) == (0, False)
