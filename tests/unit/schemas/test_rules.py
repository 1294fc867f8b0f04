"""Hard rules, guards and what may be switched off."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.audit import is_audited
from schemas.finding import Change, Finding, Guard
from schemas.policy import Policy, Route
from schemas.routing import route_of
from schemas.rules import Evidence, decide
from schemas.stage import Stage
from tests import documents
from tests.documents import GOOD

EDITED = (Stage.MASK, Stage.INPAINT, Stage.REFINE)
BOXES = st.none() | st.builds(
    lambda x, y: {"x": x, "y": y, "width": 5, "height": 5}, st.integers(0, 99), st.integers(0, 9)
)
FINDINGS = st.builds(
    lambda guard, change, box: Finding(guard=guard, change=change, box=box, detail="it reads otherwise"),
    st.sampled_from(Guard),
    st.sampled_from(Change),
    BOXES,
)
POLICIES = st.builds(
    lambda review, above, conservative: Policy(review=review, deliver_above=above, conservative=conservative),
    st.sampled_from(["by-score", "always", "never"]),
    st.floats(0, 1),
    st.booleans(),
)


@given(policy=POLICIES, finding=FINDINGS, confidence=st.floats(0, 1) | st.none())
def test_no_score_and_no_recipe_gets_past_a_guard(policy: Policy, finding: Finding, confidence: float | None) -> None:
    decision = decide(policy, Evidence(signals=GOOD, findings=[finding], confidence=confidence))
    assert decision.route is Route.REVIEW
    assert decision.rule == f"guard-{finding.guard}"
    assert decision.findings == [finding]


@given(policy=POLICIES, findings=st.lists(FINDINGS, max_size=3), more=FINDINGS, confidence=st.floats(0, 1))
def test_one_find_more_never_delivers_what_would_have_gone_to_a_person(
    policy: Policy, findings: list[Finding], more: Finding, confidence: float
) -> None:
    before = decide(policy, Evidence(signals=GOOD, findings=findings, confidence=confidence))
    after = decide(policy, Evidence(signals=GOOD, findings=[*findings, more], confidence=confidence))
    assert not (before.route is Route.REVIEW and after.route is Route.AUTO)


@pytest.mark.parametrize("guard", Guard)
def test_a_guard_that_is_switched_off_decides_nothing(guard: Guard) -> None:
    policy = Policy(guards={guard: False})
    found = Finding(guard=guard, change=Change.TOUCHED, detail="seen")
    assert decide(policy, Evidence(signals=GOOD, findings=[found], confidence=1.0)).route is Route.AUTO
    assert guard not in policy.active_guards
    assert len(policy.active_guards) == len(Guard) - 1


@pytest.mark.parametrize("guard", Guard)
def test_a_conservative_recipe_switches_no_guard_off(guard: Guard) -> None:
    assert Policy(conservative=True, guards={guard: True}).active_guards == list(Guard)
    with pytest.raises(ValidationError, match="conservative"):
        Policy(conservative=True, guards={guard: False})


def test_a_reason_says_what_was_found_where_and_how_much_more() -> None:
    found = Finding(
        guard=Guard.TEXT,
        change=Change.CHANGED,
        box={"x": 10, "y": 20, "width": 30, "height": 8},
        detail="'ROOM 24' reads 'ROOM 21'",
    )
    decision = decide(Policy(), Evidence(signals=GOOD, findings=[found, found], confidence=1.0))
    assert decision.reason == "Text was changed at 10,20: 'ROOM 24' reads 'ROOM 21' (and 1 more)."


def test_a_find_in_the_enlargement_counts_as_well() -> None:
    face = Finding(guard=Guard.FACES, change=Change.INVENTED, detail="a face that the native picture does not have")
    enlarged = documents.summary(Stage.ASSESS_UPSCALED, findings=[face])
    run = documents.run(documents.PRINT, mask=documents.MASK)
    state = documents.state(run, *EDITED, Stage.ASSESS, Stage.UPSCALE, (Stage.ASSESS_UPSCALED, enlarged))
    assert route_of(state).rule == "guard-faces"


def test_an_unknown_confidence_says_why() -> None:
    why = "No edits by `lama` were measured yet."
    assert decide(Policy(), Evidence(signals=GOOD, unknown_because=why)).reason == why


@pytest.mark.parametrize("rights", [None, "owned", "licensed"])
def test_without_a_statement_of_rights_nothing_is_begun_where_one_is_needed(rights: Any) -> None:
    recipe = documents.FIND.model_copy(update={"policy": Policy(rights="required", review="never")})
    state = documents.state(documents.run(recipe, rights=rights))
    assert (route_of(state).rule == "rights-missing") is (rights is None)


def test_a_statement_of_rights_is_part_of_what_names_a_run() -> None:
    names = {documents.run(documents.FIND, rights=rights).run_id for rights in (None, "owned", "licensed")}
    assert len(names) == 3
    assert documents.run(documents.FIND).run_id in names
    assert documents.run(documents.FIND, rights="owned").again().rights == "owned"


def test_the_policy_reads_as_people_write_it() -> None:
    policy = Policy.model_validate(
        {"on_low_confidence": {"try": ["fsr", "lama"], "at_most": 2}, "guards": {"logos": False}, "rights": "required"}
    )
    assert policy.on_low_confidence is not None
    assert policy.on_low_confidence.models == ["fsr", "lama"]
    assert Policy.model_validate_json(policy.model_dump_json()) == policy


@given(run=st.text(min_size=1, max_size=20), low=st.floats(0, 1), high=st.floats(0, 1))
def test_a_larger_share_holds_the_smaller_one(run: str, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert is_audited(run, high) or not is_audited(run, low)
    assert is_audited(run, 1.0)
    assert not is_audited(run, 0.0)


def test_of_many_runs_the_share_is_audited() -> None:
    audited = sum(is_audited(f"run-{number}", 0.02) for number in range(20_000))
    assert 300 < audited < 500
