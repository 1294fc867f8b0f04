"""The choice between strokes and areas."""

import numpy as np
import pytest

from inference.assessment.choice import Choice
from inference.inpainting.by_hole import ByHoleInpainter
from inference.inpainting.exemplar.adapter import compose
from inference.inpainting.fsr import reconstruct
from inference.inpainting.holes import areas, widths
from schemas.errors import BadInput
from schemas.stage import Stage
from tests.unit.inference.photographs import card, disc, photograph, stroke

BY_HOLE = ByHoleInpainter(card(Stage.INPAINT), {})


def test_strokes_are_left_to_fsr():
    picture, hole = photograph("coffee"), stroke(width=5)
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={"quality": "fast"})
    assert np.array_equal(filled, reconstruct(picture, hole, "fast"))


def test_a_single_candidate_for_areas_is_the_exemplar_fill():
    picture, hole = photograph("coffee"), disc(radius=20)
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={"candidates": 1})
    assert np.array_equal(filled, compose(picture, hole, seed=1))


def test_of_a_narrow_hole_the_fill_that_is_judged_best_is_taken(monkeypatch):
    picture, hole = photograph("coffee"), disc(radius=20)
    tried = []
    for index in range(2):
        monkeypatch.setattr(
            "inference.inpainting.by_hole.judge",
            lambda rgb, fills, part, index=index: (tried.append(fills), Choice(index, (0.0,) * len(fills)))[1],
        )
        filled = BY_HOLE.fill(picture, hole, seed=1, parameters={})
        assert np.array_equal(filled, tried[-1][index])
    assert np.array_equal(tried[0][0], compose(picture, hole, seed=1))
    assert np.array_equal(tried[0][1], reconstruct(picture, hole))


def test_a_wide_hole_does_not_wait_for_waves(monkeypatch):
    monkeypatch.setattr("inference.inpainting.by_hole.FSR_WIDEST", 30)
    monkeypatch.setattr("inference.inpainting.by_hole.reconstruct", None)
    picture, hole = photograph("coffee"), disc(radius=20)
    assert np.array_equal(BY_HOLE.fill(picture, hole, seed=1, parameters={}), compose(picture, hole, seed=1))


def test_more_strokes_than_fsr_can_do_in_a_minute_are_left_to_patches(monkeypatch):
    monkeypatch.setattr("inference.inpainting.by_hole.MOST_STROKE_PIXELS", 100)
    picture, hole = photograph("coffee"), stroke(width=5)
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={"candidates": 1})
    assert np.array_equal(filled, compose(picture, hole, seed=1))


def test_a_wire_on_a_balloon_is_judged_apart_from_it():
    wire = np.zeros((128, 128), bool)
    wire[62:66, :] = True
    balloon = disc(radius=20)
    wide = areas(wire | balloon, 12)
    assert wide[balloon].all()
    assert not wide[:, :30].any()


def test_a_square_is_an_area_up_to_its_corners():
    square = np.zeros((96, 96), bool)
    square[20:76, 20:76] = True
    assert np.array_equal(areas(square, 12), square)


@pytest.mark.parametrize("width", [1, 4, 9])
def test_the_width_of_a_bar_is_its_width(width):
    bar = np.zeros((40, 40), bool)
    bar[10 : 10 + width] = True
    assert widths(bar).max() == pytest.approx(width, abs=1)


@pytest.mark.parametrize(
    "wrong", [{"stroke_width": "wide"}, {"quality": "perfect"}, {"patch_radius": 0}, {"candidates": 9}]
)
def test_a_wrong_parameter_is_refused_by_name(wrong):
    with pytest.raises(BadInput, match=next(iter(wrong))):
        BY_HOLE.fill(photograph("coffee", 64), disc(64, 8), seed=1, parameters=wrong)
