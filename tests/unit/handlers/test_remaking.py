"""A redo begins at the first stage that comes out otherwise, comes back to a person, and knows where it came from."""

from collections.abc import Callable
from typing import Any

import pytest

from handlers import finish, judge, route
from handlers.aws import reviews as kept
from handlers.aws import storage
from handlers.aws import verdicts as labels
from handlers.lineage import stages_behind
from schemas.asset import Status
from schemas.events import StateMachineError
from schemas.gate import Step
from schemas.plan import request_for
from schemas.redo import Strokes
from schemas.run import Run, RunState
from schemas.stage import Stage
from tests import documents
from tests.unit.handlers.conftest import Upload
from tests.unit.handlers.http_calls import refused
from tests.unit.handlers.journeys import at_delivery, standing
from tests.unit.handlers.reviewing import ADA, Ask, asking, path, review_of, waiting, with_policy
from tests.unit.handlers.test_deciding import _started

STROKE = {"paint": True, "radius": 12, "points": [[10, 10], [40, 22]]}


@pytest.fixture
def ask(aws: None, captured: Callable[[str], Any], context: Any) -> Ask:
    return asking(captured, context)


def _redo(ask: Ask, run: Run, end: str = "redo", **changes: Any) -> RunState:
    status, body = ask("POST", path(run, end), changes)
    assert status == 200, body
    return _started(body["run_id"])


def test_another_model_fills_the_same_mask_and_nothing_else_replaces_it(ask: Ask, upload: Upload) -> None:
    recipe = with_policy(documents.PRINT, on_low_confidence={"try": ["telea"], "at_most": 1})
    before = waiting(upload, recipe)
    state = _redo(ask, before.run, model="patchmatch")
    assert (state.run.entry, set(state.results)) == (Stage.INPAINT, {Stage.MASK})
    assert state.filled_by is not None
    assert (state.filled_by.model, state.run.recipe.policy.on_low_confidence) == ("patchmatch", None)
    assert (state.run.parent, state.run.attempt) == (before.run.run_id, 2)
    assert (review_of(before.run).state, review_of(before.run).next_run) == ("decided", state.run.run_id)
    assert [verdict.opinion.verdict for verdict in labels.page()[0]] == ["redo"]


def test_what_was_done_again_is_seen_before_it_is_enlarged_or_delivered(ask: Ask, upload: Upload) -> None:
    recipe = documents.FIND.model_copy(update={"upscale": documents.PRINT.upscale})
    state = _redo(ask, waiting(upload, recipe).run, context=2)
    assert state.run.context == 2
    made = at_delivery(state.run)
    assert judge.judged(made, None).step is Step.ASK
    assert route.route(made).rule == "redone"


def test_strokes_are_kept_and_drawn_onto_the_mask_that_there_was(ask: Ask, upload: Upload) -> None:
    before = waiting(upload)
    state = _redo(ask, before.run, strokes=[STROKE])
    request = request_for(Stage.MASK, state, work_bucket=documents.WORK)
    assert request.inputs["mask"] == before.output(Stage.MASK, "mask")
    text = storage.read_text(request.inputs["strokes"])
    assert text is not None
    assert Strokes.model_validate_json(text).strokes[0].points == [(10, 10), (40, 22)]
    assert (state.run.entry, state.results, request.model) == (Stage.MASK, {}, "supplied-mask")


def test_a_mask_can_be_painted_from_nothing_and_a_box_replaces_it(ask: Ask, upload: Upload) -> None:
    state = _redo(ask, waiting(upload).run, strokes=[STROKE], start_from="empty")
    assert set(request_for(Stage.MASK, state, work_bucket=documents.WORK).inputs) == {"source", "strokes"}
    box = {"x": 5, "y": 6, "width": 70, "height": 80}
    state = _redo(ask, waiting(upload, key="trip/2.jpg").run, box=box)
    request = request_for(Stage.MASK, state, work_bucket=documents.WORK)
    assert (request.parameters["box"], "mask" in request.inputs) == (box, False)


def test_a_statement_that_was_missing_lets_the_run_begin(ask: Ask, upload: Upload) -> None:
    from handlers import reviews
    from schemas.records import Outcome
    from tests.unit.handlers.journeys import begin

    recipe = with_policy(documents.FIND, rights="required", max_cost=0.0001)
    run = begin(upload("trip/photo.jpg"), recipe)
    outcome = Outcome(status=Status.AWAITING_REVIEW, reason="Rights?", code="rights", rule="rights-missing")
    reviews.ask_a_person(documents.state(run), outcome)
    state = _redo(ask, run, rights="owned", allow_cost=True)
    assert (state.run.entry, state.run.rights, state.inspection) == (Stage.INSPECT, "owned", None)
    assert state.run.recipe.policy.max_cost is None


def test_other_words_are_tried_on_the_light_generator_first(ask: Ask, upload: Upload) -> None:
    before = waiting(upload, documents.WORDED, Stage.PREVIEW, rule="prompt-agreement")
    state = _redo(ask, before.run, prompt="a mill at noon")
    assert (state.run.entry, state.run.recipe.prompt) == (Stage.PREVIEW, "a mill at noon")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"prompt": "a mill"}, "redo"),
        ({"box": {"x": 5000, "y": 0, "width": 3, "height": 3}}, "bad_box"),
        ({"strokes": [{**STROKE, "paint": False}], "start_from": "empty"}, "mask_empty"),
        ({"strokes": [STROKE], "box": {"x": 0, "y": 0, "width": 3, "height": 3}}, "bad_request"),
        ({"strokes": []}, "bad_request"),
        ({"model": "../etc"}, "bad_request"),
        ({"context": 100}, "bad_request"),
        ({"moon": True}, "bad_request"),
    ],
)
def test_changes_that_cannot_be_made_are_refused_and_lose_nothing(
    ask: Ask, upload: Upload, changes: dict[str, Any], code: str
) -> None:
    run = waiting(upload).run
    refused(ask("POST", path(run, "redo"), changes), 400, code)
    assert (review_of(run).state, standing(run).status) == ("open", Status.AWAITING_REVIEW)


def test_conservative_switches_every_guard_on(ask: Ask, upload: Upload) -> None:
    recipe = with_policy(documents.FIND, guards={"text": False})
    policy = _redo(ask, waiting(upload, recipe).run, conservative=True).run.recipe.policy
    assert (policy.conservative, len(policy.active_guards)) == (True, 4)


def test_a_redo_that_fails_goes_back_to_a_person(ask: Ask, upload: Upload) -> None:
    state = _redo(ask, waiting(upload).run, strokes=[STROKE])
    error = StateMachineError.model_validate({"Error": "BadInput", "Cause": '{"errorMessage": "strokes: Unreadable."}'})
    outcome = finish.finish(state, error)
    assert (outcome.status, outcome.rule) == (Status.AWAITING_REVIEW, "redo-failed")
    review = review_of(state.run)
    assert "Unreadable" in review.reason
    assert review.parent == state.run.parent


def test_a_trial_shows_what_would_come_out_and_changes_nothing(ask: Ask, upload: Upload) -> None:
    before = waiting(upload)
    asset = standing(before.run)
    trial = _redo(ask, before.run, "trials", context=2)
    shown = path(before.run, f"trials/{trial.run.run_id}")
    assert ask("GET", shown)[1] == {"state": "running", "reason": None, "proofs": None}
    assert route.route(at_delivery(trial.run)).rule == "trial"
    assert ask("GET", shown)[1]["state"] == "done"
    assert (standing(before.run), review_of(before.run).state) == (asset, "open")
    assert [item["run_id"] for item in ask("GET", "/reviews")[1]["items"]] == [before.run.run_id]
    assert [entry.what for entry in kept.trail(before.run.asset_id, before.run.run_id)] == ["opened", "tried"]

    state = _redo(ask, before.run, context=2)  # the same for good: the same requests, so the same answers are found
    assert request_for(Stage.INPAINT, state, work_bucket="work") == request_for(
        Stage.INPAINT, trial, work_bucket="work"
    )


def test_a_trial_is_shown_although_a_rule_objects_to_it(ask: Ask, upload: Upload) -> None:
    before = waiting(upload, with_policy(documents.FIND, review="always"))
    trial = _redo(ask, before.run, "trials", context=2)
    decision = route.route(at_delivery(trial.run))
    assert decision.rule == "review-always"
    answer = ask("GET", path(before.run, f"trials/{trial.run.run_id}"))[1]
    assert (answer["state"], answer["reason"]) == ("done", decision.reason)


def test_a_trial_that_fails_says_why(ask: Ask, upload: Upload) -> None:
    before = waiting(upload)
    trial = _redo(ask, before.run, "trials", model="unknown-model")
    error = StateMachineError.model_validate(
        {"Error": "PermanentFailure", "Cause": '{"errorMessage": "unknown_model: There is none."}'}
    )
    finish.finish(trial, error)
    answer = ask("GET", path(before.run, f"trials/{trial.run.run_id}"))[1]
    assert (answer["state"], answer["reason"]) == ("failed", "There is none.")
    refused(ask("GET", path(before.run, f"trials/{before.run.run_id}")), 404, "unknown_trial")


def test_both_results_are_shown_and_the_trail_says_what_was_changed(ask: Ask, upload: Upload) -> None:
    before = waiting(upload)
    state = _redo(ask, before.run, model="patchmatch", reason="visible-repair")
    route.route(at_delivery(state.run))
    item = ask("GET", path(state.run))[1]
    assert (item["parent"]["run_id"], item["attempt"]) == (before.run.run_id, 2)
    assert [each["run_id"] for each in item["earlier"]] == [before.run.run_id]
    entries = ask("GET", path(before.run, "trail"))[1]["entries"]
    assert [(entry["what"], entry["by"]["who"]) for entry in entries][-1] == ("redone", ADA)
    assert entries[-1]["why"] == "model patchmatch; visible-repair"
    assert entries[-1]["next_run"] == state.run.run_id


def test_the_stages_behind_a_run_are_its_own_and_those_whose_work_it_kept(ask: Ask, upload: Upload) -> None:
    from handlers.aws import dossier, records
    from schemas.records import StageRecord, now

    def note(run: Run, *stages: Stage) -> None:
        for stage in stages:
            moment = now()
            records.add_stage(
                StageRecord(asset_id=run.asset_id, run_id=run.run_id, stage=stage, started_at=moment, ended_at=moment)
            )

    before = waiting(upload)
    note(before.run, Stage.INSPECT, Stage.MASK, Stage.INPAINT, Stage.ROUTE)
    state = _redo(ask, before.run, model="patchmatch")
    note(state.run, Stage.INPAINT)
    behind = stages_behind(dossier.read(state.run.asset_id), state.run.run_id)
    assert [(each.stage, each.run_id == state.run.run_id) for each in behind] == [
        (Stage.INSPECT, False),
        (Stage.MASK, False),
        (Stage.INPAINT, True),
    ]
