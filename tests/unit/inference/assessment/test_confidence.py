"""A confidence claims nothing beyond what was observed, and never rises when a signal gets worse."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.assessment.calibration import ENOUGH, Calibration, Family, Span, fitted
from inference.assessment.confidence import confidence_from, confidence_native, features_of
from schemas.signals import Signals

FILLED = Family(
    intercept=6.0,
    weights={"width": -2.0, "area": 0.5},
    spans={"width": Span(low=1.0, high=5.0), "area": Span(low=4.0, high=11.0)},
    offsets={"by-hole": 0.3, "telea": -0.3},
    observations={"by-hole": 500, "telea": ENOUGH, "young": ENOUGH - 1},
)
MEASURED = Family(intercept=4.0, observations={"unblend": 150})
NUMBERS = Calibration(
    version=1,
    fitted_on=date(2026, 1, 1),
    photographs=9,
    edits=99,
    families={"filled": FILLED, "measured": MEASURED},
)


def _value(width: float, area: float = 8.0, model: str = "by-hole") -> float | None:
    return confidence_from({"width": width, "area": area}, model, measured=False, calibration=NUMBERS).value


@given(low=st.floats(-1, 5), high=st.floats(-1, 5))
def test_a_worse_signal_never_gives_more_confidence(low: float, high: float) -> None:
    low, high = sorted((low, high))
    better, worse = _value(low), _value(high)
    assert better is not None
    assert worse is not None
    assert 0 < worse <= better < 1


def test_beyond_what_was_observed_nothing_is_claimed_and_the_reason_says_where_that_ends() -> None:
    answer = confidence_from({"width": 5.1, "area": 8.0}, "by-hole", measured=False, calibration=NUMBERS)
    assert answer.value is None
    assert answer.unknown_because == "The hole is 164 pixels wide; nothing beyond 148 was ever held against the truth."
    assert _value(3.0, area=3.9) is None


def test_what_is_better_than_all_that_was_observed_counts_as_the_best_of_that() -> None:
    assert _value(-3.0) == _value(1.0)
    assert _value(3.0, area=12.0) == _value(3.0, area=11.0)


@pytest.mark.parametrize("model", ["young", "lama", "sdxl-inpaint"])
def test_of_a_model_with_too_few_observations_nothing_is_known(model: str) -> None:
    answer = confidence_from({"width": 2.0, "area": 8.0}, model, measured=False, calibration=NUMBERS)
    assert answer.value is None
    assert model in (answer.unknown_because or "")


def test_models_differ_by_their_own_record() -> None:
    careful, coarse = _value(3.0), _value(3.0, model="telea")
    assert careful is not None
    assert coarse is not None
    assert careful > coarse


def test_a_feature_that_could_not_be_measured_leaves_the_confidence_unknown() -> None:
    answer = confidence_from({"width": 2.0}, "by-hole", measured=False, calibration=NUMBERS)
    assert (answer.value, bool(answer.unknown_because)) == (None, True)


def test_what_was_computed_from_what_shows_through_has_a_record_of_its_own() -> None:
    answer = confidence_from({}, "unblend", measured=True, calibration=NUMBERS)
    assert answer.value == pytest.approx(0.982, abs=0.001)
    assert confidence_from({}, "unblend", measured=False, calibration=NUMBERS).value is None


def test_the_shipped_numbers_know_the_models_that_need_no_weights_and_claim_nothing_of_nets() -> None:
    numbers = fitted()
    for model in ("by-hole", "exemplar", "fsr", "patchmatch", "telea"):
        assert numbers.family_of(model, measured=False) is not None
    assert numbers.family_of("unblend", measured=True) is not None
    for model in ("lama", "mi-gan", "sdxl-inpaint", "flux2-klein-inpaint"):
        assert numbers.family_of(model, measured=False) is None


def test_in_the_shipped_numbers_worse_is_never_better_and_every_feature_is_one_that_is_measured() -> None:
    known = set(features_of(_everything(8.0)))
    for family in fitted().families.values():
        assert set(family.weights) <= known
        assert all(weight <= 0 or name == "likeness" for name, weight in family.weights.items())
    assert fitted().families["filled"].weights["width"] < 0


def _everything(width: float, **changes: float) -> Signals:
    facts = {
        "changed_outside_mask": 0,
        "mask_share": 0.01,
        "widest_hole": width,
        "hole_pixels": 1500,
        "smooth_delta": 0.3,
        "border_structure": 0.4,
        "border_break": 0.3,
        "slope_delta": 0.2,
        "texture_distance": 0.01,
        "self_similarity": 0.998,
        "residue": 0.05,
    }
    return Signals.model_validate(facts | changes)


def test_a_narrow_calm_hole_is_trusted_by_the_shipped_numbers_and_a_wide_broken_one_is_not() -> None:
    calm = _everything(8.0)
    broken = _everything(220.0, border_structure=5.0, border_break=0.6, slope_delta=3.0, texture_distance=0.1)
    trusted, doubted = (
        confidence_native(signals, "by-hole", measured=False, calibration=fitted()).value for signals in (calm, broken)
    )
    assert trusted is not None
    assert doubted is not None
    assert trusted > 0.9
    assert doubted < 0.3
