"""The fit finds what is there, figures say what they are named after, and seeded damage is the same each time."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from inference.assessment.calibration import ENOUGH, Calibration
from infra.calibration.damage import HOLES, grained, hole, mark, stamp
from infra.calibration.drawing import draw
from infra.calibration.figures import auroc, bins, burden, calibration_error, review_share
from infra.calibration.fitting import BETTER_WHEN_HIGH, FEATURES, LEAST_BAD, calibrate
from infra.calibration.judging import across_photographs, as_arrays, judge
from infra.calibration.observing import Observation, read, write
from infra.calibration.report import BEGIN, END, put_into, signs, tables
from infra.calibration.truth import is_good
from schemas.errors import BadInput


def _observations(count: int, *, slope: float = -3.0, measured: bool = False, bad: bool = True) -> list[Observation]:
    """Repairs whose first feature decides, by a known slope, whether they are good."""
    rng = np.random.default_rng(7)
    names = FEATURES["measured" if measured else "filled"]
    found = []
    for number in range(count):
        features = {name: float(rng.normal()) for name in names}
        chance = 1 / (1 + np.exp(-(1 + slope * features[names[0]])))
        found.append(
            Observation(
                edit=f"e{number}",
                photo=f"p{number % 20}",
                kind="box",
                model="by-hole",
                measured=measured,
                good=bool(rng.random() < chance) if bad else True,
                pixels=100,
                features=features,
                signals={},
            )
        )
    return found


def test_the_fit_finds_the_slope_that_is_there_and_hardly_any_where_there_is_none():
    family = calibrate(_observations(3000), 20, 1, date(2026, 1, 1)).families["filled"]
    first, *others = FEATURES["filled"]
    assert family.weights[first] == pytest.approx(-3, abs=0.4)
    assert all(abs(family.weights.get(name, 0.0)) < 0.25 for name in others)
    assert family.observations == {"by-hole": 3000}


def test_a_feature_that_would_count_the_wrong_way_is_left_out():
    family = calibrate(_observations(3000, slope=3.0), 20, 1, date(2026, 1, 1)).families["filled"]
    assert FEATURES["filled"][0] not in family.weights
    assert all(weight <= 0 or name in BETTER_WHEN_HIGH for name, weight in family.weights.items())


def test_below_enough_observations_there_is_no_family():
    assert calibrate(_observations(ENOUGH - 1), 20, 1, date(2026, 1, 1)).families == {}


def test_where_hardly_any_was_bad_the_share_of_the_good_is_the_answer():
    family = calibrate(_observations(200, measured=True, bad=False), 20, 1, date(2026, 1, 1)).families["measured"]
    assert (family.weights, round(family.intercept, 2)) == ({}, round(float(np.log(200.5 / 0.5)), 2))
    assert LEAST_BAD > 1


def test_the_numbers_survive_being_written_down(tmp_path: Path):
    fitted = calibrate(_observations(400), 20, 3, date(2026, 1, 1))
    assert Calibration.model_validate_json(fitted.model_dump_json()) == fitted
    observations = _observations(5)
    write(observations, tmp_path / "o.jsonl")
    assert read(tmp_path / "o.jsonl") == observations


def test_a_repair_is_judged_by_numbers_that_never_saw_its_photograph():
    judged = across_photographs(_observations(1500))
    assert len(judged) == 1500
    confidence, good = as_arrays(judged)
    assert auroc(confidence, good) > 0.85
    assert calibration_error(confidence, good) < 0.06


def test_the_worst_patch_speaks_for_a_repair():
    observations = _observations(600)
    fitted = calibrate(observations, 20, 1, date(2026, 1, 1))
    first = FEATURES["filled"][0]
    low, high = sorted(observations, key=lambda each: each.features[first])[50:-50:400][:2]
    pair = [low, Observation(**{**vars(high), "edit": low.edit, "good": False})]
    (both,) = judge(pair, fitted)
    alone = [judge([each], fitted)[0].confidence for each in pair]
    assert both.confidence == min(alone)
    assert not both.good


SCORES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=60)


@given(SCORES)
def test_the_ranking_is_the_share_of_pairs_in_the_right_order(scores):
    confidence, good = np.array([score for score, _ in scores]), np.array([each for _, each in scores])
    pairs = [(a > b) + 0.5 * (a == b) for a in confidence[good] for b in confidence[~good]]
    found = auroc(confidence, good)
    assert found is None if not pairs else found == pytest.approx(np.mean(pairs))


@given(SCORES)
def test_all_bins_hold_all_and_the_error_is_a_share(scores):
    confidence, good = np.array([score for score, _ in scores]), np.array([each for _, each in scores])
    assert sum(each.count for each in bins(confidence, good)) == len(good)
    assert 0 <= calibration_error(confidence, good) <= 1
    caught, sent = burden(confidence, good)
    assert (np.diff(caught) >= 0).all()
    assert (np.diff(sent) >= 0).all()


def test_the_review_share_is_what_a_threshold_that_catches_the_bad_sends():
    confidence = np.array([0.1, 0.2, 0.3, 0.4, 0.9, 0.25, 0.8])
    good = np.array([False, False, False, False, True, True, True])
    assert review_share(confidence, good, caught=0.75) == pytest.approx(1 / 3)
    assert review_share(confidence, good, caught=1.0) == pytest.approx(1 / 3)
    assert review_share(confidence[:4], good[:4]) is None


def test_damage_is_the_same_for_the_same_seed_and_its_mask_holds_all_of_it():
    photo = np.ascontiguousarray(data.chelsea()[:256, :320])
    for seed in range(4):
        for kind in HOLES:
            first, second = (hole(photo, kind, np.random.default_rng(seed)) for _ in range(2))
            assert np.array_equal(first.mask, second.mask)
            assert 0 < first.mask.mean() < 0.9
        for lay_on in (mark, stamp):
            made = lay_on(photo, np.random.default_rng(seed))
            changed = (made.source != photo).any(axis=2)
            assert changed.any()
            assert not (changed & ~made.mask).any()
    assert grained(photo, np.random.default_rng(1)).std() != photo.std()


def test_the_truth_rule_takes_other_noise_and_refuses_a_smear_and_a_tint():
    rng = np.random.default_rng(2)
    truth = np.rint(rng.normal(120, 12, (160, 160, 3))).clip(0, 255).astype(np.uint8)
    inside = np.zeros((160, 160), bool)
    inside[50:110, 50:110] = True
    other, smear, tint = truth.copy(), truth.copy(), truth.copy()
    other[inside] = np.rint(rng.normal(120, 12, (3600, 3))).clip(0, 255)
    smear[inside] = 120
    tint[inside] = np.clip(tint[inside].astype(int) + np.array([40, 0, -40]), 0, 255)
    assert is_good(other, truth, inside)
    assert not is_good(smear, truth, inside)
    assert not is_good(tint, truth, inside)


def test_figures_go_where_the_page_has_a_place_for_them(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    judged = across_photographs(_observations(300))
    put_into(page, tables({"own": judged}, "heading"))
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "| own | 300 |" in text
    page.write_text("no place")
    with pytest.raises(BadInput):
        put_into(page, "x")


def test_a_sign_that_flips_is_named():
    assert signs({"a": -1.0, "b": 2.0}, {"a": 0.5, "b": 1.0}) == ["a"]


def test_the_diagrams_are_drawn_even_of_a_set_of_which_nothing_is_known():
    judged = across_photographs(_observations(300))
    known, unknown = as_arrays(judged), as_arrays([])
    picture, empty = draw({"known": known, "unknown": unknown}), draw({"unknown": unknown})
    assert picture.width == empty.width
    assert np.unique(np.asarray(picture)).size > np.unique(np.asarray(empty)).size
    assert calibration_error(*unknown) == 0
    assert auroc(*unknown) is None
    assert "| unknown | 0 | 0 |" in tables({"unknown": []}, "")
