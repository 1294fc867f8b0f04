"""Who decides: hard rules first, then the recipe, then the confidence; each can say its reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.policy import Policy, Route
from schemas.routing import lowest_confidence, route_of
from schemas.rules import Evidence, decide
from schemas.run import StageSummary
from schemas.signals import Signals
from schemas.stage import Stage
from tests import documents
from tests.documents import GOOD

EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)
SPILLED = Signals(changed_outside_mask=1, mask_share=0.1)
HUGE = Signals(changed_outside_mask=0, mask_share=0.9)


def _scored(confidence: float | None) -> Evidence:
    return Evidence(signals=GOOD, confidence=confidence)


@pytest.mark.parametrize(
    ("policy", "signals", "confidence", "route", "rule"),
    [
        ({}, SPILLED, 1.0, Route.REVIEW, "nothing-outside-the-mask"),
        ({"review": "never"}, SPILLED, 1.0, Route.REVIEW, "nothing-outside-the-mask"),
        ({}, HUGE, 1.0, Route.REVIEW, "mask-share"),
        ({"review": "never"}, HUGE, 1.0, Route.REVIEW, "mask-share"),
        ({"review": "always"}, GOOD, 1.0, Route.REVIEW, "review-always"),
        ({"review": "never"}, GOOD, 0.0, Route.AUTO, "review-never"),
        ({"review": "never"}, GOOD, None, Route.AUTO, "review-never"),
        ({}, GOOD, None, Route.REVIEW, "confidence-unknown"),
        ({}, GOOD, 0.59, Route.REVIEW, "confidence-below-threshold"),
        ({}, GOOD, 0.6, Route.AUTO, "confidence-reached"),
        ({}, None, 0.6, Route.AUTO, "confidence-reached"),
    ],
)
def test_the_first_rule_that_applies_decides(
    policy: dict[str, Any], signals: Signals | None, confidence: float | None, route: Route, rule: str
) -> None:
    decision = decide(Policy(**policy), Evidence(signals=signals, confidence=confidence))
    assert (decision.route, decision.rule) == (route, rule)
    assert decision.reason.endswith(".")


@given(
    low=st.floats(0, 1), high=st.floats(0, 1), threshold=st.floats(0, 1), review=st.sampled_from(["by-score", "never"])
)
def test_more_confidence_never_sends_a_picture_to_a_person(
    low: float, high: float, threshold: float, review: str
) -> None:
    low, high = sorted((low, high))
    policy = Policy(deliver_above=threshold, review=review)
    if decide(policy, _scored(low)).route is Route.AUTO:
        assert decide(policy, _scored(high)).route is Route.AUTO


@given(confidence=st.floats(0, 1) | st.none(), review=st.sampled_from(["by-score", "always", "never"]))
def test_no_score_and_no_recipe_gets_past_a_hard_rule(confidence: float | None, review: str) -> None:
    policy = Policy(review=review, deliver_above=0)
    for signals in (SPILLED, HUGE):
        assert decide(policy, Evidence(signals=signals, confidence=confidence)).route is Route.REVIEW


def _state(*stages: Stage | tuple[Stage, StageSummary], recipe: Any = documents.FIND, mask: Any = None) -> Any:
    return documents.state(documents.run(recipe, mask=mask), *stages)


@pytest.mark.parametrize(
    ("state", "route", "rule"),
    [
        (_state(recipe=documents.EDIT), Route.REVIEW, "no-mask"),
        (_state(*EDITED, Stage.ASSESS, recipe=documents.EDIT, mask=documents.MASK), Route.AUTO, "confidence-reached"),
        (_state((Stage.MASK, documents.summary(Stage.MASK, outputs={}))), Route.AUTO, "nothing-to-do"),
        (_state(Stage.UPSCALE, Stage.ASSESS_UPSCALED, recipe=documents.ENLARGE), Route.AUTO, "confidence-reached"),
        (_state(*EDITED), Route.REVIEW, "not-measured"),
        (_state(*EDITED, (Stage.ASSESS, documents.summary(Stage.ASSESS, signals=None))), Route.REVIEW, "not-measured"),
    ],
)
def test_a_whole_run_is_routed_by_how_far_it_got(state: Any, route: Route, rule: str) -> None:
    decision = route_of(state)
    assert (decision.route, decision.rule) == (route, rule)


def test_an_edit_that_was_not_measured_goes_to_a_person_whatever_the_recipe_says() -> None:
    bold = documents.FIND.model_copy(update={"policy": Policy(review="never")})
    assert route_of(_state(*EDITED, recipe=bold)).rule == "not-measured"


@pytest.mark.parametrize(
    ("native", "enlarged", "lowest"), [(0.3, 0.9, 0.3), (0.9, 0.3, 0.3), (None, 0.9, None), (0.9, None, None)]
)
def test_the_weakest_assessment_counts(native: float | None, enlarged: float | None, lowest: float | None) -> None:
    assess = documents.summary(Stage.ASSESS, confidence=native)
    upscaled = documents.summary(Stage.ASSESS_UPSCALED, confidence=enlarged)
    state = _state(*EDITED, (Stage.ASSESS, assess), Stage.UPSCALE, (Stage.ASSESS_UPSCALED, upscaled))
    assert lowest_confidence(state) == lowest


def test_without_an_assessment_there_is_no_confidence() -> None:
    assert lowest_confidence(_state()) is None
