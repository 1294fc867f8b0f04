"""What every fill promises, whatever its method."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference.inpainting.by_hole import ByHoleInpainter
from inference.inpainting.exemplar.adapter import ExemplarInpainter
from inference.inpainting.fsr import FsrInpainter
from inference.inpainting.patchmatch import PatchMatchInpainter
from inference.inpainting.telea import TeleaInpainter
from schemas.errors import BadInput
from schemas.stage import Stage
from tests.unit.inference.photographs import card, disc, photograph, stroke

FAST = {"quality": "fast"}
FILLS = [ExemplarInpainter, FsrInpainter, PatchMatchInpainter, TeleaInpainter, ByHoleInpainter]


@pytest.fixture(params=FILLS, ids=lambda adapter: adapter.__name__)
def inpainter(request):
    return request.param(card(Stage.INPAINT), {})


def test_pixels_outside_the_hole_are_identical(inpainter):
    picture, hole = photograph("coffee"), stroke() | disc(radius=8)
    filled = inpainter.fill(picture, hole, seed=1, parameters=FAST)
    assert np.array_equal(filled[~hole], picture[~hole])
    assert filled.dtype == np.uint8


def test_what_lies_under_the_hole_never_shows(inpainter):
    picture, hole = photograph("chelsea"), stroke() | disc(radius=8)
    garbage = picture.copy()
    garbage[hole] = np.random.default_rng(7).integers(0, 256, (np.count_nonzero(hole), 3))
    first = inpainter.fill(picture, hole, seed=1, parameters=FAST)
    assert first.tobytes() == inpainter.fill(garbage, hole, seed=1, parameters=FAST).tobytes()


def test_the_source_is_not_written_to(inpainter):
    picture, hole = photograph("coffee", 64), disc(64, 8)
    before = picture.copy()
    inpainter.fill(picture, hole, seed=1, parameters=FAST)
    assert np.array_equal(picture, before)


def test_a_flat_colour_around_a_hole_fills_it(inpainter):
    picture = np.full((64, 64, 3), (200, 120, 40), np.uint8)
    hole = disc(64, 10)
    picture[hole] = 255
    filled = inpainter.fill(picture, hole, seed=1, parameters=FAST)
    assert np.abs(filled.astype(int) - (200, 120, 40)).max() <= 4


def test_a_fill_resembles_the_photograph_more_than_the_mean_colour_does(inpainter):
    picture, hole = photograph("coffee"), stroke(width=5)
    filled = inpainter.fill(picture, hole, seed=1, parameters=FAST)
    truth = picture[hole].astype(float)
    guess = picture[~hole].mean(axis=0)
    assert np.square(filled[hole] - truth).mean() < 0.5 * np.square(guess - truth).mean()


def test_a_mask_that_covers_everything_is_refused(inpainter):
    with pytest.raises(BadInput, match="mask_covers_everything"):
        inpainter.fill(photograph("coffee", 32), np.ones((32, 32), bool), seed=1, parameters=FAST)


def test_a_mask_of_another_size_is_refused(inpainter):
    with pytest.raises(BadInput, match="mask_size"):
        inpainter.fill(photograph("coffee", 32), np.ones((31, 32), bool), seed=1, parameters=FAST)


@settings(max_examples=15, deadline=None)
@given(hole=arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12))))
@pytest.mark.parametrize("adapter", FILLS)
def test_tiny_crops_and_ragged_masks_do_not_crash(adapter, hole):
    hole[0, 0] = False
    picture = np.arange(hole.size * 3, dtype=np.uint8).reshape(*hole.shape, 3)
    filled = adapter(card(Stage.INPAINT), {}).fill(picture, hole, seed=1, parameters=FAST)
    assert np.array_equal(filled[~hole], picture[~hole])


@pytest.mark.parametrize("edge", [np.s_[:6], np.s_[-6:], np.s_[:, :6], np.s_[:, -6:], np.s_[:-2]])
def test_holes_at_the_border_are_filled(inpainter, edge):
    picture, hole = np.full((48, 48, 3), 90, np.uint8), np.zeros((48, 48), bool)
    hole[edge] = True
    picture[hole] = 255
    filled = inpainter.fill(picture, hole, seed=1, parameters=FAST)
    assert np.abs(filled.astype(int) - 90).max() <= 8
