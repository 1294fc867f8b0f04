"""Sums add up, more is never cheaper, and what nobody measured is said to be unknown."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.cost import LOCAL, Prices, Speed, estimate, spent
from schemas.gate import Step, judge
from schemas.policy import Policy
from schemas.routing import may_begin
from schemas.stage import Stage
from tests import documents
from tests.documents import EDIT, PRINT, SCENE

MODELS = ("supplied-mask", "by-hole", "classical-refine", "classical-assess", "span-x2")
PRICES = Prices(
    dated=date(2026, 1, 1),
    currency="USD",
    region="us-east-1",
    per_run=0.001,
    instances={LOCAL: 0.0, "ml.g5.xlarge": 3.6},
    measured="a test",
    speeds={model: Speed(fixed=1, per_megapixel=2) for model in MODELS},
)
SIZES = st.floats(0.01, 500)


def test_a_picture_costs_its_stages_and_the_run():
    expected = estimate(EDIT, 2.0, PRICES, "ml.g5.xlarge")
    assert [each.stage for each in expected.stages] == [Stage.MASK, Stage.INPAINT, Stage.REFINE, Stage.ASSESS]
    assert expected.seconds == pytest.approx(4 * 5)
    assert expected.dollars == pytest.approx(0.001 + 20 * 0.001)
    assert expected.unknown == []


def test_what_is_still_ahead_is_the_enlargement_where_its_price_is_known():
    expected = estimate(PRINT, 1.0, PRICES, "ml.g5.xlarge")
    assert expected.enlargement == pytest.approx((3 + 9) * 0.001)
    assert estimate(EDIT, 1.0, PRICES, "ml.g5.xlarge").enlargement is None
    measured = {model: speed for model, speed in PRICES.speeds.items() if model != "span-x2"}
    unmeasured = PRICES.model_copy(update={"speeds": measured})
    assert estimate(PRINT, 1.0, unmeasured, "ml.g5.xlarge").enlargement is None


def test_an_enlargement_is_assessed_at_its_own_size():
    last = estimate(PRINT, 1.0, PRICES, "ml.g5.xlarge").stages[-1]
    assert (last.stage, last.seconds) == (Stage.ASSESS_UPSCALED, 1 + 2 * 4)


@given(small=SIZES, large=SIZES)
def test_a_larger_picture_is_never_cheaper(small: float, large: float):
    small, large = sorted((small, large))
    first, second = (estimate(PRINT, size, PRICES, "ml.g5.xlarge") for size in (small, large))
    assert first.dollars <= second.dollars
    assert first.seconds <= second.seconds


def test_what_nobody_measured_is_named_and_not_guessed():
    expected = estimate(SCENE, 1.0, PRICES, "ml.g5.xlarge")
    assert set(expected.unknown) == {"light", "sdxl"}
    assert all(each.dollars is None for each in expected.stages if each.model == "sdxl")
    assert estimate(EDIT, 1.0, PRICES, "ml.p5.48xlarge").unknown == sorted(MODELS[:4])


@given(seconds=st.lists(st.floats(0, 1000), max_size=6))
def test_what_was_spent_is_the_sum_of_all_work(seconds: list[float]):
    work = [documents.summary(Stage.INPAINT, seconds=each) for each in seconds]
    cost = spent(work, PRICES, "ml.g5.xlarge")
    assert cost.seconds == pytest.approx(sum(seconds))
    assert cost.dollars == pytest.approx(0.001 + sum(seconds) * 0.001)


def test_a_machine_of_ones_own_costs_nothing_and_an_unknown_one_nobody_knows_what():
    work = [documents.summary(Stage.INPAINT, seconds=9)]
    assert spent(work, PRICES, LOCAL).dollars == 0
    assert spent(work, PRICES, "ml.p5.48xlarge").dollars is None


def _limited(expected: float | None, most: float | None = 0.05) -> Any:
    run = documents.run(EDIT.model_copy(update={"policy": Policy(max_cost=most)}), mask=documents.MASK)
    inspection = documents.inspection(expected_cost=expected)
    return documents.state(run).model_copy(update={"inspection": inspection})


@pytest.mark.parametrize(
    ("expected", "most", "stopped"), [(0.06, 0.05, True), (0.05, 0.05, False), (None, 0.05, False), (9.0, None, False)]
)
def test_what_would_cost_too_much_waits_for_a_person(expected: float | None, most: float | None, stopped: bool):
    decision = may_begin(_limited(expected, most))
    assert (decision is not None and decision.rule == "max-cost") is stopped


@pytest.mark.parametrize(("spent_so_far", "step"), [(0.01, Step.TRY), (0.04, Step.ASK), (None, Step.TRY)])
def test_another_model_is_not_tried_for_more_than_the_recipe_allows(spent_so_far: float | None, step: Step):
    policy = Policy.model_validate({"max_cost": 0.05, "on_low_confidence": {"try": ["fsr"]}})
    run = documents.run(EDIT.model_copy(update={"policy": policy}), mask=documents.MASK)
    answers = [(stage, documents.summary(stage)) for stage in (Stage.MASK, Stage.INPAINT, Stage.REFINE)]
    state = documents.state(run, *answers, (Stage.ASSESS, documents.summary(Stage.ASSESS, confidence=0.1)))
    assert judge(state, spent=spent_so_far).step is step
