"""Signals say what they are named after; the confidence falls when they get worse."""

import cv2
import numpy as np
import pytest

from inference.assessment.classical_assess import ClassicalAssessor
from inference.inpainting.telea import diffuse
from inference.protocols import FilledBy
from schemas.stage import Stage
from tests.unit.inference.photographs import card, disc, noisy, photograph, stroke

ASSESSOR = ClassicalAssessor(card(Stage.ASSESS), {})


def assess(source, result, hole):
    alpha = hole.astype(np.float32)
    return ASSESSOR.assess_native(source, result, hole, alpha, fill=FilledBy("by-hole", hole & False), parameters={})


def test_pixels_changed_outside_the_mask_are_counted():
    picture, hole = photograph("coffee"), disc(radius=10)
    touched = picture.copy()
    touched[0, :5] ^= 1
    touched[hole] = 0
    assert assess(picture, touched, hole).signals.changed_outside_mask == 5


def test_a_photograph_cannot_be_told_from_its_surroundings():
    picture, hole = noisy(120, 5), disc(radius=20)
    signals = assess(picture, picture, hole).signals
    assert signals.seam_ratio == pytest.approx(1, abs=0.15)
    assert signals.noise_ratio == pytest.approx(1, abs=0.15)
    assert signals.sharpness_ratio == pytest.approx(1, abs=0.15)
    assert signals.ring_colour_delta < 1
    assert signals.widest_hole == pytest.approx(41, abs=2)
    assert signals.mask_share == pytest.approx((2 * 20.3 / 128) ** 2 * np.pi / 4, rel=0.05)


def test_each_defect_moves_its_signal():
    picture, hole = noisy(120, 5), disc(radius=20)
    good = assess(picture, picture, hole).signals
    tinted, smooth = picture.copy(), diffuse(picture, hole)
    tinted[hole] += 20
    assert assess(picture, tinted, hole).signals.ring_colour_delta > good.ring_colour_delta + 5
    assert assess(picture, tinted, hole).signals.seam_ratio > good.seam_ratio + 0.5
    assert assess(picture, smooth, hole).signals.noise_ratio < 0.5
    assert assess(picture, smooth, hole).signals.sharpness_ratio < 0.5


def test_defects_cost_confidence():
    picture, hole = noisy(120, 5), disc(radius=20)
    tinted = picture.copy()
    tinted[hole] += 20
    good = assess(picture, picture, hole).confidence
    for worse in (tinted, diffuse(picture, hole)):
        assert good > (assess(picture, worse, hole).confidence or 0)  # nothing may be known of so odd a fill


def test_a_wide_hole_before_structure_deserves_less_trust_than_a_stroke():
    picture = photograph("astronaut", 256)
    wide = assess(picture, diffuse(picture, disc(256, 40)), disc(256, 40)).confidence
    assert (wide or 0) < 0.6 < assess(picture, picture, stroke(256, 5)).confidence


def test_a_wide_hole_before_nothing_deserves_more_trust_than_before_structure():
    hole = disc(256, 40)
    calm, busy = noisy(120, 1, 256), photograph("astronaut", 256)
    assert assess(calm, calm, hole).confidence > (assess(busy, busy, hole).confidence or 0)


@pytest.mark.parametrize("hole", [np.zeros((24, 24), bool), np.ones((24, 24), bool), np.eye(24, dtype=bool)])
def test_degenerate_holes_give_an_answer(hole):
    picture = photograph("coffee", 24)
    assessment = ASSESSOR.assess_native(
        picture, picture, hole, hole.astype(np.float32), fill=FilledBy("by-hole", hole & False), parameters={}
    )
    assert assessment.signals.changed_outside_mask == 0
    assert assessment.confidence is None or 0 <= assessment.confidence <= 1


def test_of_a_very_large_edit_the_widest_part_is_measured(monkeypatch):
    monkeypatch.setattr("inference.assessment.window.LARGEST_WINDOW", 100)
    picture, hole = noisy(120, 5, 256), np.zeros((256, 256), bool)
    hole[10:13, 10:20] = hole[200:240, 200:240] = True
    smooth = picture.copy()
    smooth[200:240, 200:240] = 120
    signals = assess(picture, smooth, hole).signals
    assert signals.widest_hole == pytest.approx(40, abs=1)
    assert signals.noise_ratio < 0.5


def test_nothing_is_claimed_about_a_picture_that_is_all_hole():
    picture, hole = photograph("coffee", 24), np.ones((24, 24), bool)
    assert assess(picture, picture, hole).confidence is None


def test_a_faithful_enlargement_is_trusted_and_a_wrong_one_is_not():
    picture = photograph("coffee")
    faithful = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    shifted = np.roll(faithful, 6, axis=1)
    good, bad = (ASSESSOR.assess_upscaled(picture, large, hole=None, parameters={}) for large in (faithful, shifted))
    assert good.confidence > 0.9
    assert bad.confidence < 0.5
    assert good.signals.consistency > bad.signals.consistency


def test_pixels_repeated_are_perfectly_consistent():
    picture = photograph("coffee", 32)
    repeated = picture.repeat(2, 0).repeat(2, 1)
    assert ASSESSOR.assess_upscaled(picture, repeated, hole=None, parameters={}).signals.consistency == 99
