"""The gate at native size: what passes, what is tried with another model, what a person is asked about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import PermanentFailure
from schemas.finding import Change, Finding, Guard
from schemas.gate import Step, judge
from schemas.policy import Policy, Route
from schemas.recipe import ModelStep, Recipe, UpscaleStep
from schemas.routing import route_of
from schemas.run import MOST_ATTEMPTS, RunState
from schemas.stage import Stage
from tests import documents
from tests.documents import EDIT, GOOD

TRIED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)
FACE = Finding(guard=Guard.FACES, change=Change.TOUCHED, box={"x": 1, "y": 2, "width": 3, "height": 4}, detail="A face")
MISSING = PermanentFailure("`lama` has no weights here.", code="weights_missing")


def _recipe(models: tuple[str, ...] = ("fsr", "patchmatch"), at_most: int = 2, **policy: Any) -> Recipe:
    fallbacks = {"on_low_confidence": {"try": list(models), "at_most": at_most}} if models else {}
    return EDIT.model_copy(update={"policy": Policy.model_validate({"deliver_above": 0.6, **fallbacks, **policy})})


def _assessed(state: RunState, confidence: float | None, *findings: Finding) -> RunState:
    """Let the stages of a trial answer."""
    answers: dict[Stage, Any] = {stage: documents.summary(stage) for stage in TRIED}
    name = state.filled_by.model if state.filled_by else ""
    answers[Stage.INPAINT] = answers[Stage.INPAINT].model_copy(update={"model": name})
    answers[Stage.ASSESS] = documents.summary(Stage.ASSESS, confidence=confidence, findings=list(findings))
    return state.model_copy(update={"results": {**state.results, **answers}})


def _start(recipe: Recipe) -> RunState:
    return documents.state(documents.run(recipe, mask=documents.MASK), Stage.MASK)


def test_what_is_trusted_passes_at_once() -> None:
    answer = judge(_assessed(_start(_recipe()), 0.6))
    assert (answer.step, answer.decision.rule, answer.state.fill) == (Step.PASS, "confidence-reached", None)


@pytest.mark.parametrize("confidence", [0.59, None])
def test_what_is_not_trusted_is_tried_with_the_next_model_and_loses_its_results(confidence: float | None) -> None:
    answer = judge(_assessed(_start(_recipe()), confidence))
    assert (answer.step, answer.state.filled_by and answer.state.filled_by.model) == (Step.TRY, "fsr")
    assert set(answer.state.results) == {Stage.MASK}


def test_the_first_model_that_is_trusted_ends_the_trying() -> None:
    second = judge(_assessed(_start(_recipe()), 0.2)).state
    answer = judge(_assessed(second, 0.8))
    assert (answer.step, [trial.model for trial in answer.state.trials]) == (Step.PASS, ["by-hole", "fsr"])
    assert answer.state.results[Stage.INPAINT].model == "fsr"


def test_the_best_of_all_trials_is_shown_to_a_person() -> None:
    state = _start(_recipe())
    for confidence in (0.2, 0.5, 0.4):
        answer = judge(_assessed(state, confidence))
        state = answer.state
    assert answer.step is Step.ASK
    assert state.results[Stage.ASSESS].confidence == 0.5
    assert state.fill == ModelStep(model="fsr")


def test_of_equals_the_recipes_own_choice_stays() -> None:
    second = judge(_assessed(_start(_recipe(("fsr",))), 0.3)).state
    answer = judge(_assessed(second, 0.3))
    assert (answer.state.fill, answer.state.results[Stage.INPAINT].model) == (None, "by-hole")


def test_a_model_that_cannot_work_here_is_passed_over_and_not_counted() -> None:
    second = judge(_assessed(_start(_recipe(("lama", "fsr"), at_most=1)), 0.3)).state
    third = judge(second, MISSING)
    assert (third.step, third.state.filled_by and third.state.filled_by.model) == (Step.TRY, "fsr")
    assert third.state.trials[-1].failed_because == MISSING.message
    last = judge(_assessed(third.state, 0.1))
    assert (last.step, last.state.results[Stage.ASSESS].confidence) == (Step.ASK, 0.3)


def test_the_recipes_own_model_is_not_tried_twice() -> None:
    assert judge(_assessed(_start(_recipe(("by-hole",))), 0.1)).step is Step.ASK


def test_what_a_guard_found_goes_to_a_person_and_not_to_another_model() -> None:
    answer = judge(_assessed(_start(_recipe()), 0.99, FACE))
    assert (answer.step, answer.decision.rule) == (Step.ASK, "guard-faces")
    assert answer.decision.findings == [FACE]
    assert "1,2" in answer.decision.reason


def test_a_result_without_a_find_is_better_than_a_surer_one_with() -> None:
    second = judge(_assessed(_start(_recipe(("fsr",))), 0.3)).state
    answer = judge(_assessed(second, 0.5, FACE))
    assert answer.state.results[Stage.INPAINT].model == "by-hole"


def test_what_a_guard_found_that_is_switched_off_does_not_make_a_result_worse() -> None:
    second = judge(_assessed(_start(_recipe(("fsr",), guards={"faces": False})), 0.3)).state
    answer = judge(_assessed(second, 0.9, FACE))
    assert (answer.step, answer.state.results[Stage.INPAINT].model) == (Step.PASS, "fsr")


@pytest.mark.parametrize(("ahead", "expected"), [(0.01, Step.PASS), (0.03, Step.ASK), (None, Step.PASS)])
def test_what_is_too_dear_to_enlarge_waits_for_a_person(ahead: float | None, expected: Step) -> None:
    recipe = _recipe((), max_cost=0.05).model_copy(update={"upscale": UpscaleStep(model="span-x2", scale=2)})
    answer = judge(_assessed(_start(recipe), 0.9), spent=0.03, ahead=ahead)
    assert answer.step is expected
    routed = route_of(answer.state)
    assert (routed.route is Route.REVIEW) is (expected is Step.ASK)
    assert (routed.rule == "max-cost") is (expected is Step.ASK)


def test_money_for_the_enlargement_is_not_spent_on_another_trial() -> None:
    state = _assessed(_start(_recipe(max_cost=0.05)), 0.3)
    assert judge(state, spent=0.02, ahead=0.0).step is Step.TRY
    answer = judge(state, spent=0.02, ahead=0.029)
    assert (answer.step, answer.decision.rule) == (Step.ASK, "confidence-below-threshold")


def test_a_trial_that_was_not_made_because_of_its_cost_is_told_in_words() -> None:
    answer = judge(_assessed(_start(_recipe(max_cost=0.05)), 0.3), spent=0.02, ahead=0.04)
    assert answer.decision.reason == (
        "Confidence 0.30 is below 0.60. `fsr` was not tried: with it the picture would cost about $0.0750; "
        "the recipe allows $0.0500."
    )
    assert route_of(answer.state) == answer.decision


@given(
    confidence=st.floats(0, 1) | st.none(),
    findings=st.lists(st.just(FACE), max_size=2),
    review=st.sampled_from(["by-score", "always", "never"]),
    spent=st.floats(0, 0.1) | st.none(),
)
def test_the_route_asks_for_the_reason_for_which_the_gate_asked(
    confidence: float | None, findings: list[Finding], review: str, spent: float | None
) -> None:
    state = _assessed(_start(_recipe((), review=review, max_cost=0.05)), confidence, *findings)
    answer = judge(state, spent=spent, ahead=0.01)
    assert route_of(answer.state) == answer.decision
    assert (answer.step is Step.PASS) is (answer.decision.route is Route.AUTO)


def test_what_was_not_measured_never_passes() -> None:
    assert judge(_start(_recipe((), review="never"))).step is not Step.PASS


@given(confidences=st.lists(st.floats(0, 0.59) | st.none() | st.just("fails"), min_size=12, max_size=12))
def test_the_trying_ends(confidences: list[Any]) -> None:
    recipe = _recipe(tuple(f"m{number}" for number in range(10)), at_most=3)
    state, turns = _start(recipe), 0
    for confidence in confidences:
        turns += 1
        failed = confidence == "fails" and bool(state.trials)
        score = None if confidence == "fails" else confidence
        answer = judge(state, MISSING) if failed else judge(_assessed(state, score))
        state = answer.state
        if answer.step is not Step.TRY:
            break
    assert answer.step is Step.ASK
    assert turns <= MOST_ATTEMPTS
    known = [trial.confidence for trial in state.trials if trial.confidence is not None]
    assert state.results[Stage.ASSESS].confidence == max(known, default=None)
    assert state.results[Stage.ASSESS].signals == GOOD


def test_a_state_with_every_trial_stays_far_below_what_step_functions_carries() -> None:
    state = _start(_recipe(tuple(f"m{number}" for number in range(10)), at_most=3))
    many = [FACE.model_copy(update={"detail": "x" * 200}) for _ in range(20)]
    off = {"deliver_above": 1.0, "guards": dict.fromkeys(Guard, False)}
    state = state.model_copy(update={"run": documents.run(_recipe(("a", "b", "c"), 3, **off), mask=documents.MASK)})
    for _ in range(4):
        state = judge(_assessed(state, 0.1, *many)).state
    assert len(state.trials) == 4
    assert len(state.model_dump_json()) < 100_000
