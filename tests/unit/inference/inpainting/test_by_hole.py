"""The choice between strokes and areas."""

import numpy as np
import pytest

from inference.inpainting.by_hole import ByHoleInpainter
from inference.inpainting.exemplar.adapter import compose
from inference.inpainting.fsr import reconstruct
from inference.inpainting.holes import areas, widths
from inference.inpainting.strokes import bridge
from schemas.errors import BadInput
from schemas.stage import Stage
from tests.unit.inference.photographs import card, disc, photograph, stroke

BY_HOLE = ByHoleInpainter(card(Stage.INPAINT), {})


def test_letters_are_left_to_waves():
    picture, hole = photograph("coffee"), stroke(width=5)
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={})
    assert np.array_equal(filled, reconstruct(picture, hole))


def test_strokes_are_bridged():
    picture, hole = photograph("coffee"), stroke(width=5)
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={"letter_width": 0})
    assert np.array_equal(filled, bridge(picture, hole, seed=1, quality="fast", patch_radius=3))


def test_areas_are_left_to_patches_from_all_over():
    picture, hole = photograph("coffee"), disc(radius=20)
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={"stroke_width": 12})
    assert np.array_equal(filled, compose(picture, hole, seed=1))


def test_each_part_is_filled_by_its_own_width():
    picture, wire, balloon = photograph("coffee"), stroke(width=4), disc(radius=20)
    hole = wire | balloon
    hole[4:100, 4:18] = True
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={"stroke_width": 24, "letter_width": 6})
    patches = compose(picture, hole, seed=1)
    narrow = hole & ~areas(hole, 24)
    bridged = bridge(patches, narrow, seed=1, quality="fast", patch_radius=3)
    thin = narrow & ~areas(hole, 6)
    assert all(part.any() for part in (thin, narrow & ~thin, hole & ~narrow))
    assert np.array_equal(filled, reconstruct(bridged, thin))


def test_more_strokes_than_waves_can_do_in_half_a_minute_are_left_to_patches(monkeypatch):
    monkeypatch.setattr("inference.inpainting.by_hole.MOST_STROKE_PIXELS", 100)
    picture, hole = photograph("coffee"), stroke(width=5)
    filled = BY_HOLE.fill(picture, hole, seed=1, parameters={})
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


@pytest.mark.parametrize("wrong", [{"stroke_width": "wide"}, {"quality": "perfect"}, {"patch_radius": 0}])
def test_a_wrong_parameter_is_refused_by_name(wrong):
    with pytest.raises(BadInput, match=next(iter(wrong))):
        BY_HOLE.fill(photograph("coffee", 64), disc(64, 8), seed=1, parameters=wrong)
