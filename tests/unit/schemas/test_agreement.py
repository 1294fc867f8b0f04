"""The report says what the verdicts say: checked against definitions, and by cases whose answer is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.agreement import ENOUGH, auroc, calibration_error, report, wilson
from schemas.audit import AUDIT
from schemas.records import now
from schemas.verdict import Opinion, Verdict

PAIRS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=60)


def verdict(confidence: float | None, good: bool, *, rule: str = "low-confidence", unchanged: bool = True) -> Verdict:
    opinion = Opinion(verdict="approve", unchanged=unchanged) if good else Opinion(verdict="reject", reason="text")
    return Verdict(
        asset_id="a",
        run_id="r",
        opinion=opinion,
        who="someone",
        given_at=now(),
        rule=rule,
        recipe="edit@1",
        model="lama",
        confidence=confidence,
    )


@given(PAIRS)
def test_auroc_is_the_share_of_pairs_in_the_right_order(pairs):
    good, bad = [c for c, ok in pairs if ok], [c for c, ok in pairs if not ok]
    if not good or not bad:
        assert auroc(pairs) is None
        return
    wins = sum((g > b) + (g == b) / 2 for g in good for b in bad)
    assert auroc(pairs) == pytest.approx(wins / (len(good) * len(bad)))


@given(PAIRS)
def test_a_calibration_error_is_a_distance_and_at_least_that_of_the_means(pairs):
    error = calibration_error(pairs)
    means = abs(sum(c for c, _ in pairs) - sum(ok for _, ok in pairs)) / len(pairs)
    assert means - 1e-9 <= error <= 1


@given(st.integers(1, 5000), st.floats(0, 1))
def test_an_interval_holds_the_share_and_shrinks_with_more(count, share):
    good = round(share * count)
    low, high = wilson(good, count)
    assert 0 <= low <= good / count <= high <= 1
    wide_low, wide_high = wilson(good * 4, count * 4)
    assert wide_high - wide_low < high - low


def test_an_interval_is_wilsons():
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-4)  # Newcombe 1998, table I


def test_too_few_verdicts_advise_nothing():
    rows = report([verdict(0.9, False)] * (ENOUGH - 1))
    assert {(row.refit, row.advice) for row in rows} == {(False, "too few: 99 of 100")}


def test_a_confidence_that_keeps_its_word_agrees():
    found = report([verdict(0.9, True)] * 90 + [verdict(0.85, False)] * 10)
    assert {row.advice for row in found} == {"agrees"}


def test_a_confidence_that_promises_too_much_is_to_be_fitted_again():
    (row, *_) = report([verdict(0.9, True)] * 50 + [verdict(0.9, False)] * 50)
    assert row.refit
    assert row.advice == "refit: it says 0.90, people between 0.40 and 0.60"


def test_a_confidence_that_cannot_tell_good_from_bad_is_to_be_fitted_again():
    (row, *_) = report([verdict(0.5, True)] * 50 + [verdict(0.5, False)] * 50)
    assert (row.refit, row.auroc) == (True, 0.5)


def test_audits_stand_apart_and_unknown_confidences_are_counted_beside():
    rows = report([verdict(0.9, True, rule=AUDIT), verdict(None, True), verdict(0.4, False)])
    totals = {row.sample: (row.count, row.without_confidence) for row in rows if row.by == "all"}
    assert totals == {"audit": (1, 0), "review": (1, 1)}


def test_what_had_to_be_touched_up_was_not_good_as_it_came():
    assert verdict(0.9, True).good
    assert not verdict(0.9, True, unchanged=False).good


def test_a_rejection_says_why():
    with pytest.raises(ValueError, match="needs a `reason`"):
        Opinion(verdict="reject")
