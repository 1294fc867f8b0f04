"""The refiner's promises, whatever the hole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.inpainting.patchmatch import synthesise
from inference.inpainting.telea import diffuse
from inference.refinement.classical_refine import ClassicalRefiner
from schemas.errors import BadInput
from schemas.stage import Stage
from tests.unit.inference.photographs import card, disc, noisy, photograph, stroke

REFINER = ClassicalRefiner(card(Stage.REFINE), {})


@pytest.mark.parametrize("hole", [stroke(), disc(radius=30), np.zeros((128, 128), bool), np.ones((128, 128), bool)])
def test_outside_the_hole_the_fill_is_the_source(hole):
    picture = photograph("chelsea")
    fill = np.full_like(picture, 128)
    refined, alpha = REFINER.refine(picture, fill, hole, seed=1, parameters={})
    assert np.array_equal(refined[~hole], picture[~hole])
    assert np.array_equal(alpha, hole.astype(np.float32))


@settings(max_examples=25, deadline=None)
@given(
    size=st.tuples(st.integers(2, 40), st.integers(2, 40)),
    corner=st.tuples(st.integers(0, 39), st.integers(0, 39)),
    sides=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    deviation=st.sampled_from([0, 3, 40]),
)
def test_holes_of_any_size_and_place_are_refined_and_nothing_else_changes(size, corner, sides, deviation):
    picture = noisy(120, deviation, 40)[: size[0], : size[1]].copy()
    hole = np.zeros(size, bool)
    hole[corner[0] : corner[0] + sides[0], corner[1] : corner[1] + sides[1]] = True
    refined, alpha = REFINER.refine(picture, np.full_like(picture, 90), hole, seed=1, parameters={})
    assert np.array_equal(refined[~hole], picture[~hole])
    assert np.array_equal(alpha, hole.astype(np.float32))


def test_the_unwanted_thing_never_influences_the_result():
    picture, hole = photograph("chelsea"), disc(radius=20)
    fill = synthesise(picture, hole, seed=1)
    garbage = picture.copy()
    garbage[hole] = 255
    first, _ = REFINER.refine(picture, fill, hole, seed=1, parameters={})
    assert np.array_equal(first[hole], REFINER.refine(garbage, fill, hole, seed=1, parameters={})[0][hole])


def test_equal_seeds_give_equal_bytes_and_other_seeds_other_grain():
    picture, hole = noisy(120, 8), disc(radius=20)
    fill = diffuse(picture, hole)
    first, again, other = (REFINER.refine(picture, fill, hole, seed=seed, parameters={})[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_all_passes_off_change_nothing():
    picture, hole = noisy(120, 8), disc(radius=20)
    fill = diffuse(picture, hole)
    off = {"structure": False, "colour": False, "grain": False}
    assert np.array_equal(REFINER.refine(picture, fill, hole, seed=1, parameters=off)[0], fill)


def test_strength_nothing_is_the_fill_itself():
    picture, hole = noisy(120, 8), disc(radius=20)
    fill = diffuse(picture, hole)
    assert np.array_equal(REFINER.refine(picture, fill, hole, seed=1, parameters={"strength": 0})[0], fill)


def test_a_true_photograph_is_hardly_changed():
    picture, hole = photograph("chelsea"), disc(radius=30)
    refined, _ = REFINER.refine(picture, picture, hole, seed=1, parameters={})
    assert np.abs(refined.astype(int) - picture)[hole].mean() < 3


@pytest.mark.parametrize("wrong", [{"strength": 2}, {"grain": "much"}])
def test_a_wrong_parameter_is_refused_by_name(wrong):
    picture = photograph("coffee", 32)
    with pytest.raises(BadInput, match=next(iter(wrong))):
        REFINER.refine(picture, picture, disc(32, 5), seed=1, parameters=wrong)
