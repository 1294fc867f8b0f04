"""Among several fills the one that belongs is taken, without the truth."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.assessment.choice import judge
from inference.assessment.native import busyness_ratios, luminance
from inference.inpainting.telea import diffuse
from schemas.errors import BadInput
from tests.unit.inference.photographs import disc, noisy, photograph

HOLE = disc(radius=20)


def painted(picture, colour):
    filled = picture.copy()
    filled[HOLE] = colour
    return filled


@pytest.mark.parametrize("name", ["coffee", "chelsea", "astronaut"])
def test_the_truth_is_taken_before_a_smear_and_a_blot(name):
    picture = photograph(name)
    fills = [painted(picture, (255, 0, 255)), diffuse(picture, HOLE), picture]
    assert judge(picture, fills, HOLE).index == 2


def test_a_texture_is_taken_before_a_smooth_fill_that_has_lost_it():
    picture = noisy(120, 9)
    other = picture.copy()
    other[HOLE] = noisy(120, 9, seed=5)[HOLE]
    assert judge(picture, [diffuse(picture, HOLE), other], HOLE).index == 1


def test_a_smooth_fill_is_taken_before_a_texture_with_a_seam_around_it():
    picture = noisy(120, 9)
    smooth, seamed = picture.copy(), picture.copy()
    smooth[HOLE] = cv2.GaussianBlur(picture, (0, 0), 1.5)[HOLE]
    seamed[HOLE] = noisy(128, 9, seed=5)[HOLE]
    assert judge(picture, [seamed, smooth], HOLE).index == 1


def test_the_fill_that_stands_alone_costs_most():
    picture = noisy(120, 3)
    fills = [painted(picture, (120, 120, 120)), painted(picture, (120, 120, 124)), painted(picture, (20, 200, 60))]
    costs = judge(picture, fills, HOLE).costs
    assert costs[2] == max(costs)


def test_of_equal_fills_the_first_is_taken():
    picture = photograph("coffee")
    assert judge(picture, [picture, picture.copy(), picture.copy()], HOLE).index == 0


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(3)))
def test_the_order_of_candidates_changes_no_cost(order):
    picture = photograph("chelsea", 64)
    hole = disc(64, 12)
    fills = [diffuse(picture, hole), np.roll(picture, 9, axis=1), picture]
    known = judge(picture, fills, hole).costs
    assert judge(picture, [fills[i] for i in order], hole).costs == pytest.approx([known[i] for i in order])


def test_what_lies_under_the_hole_and_what_a_fill_holds_outside_of_it_count_for_nothing():
    picture, garbage = photograph("coffee"), photograph("coffee")
    garbage[HOLE] = 7
    fills = [diffuse(picture, HOLE), picture]
    scribbled = [np.where(HOLE[..., None], fill, 99).astype(np.uint8) for fill in fills]
    assert judge(garbage, scribbled, HOLE) == judge(picture, fills, HOLE)


@pytest.mark.parametrize("count", [1, 3])
def test_where_there_is_nothing_to_judge_the_first_is_taken(count):
    picture = photograph("coffee", 16)
    assert judge(picture, [picture] * count, np.zeros((16, 16), bool)).index == 0
    assert judge(picture, [picture] * count, np.ones((16, 16), bool)).index == 0


def test_fills_of_another_size_and_no_fills_are_refused():
    picture = photograph("coffee")
    with pytest.raises(BadInput, match="mask_size"):
        judge(picture, [picture[1:], picture], HOLE)
    with pytest.raises(BadInput, match="no_candidates"):
        judge(picture, [], HOLE)


def test_busyness_is_one_for_a_fill_like_its_ring_and_falls_with_texture_size_by_size():
    picture = noisy(120, 9, size=256)
    hole = disc(256, radius=60)
    assert busyness_ratios(luminance(picture), hole) == pytest.approx(1, abs=0.1)
    assert busyness_ratios(luminance(diffuse(picture, hole)), hole)[0] < 0.5
