"""The gate writes down what it decided and why, and answers with the state that goes on."""

from typing import Any

import pytest

from handlers import judge
from handlers.aws import records
from schemas.errors import PermanentFailure
from schemas.policy import Policy
from schemas.run import RunState
from schemas.stage import Stage
from tests import documents
from tests.documents import EDIT, PRINT
from tests.unit.handlers.journeys import begin

EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)
TRIES = EDIT.model_copy(
    update={"policy": Policy.model_validate({"on_low_confidence": {"try": ["lama", "fsr"], "at_most": 1}})}
)


def _assessed(confidence: float) -> RunState:
    run = begin(documents.PHOTO, recipe=TRIES, mask=documents.MASK)
    return documents.state(run, *EDITED, (Stage.ASSESS, documents.summary(Stage.ASSESS, confidence=confidence)))


def _event(state: RunState) -> dict[str, Any]:
    return state.model_dump(mode="json", exclude_none=True)


def test_a_pass_is_answered_and_written_down(aws: None, context: Any) -> None:
    state = _assessed(0.9)
    answer = judge.handler(_event(state), context)
    assert answer["step"] == "pass"
    assert RunState.model_validate(answer["state"]).results == state.results
    (written,) = records.stages_of(state.run.asset_id, state.run.run_id)
    assert (written.stage, written.confidence) == (Stage.JUDGE, 0.9)
    assert written.note == "Confidence 0.90 reaches 0.60."
    assert written.parameters == {"rule": "confidence-reached", "step": "pass", "trial": 1}


def test_a_failed_trial_leads_to_the_next_model_and_says_what_was_missing(aws: None, context: Any) -> None:
    tried = judge.handler(_event(_assessed(0.3)), context)["state"]
    error = {"Error": "PermanentFailure", "Cause": '{"errorMessage": "weights_missing: `lama` has no weights here."}'}
    answer = judge.handler({"state": tried, "error": error}, context)
    assert answer["step"] == "try"
    state = RunState.model_validate(answer["state"])
    assert state.fill is not None
    assert state.fill.model == "fsr"
    assert {written.note for written in records.stages_of(state.run.asset_id, state.run.run_id)} == {
        "Confidence 0.30 is below 0.60.",
        "`lama` has no weights here.",
    }


def test_internals_of_an_unknown_error_are_not_written_down(aws: None, context: Any) -> None:
    tried = judge.handler(_event(_assessed(0.3)), context)["state"]
    error = {"Error": "KeyError", "Cause": '{"errorMessage": "secret"}'}
    state = RunState.model_validate(judge.handler({"state": tried, "error": error}, context)["state"])
    assert all("secret" not in (each.note or "") for each in records.stages_of(state.run.asset_id, state.run.run_id))


def test_a_run_that_was_overtaken_is_not_judged(aws: None, context: Any) -> None:
    tried = judge.handler(_event(_assessed(0.3)), context)["state"]
    error = {"Error": "PermanentFailure", "Cause": '{"errorMessage": "superseded: Another run took its place."}'}
    with pytest.raises(PermanentFailure, match="superseded"):
        judge.handler({"state": tried, "error": error}, context)


def test_a_good_picture_that_is_too_dear_to_enlarge_is_asked_about(
    aws: None, context: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "cost_ahead", lambda state: 0.03)
    recipe = PRINT.model_copy(update={"policy": Policy(max_cost=0.02)})
    run = begin(documents.PHOTO, recipe=recipe, mask=documents.MASK)
    answer = judge.handler(_event(documents.state(run, *EDITED, Stage.ASSESS)), context)
    assert answer["step"] == "ask"
    (written,) = records.stages_of(run.asset_id, run.run_id)
    assert written.parameters["rule"] == "max-cost"
    assert RunState.model_validate(answer["state"]).held is not None
