"""A replay says of each stage whether it made the same, and what was otherwise where it did not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.comparing import Change, changes, flat, made
from schemas.pointers import S3Pointer
from schemas.records import Outcome, RunRecord, StageRecord
from schemas.replay import StageReplay, compare_stages, replay_order, why_not_replay
from schemas.routing import route_of
from schemas.run import Run
from schemas.stage import ModelUse, Stage, WeightUse
from tests import documents

BEGAN = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
SHAS = {name: f"{number:02x}" * 32 for number, name in enumerate(("photo", "mask", "edits", "image", "other"), 1)}
NET = ModelUse(
    name="net",
    version="1",
    licence="MIT",
    commercial_use=True,
    weights=[WeightUse(file="net.onnx", sha256=SHAS["photo"])],
    libraries={"numpy": "2.3.0"},
)
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
documents_ = st.dictionaries(st.text(min_size=1, max_size=5), st.lists(leaves, max_size=3) | leaves, max_size=5)


def _file(name: str, content: str | None = None) -> S3Pointer:
    return S3Pointer(bucket=documents.WORK, key=f"stages/{name}", version_id="v", sha256=SHAS[content or name])


def _stage(stage: Stage, at: int, **facts: Any) -> StageRecord:
    moment = BEGAN + timedelta(seconds=at)
    ids = {"asset_id": "a-1", "run_id": "r-1", "stage": stage, "started_at": moment, "ended_at": moment}
    return StageRecord.model_validate({"model": NET, **ids, **facts})


def _chain(**otherwise: Any) -> list[StageRecord]:
    """Mask, fill, finish, decide; ``otherwise`` replaces facts of the fill."""
    filled = {"inputs": {"mask": _file("mask")}, "outputs": {"edits": _file("edits")}, "parameters": {"seed": 7}}
    filled |= otherwise
    edits = filled["outputs"]["edits"]
    image = _file("image", None if edits.sha256 == SHAS["edits"] else "other")
    return [
        _stage(Stage.MASK, 1, inputs={"source": _file("photo")}, outputs={"mask": _file("mask")}),
        _stage(Stage.INPAINT, 2, **filled),
        _stage(Stage.REFINE, 3, inputs={"edits": edits}, outputs={"image": image}),
        _stage(Stage.ROUTE, 4, model=None, parameters={"rule": "deliver", "route": "auto"}),
        _stage(Stage.DELIVER, 5, model=None, outputs={"native": _file("image")}),
    ]


def _by_stage(stages: list[StageReplay]) -> dict[str, StageReplay]:
    return {stage.stage: stage for stage in stages}


def test_what_made_the_same_is_identical_whenever_it_was_done_and_wherever_it_lies() -> None:
    again = [
        stage.model_copy(
            update={
                "run_id": "r-2",
                "started_at": BEGAN + timedelta(days=9),
                "model_seconds": 3.0,
                "outputs": {
                    name: file.model_copy(update={"key": "stages/elsewhere", "version_id": "w"})
                    for name, file in stage.outputs.items()
                },
            }
        )
        for stage in _chain()[:4]
    ]
    found = compare_stages(_chain(), again)
    assert [stage.sameness for stage in found] == [*["identical"] * 4, "not-repeated"]
    assert all(stage.is_good and not stage.made and not stage.because for stage in found)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"version": "2"}, "model.version"),
        ({"weights": [WeightUse(file="net.onnx", sha256=SHAS["other"])]}, "weights.net.onnx"),
        ({"libraries": {"numpy": "2.4.0"}}, "libraries.numpy"),
        ({"device": "cuda"}, "device"),
    ],
)
def test_what_differs_names_what_was_otherwise(changed: dict[str, Any], what: str) -> None:
    after = _chain(model=NET.model_copy(update=changed), outputs={"edits": _file("edits", "other")})
    found = _by_stage(compare_stages(_chain(), after[:4]))
    assert (found["mask"].sameness, found["inpaint"].sameness) == ("identical", "differs")
    assert [change.what for change in found["inpaint"].because] == [what]
    assert [change.what for change in found["inpaint"].made] == ["outputs.edits"]


def test_a_stage_that_was_given_something_else_only_follows() -> None:
    found = _by_stage(compare_stages(_chain(), _chain(outputs={"edits": _file("edits", "other")})[:4]))
    assert found["inpaint"].note == "Nothing that is recorded of it is otherwise."
    assert (found["refine"].sameness, found["route"].sameness) == ("follows", "identical")


def test_a_version_that_makes_the_same_bytes_is_told_and_does_no_harm() -> None:
    after = _chain(model=NET.model_copy(update={"libraries": {"numpy": "2.4.0"}}))
    fill = _by_stage(compare_stages(_chain(), after))["inpaint"]
    assert (fill.sameness, fill.because) == (
        "identical",
        [Change(what="libraries.numpy", before='"2.3.0"', after='"2.4.0"')],
    )


def test_another_decision_is_no_identical_stage() -> None:
    after = [*_chain()[:3], _stage(Stage.ROUTE, 4, model=None, parameters={"rule": "seam", "route": "review"})]
    route = _by_stage(compare_stages(_chain(), after))["route"]
    assert route.sameness == "differs"
    assert {change.what for change in route.made} == {"parameters.route", "parameters.rule"}


def test_the_second_fill_is_held_against_the_second_fill() -> None:
    before = [*_chain()[:2], _stage(Stage.INPAINT, 3, outputs={"edits": _file("edits", "other")})]
    found = compare_stages(before, list(before))
    assert [(stage.stage, stage.number, stage.sameness) for stage in found] == [
        ("mask", 1, "identical"),
        ("inpaint", 1, "identical"),
        ("inpaint", 2, "identical"),
    ]


def test_what_was_not_reached_says_why_and_what_is_new_is_shown() -> None:
    failed = compare_stages(_chain(), _chain()[:1], failure="The upload is no longer in the inbox.")
    assert [stage.sameness for stage in failed] == ["identical", *["not-reached"] * 3, "not-repeated"]
    assert failed[1].note == "The upload is no longer in the inbox."
    longer = compare_stages(_chain()[:1], _chain()[:2])
    assert [stage.sameness for stage in longer] == ["identical", "new"]


def test_a_rendered_file_is_known_by_its_bytes_before_they_were_signed() -> None:
    signed = _stage(
        Stage.UPSCALE, 5, outputs={"native": _file("image")}, parameters={"unsigned_sha256": {"native": "1"}}
    )
    again = signed.model_copy(update={"outputs": {"native": _file("image", "other")}})
    assert made(signed) == made(again) == {"outputs.native": "1"}


@given(documents_)
def test_a_document_is_never_otherwise_than_itself(document: dict[str, Any]) -> None:
    assert changes(flat(document), flat(document)) == []


@given(documents_, documents_)
def test_whatever_is_otherwise_is_named(one: dict[str, Any], other: dict[str, Any]) -> None:
    kept = {name: value for name, value in flat(one).items() if value is not None}
    new = {name: value for name, value in flat(other).items() if value is not None}
    assert bool(changes(kept, new)) == (kept != new)


def test_a_replay_is_ordered_with_everything_that_decided_the_run_and_tells_nobody() -> None:
    run = documents.run(
        documents.EDIT.with_seed(7),
        mask=documents.MASK,
        marks=documents.MARKS,
        callback="https://a.example",
        tags={"a": "b"},
    )
    again = replay_order(run)
    assert (again.replay_of, again.trial, again.cache) == (run.run_id, True, False)
    assert (again.callback, again.tags, again.batch) == (None, {}, None)
    assert again.run_id not in (run.run_id, replay_order(again).run_id)
    kept = ("asset_id", "source", "recipe", "mask", "marks", "entry", "rights", "until", "parent", "ruling")
    assert [getattr(again, name) for name in kept] == [getattr(run, name) for name in kept]


def test_a_replay_decides_as_its_run_did() -> None:
    parent = documents.run()
    for run in (parent, documents.run(parent=parent.run_id, entry=Stage.INPAINT)):
        stages = (Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS)
        before, after = (route_of(documents.state(each, *stages)) for each in (run, replay_order(run)))
        assert before == after


@pytest.mark.parametrize(
    ("changes_", "over", "why"),
    [
        ({}, True, None),
        ({}, False, "under way"),
        ({"trial": True}, True, "tried something out"),
        ({"trial": True, "replay_of": "r-0"}, True, "replay itself"),
    ],
)
def test_only_what_is_over_and_was_meant_is_done_again(changes_: dict[str, Any], over: bool, why: str | None) -> None:
    run: Run = documents.run(**changes_)
    outcome = Outcome(status="DELIVERED", reason="Good.", code="delivered") if over else None
    record = RunRecord(run=run, recipe_sha256=run.recipe.sha256, started_at=BEGAN, outcome=outcome)
    reason = why_not_replay(record)
    assert (reason is None) if why is None else (why in str(reason))
