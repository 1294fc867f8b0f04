"""Strokes: waves first, then patches from beside."""

import numpy as np
import pytest

from inference.inpainting.exemplar.adapter import retextured
from inference.inpainting.strokes import bridge
from schemas.errors import BadInput
from tests.unit.inference.photographs import photograph, stroke


def _bridged(picture, hole, seed=1):
    return bridge(picture, hole, seed=seed, quality="fast", patch_radius=3)


def _error(fill, truth, hole):
    return float(np.square(fill[hole].astype(float) - truth[hole]).mean())


def test_nothing_outside_of_the_stroke_changes_and_what_was_under_it_is_not_seen():
    picture, hole = photograph("coffee"), stroke(width=6)
    defaced = np.where(hole[..., None], np.uint8(255), picture)
    filled = _bridged(defaced, hole)
    assert np.array_equal(filled[~hole], picture[~hole])
    assert np.array_equal(filled, _bridged(picture, hole))


def test_equal_seeds_give_equal_bytes():
    picture, hole = photograph("coffee", 96), stroke(96, width=9)
    assert len({_bridged(picture, hole, seed=7).tobytes() for _ in range(3)}) == 1


def test_noise_goes_on_under_a_stroke():
    rng = np.random.default_rng(3)
    picture = rng.normal(128, 12, (96, 96, 1)).repeat(3, axis=2).clip(0, 255).astype(np.uint8)
    hole = stroke(96, width=9)
    assert _bridged(picture, hole)[hole].std() == pytest.approx(12, rel=0.2)


def test_an_edge_goes_straight_on_across_a_stroke():
    picture = np.full((96, 96, 3), 40, np.uint8)
    picture[:, 48:] = 200
    hole = stroke(96, width=10)
    assert _error(_bridged(picture, hole), picture, hole) < 30  # 25,600 if it were lost


def test_a_good_guess_is_kept_by_its_patches():
    """What patches replace is texture: where the guess is the truth they come back near to it."""
    picture, hole = photograph("coffee"), stroke(width=8)
    smooth = np.where(hole[..., None], picture[~hole].mean(axis=0).astype(np.uint8), picture)
    assert _error(retextured(picture, hole, seed=1), picture, hole) < 0.5 * _error(
        retextured(smooth, hole, seed=1), picture, hole
    )


@pytest.mark.parametrize("width", [1, 2, 3])
def test_hairlines_that_vanish_at_half_size_are_filled(width):
    picture, hole = photograph("coffee"), stroke(width=width)
    defaced = np.where(hole[..., None], np.uint8(0), picture)
    assert _error(_bridged(defaced, hole), picture, hole) < 0.1 * _error(defaced, picture, hole)


@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (3, 3), (7, 90)])
def test_pictures_smaller_than_a_patch_are_filled(shape):
    picture, hole = np.full((*shape, 3), 90, np.uint8), np.zeros(shape, bool)
    hole.flat[0] = True
    assert np.array_equal(_bridged(picture, hole), picture)


def test_a_hole_without_surroundings_is_refused():
    with pytest.raises(BadInput, match="nothing to fill"):
        _bridged(photograph("coffee", 32), np.ones((32, 32), bool))
