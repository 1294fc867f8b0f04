"""The refiner's promises, and each pass's effect."""

import numpy as np
import pytest

from inference.inpainting.patchmatch import synthesise
from inference.inpainting.telea import diffuse
from inference.refinement.bands import depth_inside, distance_outside
from inference.refinement.classical_refine import ClassicalRefiner
from inference.refinement.colour import match_colour
from inference.refinement.feather import feathered
from inference.refinement.grain import continue_grain
from inference.refinement.noise import noise_level
from inference.refinement.structure import close_seam
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
    assert (alpha[hole] == 1).all()


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


@pytest.mark.parametrize("width", [1, 3, 6, 20])
def test_the_composite_mask_is_whole_on_the_hole_falls_outwards_and_ends_at_the_feather(width):
    hole = disc(radius=20)
    alpha, outside = feathered(hole, width), distance_outside(hole)
    assert (alpha[hole] == 1).all()
    assert (alpha[outside > width] == 0).all()
    assert (alpha[(outside > 0) & (outside <= width)] > 0).all()
    order = np.argsort(outside[64, 64:], kind="stable")
    assert (np.diff(alpha[64, 64:][order]) <= 0).all()


@pytest.mark.parametrize("deviation", [4.0, 10.0])
def test_grain_of_a_noisy_ring_continues_in_the_fill(deviation):
    picture, hole = noisy(120, deviation), disc(radius=24)
    refined, _ = REFINER.refine(picture, diffuse(picture, hole), hole, seed=1, parameters={})
    luma = refined.astype(np.float32).mean(axis=2)
    inside, ring = depth_inside(hole) > 3, (distance_outside(hole) > 2) & (distance_outside(hole) < 30)
    fill_noise, ring_noise = noise_level(luma, inside), noise_level(luma, ring)
    assert fill_noise is not None
    assert ring_noise is not None
    assert 0.7 < fill_noise / ring_noise < 1.3


def test_no_grain_is_added_beside_a_clean_ring():
    columns = np.linspace(40, 200, 128).astype(np.uint8)
    picture, hole = np.dstack([np.tile(columns, (128, 1))] * 3), disc(radius=20)
    before = picture.astype(np.float32)
    assert np.array_equal(continue_grain(before, hole, seed=1), before)


def test_no_grain_is_added_where_the_fill_has_enough():
    picture, hole = noisy(120, 8).astype(np.float32), disc(radius=24)
    added = continue_grain(picture, hole, seed=1) - picture
    assert added[hole].std() < 3


@pytest.mark.parametrize("name", ["brick", "coffee", "astronaut"])
def test_texture_and_edges_are_not_taken_for_grain(name):
    picture, hole = photograph(name).astype(np.float32), disc(radius=24)
    texture = picture[hole].std()
    picture[hole] = picture[hole].mean(axis=0)
    added = (continue_grain(picture, hole, seed=1) - picture)[hole]
    assert added.std() < 2.5 < texture / 4


@pytest.mark.parametrize("tint", [-10, 10])
def test_a_tint_is_taken_out_near_the_border_and_left_in_the_middle(tint):
    picture, hole = noisy(120, 2).astype(np.float32), disc(radius=50)
    picture[hole] += tint
    matched = match_colour(picture, hole)
    depth = depth_inside(hole)
    assert abs(matched[(depth > 0) & (depth < 4)].mean() - 120) < 3
    assert abs(matched[depth > 45].mean() - 120 - tint) < 1


def test_a_step_at_the_border_is_closed_in_a_narrow_band():
    picture, hole = noisy(120, 1).astype(np.float32), disc(radius=30)
    picture[hole] += 8
    closed, depth = close_seam(picture, hole), depth_inside(hole)
    assert abs(closed[(depth > 0) & (depth < 2)].mean() - 120) < 2.5
    assert np.array_equal(closed[depth > 8], picture[depth > 8])


def test_a_slope_across_the_border_is_not_taken_for_a_step():
    picture = np.repeat(np.tile(np.arange(128, dtype=np.float32), (128, 1))[..., None], 3, 2)
    hole = disc(radius=30)
    assert np.abs(close_seam(picture, hole) - picture).max() < 1
    assert np.abs(match_colour(picture, hole) - picture).max() < 4


def test_a_true_photograph_is_hardly_changed():
    picture, hole = photograph("chelsea"), disc(radius=30)
    refined, _ = REFINER.refine(picture, picture, hole, seed=1, parameters={})
    assert np.abs(refined.astype(int) - picture)[hole].mean() < 2


@pytest.mark.parametrize("wrong", [{"feather": -1}, {"strength": 2}, {"grain": "much"}])
def test_a_wrong_parameter_is_refused_by_name(wrong):
    picture = photograph("coffee", 32)
    with pytest.raises(BadInput, match=next(iter(wrong))):
        REFINER.refine(picture, picture, disc(32, 5), seed=1, parameters=wrong)
