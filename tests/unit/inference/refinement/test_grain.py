"""Grain continues as it is: strength, fineness, colour, dependence on brightness; and none where there is none."""

import cv2
import numpy as np
import pytest

from inference.refinement.bands import depth_inside, distance_outside
from inference.refinement.grain import continue_grain
from inference.refinement.noise import noise_level, split
from inference.refinement.quiet import LUMA
from tests.unit.inference.photographs import disc, noisy, photograph

HOLE = disc(192, 56)
INSIDE = depth_inside(HOLE) > 3
RING = (distance_outside(HOLE) > 2) & (distance_outside(HOLE) < 40)


def grainy(deviation, *, softness=0.0, colourful=True, seed=0):
    """Make ``(192, 192, 3)`` noise of one deviation, blurred by ``softness`` pixels, grey or of three free colours."""
    noise = np.random.default_rng(seed).standard_normal((192, 192, 3), dtype=np.float32)
    noise = noise if colourful else np.repeat(noise[..., :1], 3, axis=2)
    noise = cv2.GaussianBlur(noise, (0, 0), softness) if softness else noise
    return noise * (deviation / noise.std())


def continued(noise, base=120.0, fill=0.0):
    """Refine a flat fill, with its own noise ``fill``, in a noisy surrounding."""
    picture = np.where(HOLE[..., None], base + fill, base + noise).astype(np.float32)
    return continue_grain(picture, HOLE, seed=1)


def deviations(picture, where):
    """Measure the deviation of each band and channel."""
    return np.array([band[where].std(axis=0) for band in split(picture)])


@pytest.mark.parametrize("deviation", [3.0, 14.0])
@pytest.mark.parametrize("softness", [0.0, 0.8])
@pytest.mark.parametrize("colourful", [False, True])
def test_strength_and_fineness_of_known_noise_continue_within_15_percent(deviation, softness, colourful):
    noise = grainy(deviation, softness=softness, colourful=colourful)
    ratio = deviations(continued(noise), INSIDE) / deviations(noise, INSIDE)
    assert np.abs(ratio[:3] - 1).max() < 0.15
    assert (np.abs(ratio[3] - 0.9) < 0.2).all()  # its slow part belongs to what is not called noise


@pytest.mark.parametrize("colourful", [False, True])
def test_the_colour_of_the_noise_continues(colourful):
    found = continued(grainy(8, colourful=colourful)) - 120
    correlation = np.corrcoef(found[INSIDE].T)[0, 1]
    assert correlation == pytest.approx(0 if colourful else 1, abs=0.1)


def test_noise_follows_brightness():
    base = np.where(np.arange(192) < 96, 60, 200).astype(np.float32)[None, :, None] * np.ones((192, 1, 3), np.float32)
    found = continued(grainy(1) * np.where(base > 100, 7, 5), base) - base
    dark, bright = INSIDE & (np.arange(192) < 86), INSIDE & (np.arange(192) > 106)
    assert found[dark].std() == pytest.approx(5, rel=0.2)
    assert found[bright].std() == pytest.approx(7, rel=0.2)


def test_the_mean_is_kept():
    assert abs(continued(grainy(10))[HOLE].mean() - 120) < 0.5


@pytest.mark.parametrize("softness", [0.0, 0.8])
def test_grain_reaches_the_rim_and_joins_the_grains_beyond_it(softness):
    noise = grainy(8, softness=softness, colourful=False)
    truth, found = (120 + noise) @ LUMA, continued(noise) @ LUMA
    down, right = HOLE[1:] != HOLE[:-1], HOLE[:, 1:] != HOLE[:, :-1]
    jumps = [
        np.concatenate([np.abs(np.diff(luma, axis=0))[down], np.abs(np.diff(luma, axis=1))[right]]).mean()
        for luma in (truth, found)
    ]
    assert 0.85 < jumps[1] / jumps[0] < 1.15 + 0.1 * (softness > 0)


def test_a_fill_that_has_the_ring_s_noise_is_left_alone():
    noise, own = grainy(8), grainy(8, seed=5)
    change = continued(noise, fill=own) - np.where(HOLE[..., None], 120 + own, 120 + noise)
    assert change[HOLE].std() < 2


def test_too_much_noise_is_taken_away():
    found = continued(grainy(4), fill=grainy(7, seed=5)) - 120
    assert found[INSIDE].std() == pytest.approx(4, rel=0.15)


def test_the_noise_of_a_model_goes_beside_a_clean_ring():
    own = grainy(1.2, seed=5)
    found = continued(np.zeros_like(own), fill=own)
    assert noise_level(found @ LUMA, INSIDE) < 0.6 * noise_level(own @ LUMA, INSIDE)


def test_no_grain_is_added_beside_a_clean_ring():
    columns = np.linspace(40, 200, 192).astype(np.uint8)
    picture = np.dstack([np.tile(columns, (192, 1))] * 3).astype(np.float32)
    picture[HOLE] = 120
    assert np.abs(continue_grain(picture, HOLE, seed=1) - picture).max() < 0.1


@pytest.mark.parametrize("name", ["brick", "coffee", "astronaut"])
def test_texture_and_edges_are_not_taken_for_grain(name):
    picture, hole = photograph(name).astype(np.float32), disc(radius=24)
    texture = picture[hole].std()
    picture[hole] = picture[hole].mean(axis=0)
    added = (continue_grain(picture, hole, seed=1) - picture)[hole]
    assert added.std() < min(5, texture / 4)


def test_joints_of_bright_boards_give_no_grain_to_a_fill():
    picture = noisy(90, 2, 192).astype(np.float32)
    picture[:, 96:] += 110
    picture[::4, 96:] -= 60
    picture[HOLE] = np.where(np.arange(192) < 96, 90, 185)[None, :, None].repeat(192, 0).repeat(3, 2)[HOLE]
    added = continue_grain(picture, HOLE, seed=1) - picture
    assert added[INSIDE & (np.arange(192) > 110)].std() < 6
