"""Seams and tints are taken out where they are, and nothing else is."""

import numpy as np
import pytest

from inference.refinement.bands import depth_inside
from inference.refinement.colour import match_colour
from inference.refinement.jumps import excess_jump, step_at_rim
from inference.refinement.quiet import LUMA
from inference.refinement.structure import REACH, close_seam
from tests.unit.inference.photographs import disc, noisy, photograph


def jump_across(picture, hole):
    """Average the luma's jump between neighbours on two sides of the border."""
    luma = picture @ LUMA
    down, right = np.abs(np.diff(luma, axis=0)), np.abs(np.diff(luma, axis=1))
    return np.concatenate([down[hole[1:] != hole[:-1]], right[hole[:, 1:] != hole[:, :-1]]]).mean()


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
    assert np.array_equal(closed[depth > REACH + 1], picture[depth > REACH + 1])


@pytest.mark.parametrize("step", [10, 25])
def test_a_seam_is_left_with_the_jumps_that_are_usual_beside_it(step):
    truth, hole = noisy(120, 6).astype(np.float32), disc(radius=40)
    fill = truth.copy()
    fill[hole] += step
    assert jump_across(fill, hole) > 1.3 * jump_across(truth, hole)
    assert 0.85 < jump_across(close_seam(fill, hole), hole) / jump_across(truth, hole) < 1.25


@pytest.mark.parametrize("name", ["brick", "coffee", "chelsea"])
def test_texture_that_runs_on_across_the_border_is_not_levelled(name):
    picture, hole = photograph(name, 256).astype(np.float32), disc(256, 60)
    assert jump_across(close_seam(picture, hole), hole) > 0.93 * jump_across(picture, hole)


def test_a_slope_across_the_border_is_not_taken_for_a_step():
    picture = np.repeat(np.tile(np.arange(128, dtype=np.float32), (128, 1))[..., None], 3, 2)
    hole = disc(radius=30)
    assert np.abs(close_seam(picture, hole) - picture).max() < 1
    assert np.abs(match_colour(picture, hole) - picture).max() < 4


def test_the_step_is_measured_on_the_rim_alone_towards_the_mean_of_the_neighbours_outside():
    picture, hole = np.zeros((5, 5, 3), np.float32), np.zeros((5, 5), bool)
    hole[1:4, 1:4] = True
    picture[hole], picture[0], picture[1:, 0] = 10, 40, 20
    step, rim = step_at_rim(picture, hole)
    assert np.array_equal(rim, hole & ~np.pad(np.ones((1, 1), bool), 2))
    assert step[1, 1].tolist() == [20, 20, 20]
    assert step[3, 3].tolist() == [-10, -10, -10]
    assert not step[~rim].any()


def test_no_jump_is_in_excess_where_all_jumps_are_alike():
    picture, hole = noisy(120, 10).astype(np.float32) @ LUMA, disc(radius=30)
    rim = (depth_inside(hole) > 0) & (depth_inside(hole) < 2)
    assert excess_jump(picture, hole)[rim].mean() < 0.03
