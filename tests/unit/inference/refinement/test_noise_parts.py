"""The parts of the grain pass: spectrum, curve, continuation and tiles."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.refinement.continuation import continued
from inference.refinement.curve import BINS, at_brightness, flatter_half, noise_curve
from inference.refinement.samples import WINDOW
from inference.refinement.spectrum import colouring, correlation, filtered, spectrum_of
from inference.refinement.tiles import tile_by_tile, tiles, white_noise
from tests.unit.inference.photographs import disc

WHITE = white_noise((slice(0, 256), slice(0, 256)), 1)[..., 0]


def windows(plane):
    cut = np.lib.stride_tricks.sliding_window_view(plane, (WINDOW, WINDOW))[:: WINDOW // 2, :: WINDOW // 2]
    return cut.reshape(-1, WINDOW, WINDOW)


@pytest.mark.parametrize("blur", [0.5, 0.8, 1.1])
def test_noise_made_from_a_spectrum_is_correlated_as_the_noise_it_was_measured_on(blur):
    noise = cv2.GaussianBlur(WHITE, (0, 0), blur)
    made = filtered(white_noise((slice(0, 256), slice(256, 512)), 2)[..., 0], colouring(spectrum_of(windows(noise))))
    assert made.std() == pytest.approx(1, rel=0.05)
    for rows, columns in ((0, 1), (1, 1), (2, 0)):
        wanted = (noise * np.roll(noise, (rows, columns), (0, 1))).mean() / noise.var()
        assert (made * np.roll(made, (rows, columns), (0, 1))).mean() == pytest.approx(wanted, abs=0.07)


def test_windows_with_structure_do_not_change_the_spectrum():
    noise = cv2.GaussianBlur(WHITE, (0, 0), 0.8)
    broken = windows(noise).copy()
    broken[::4, :, : WINDOW // 2] += 5
    clean, found = (correlation(spectrum_of(each)) for each in (windows(noise), broken))
    assert np.abs(found - clean)[4:-4, 4:-4].max() < 0.15


def test_noise_tied_to_the_border_is_correlated_with_it_and_white_noise_is_not():
    hole = disc(256, 90)
    beyond = cv2.GaussianBlur(white_noise((slice(0, 256), slice(0, 256)), 7)[..., 0], (0, 0), 0.8)
    power = spectrum_of(windows(beyond))
    beyond /= beyond.std()
    tied = continued(filtered(WHITE, colouring(power)), beyond, hole, correlation(power))
    pairs = hole[:, 1:] & ~hole[:, :-1]
    inside, outside = tied[:, 1:][pairs], tied[:, :-1][pairs]
    assert np.corrcoef(inside, outside)[0, 1] > 0.45
    assert tied[hole].std() == pytest.approx(1, abs=0.1)
    point = np.zeros((WINDOW - 1, WINDOW - 1), np.float32)
    point[WINDOW // 2 - 1, WINDOW // 2 - 1] = 1
    free = continued(WHITE, beyond, hole, point)
    assert np.allclose(free[hole], WHITE[hole], atol=1e-5)


def test_the_curve_says_how_noise_changes_with_brightness():
    brightness = np.random.default_rng(0).uniform(20, 235, 60_000).astype(np.float32)
    deviation = 3 * np.sqrt(0.35 + 0.65 * brightness / 255)
    bands = (np.random.default_rng(1).standard_normal((60_000, 4, 3)) * deviation[:, None, None]).astype(np.float32)
    curve = noise_curve(bands, brightness)
    assert curve.shape == (BINS, 4, 3)
    for level in (40.0, 128.0, 220.0):
        found = at_brightness(curve, np.full((1, 1), level, np.float32))[0, 0]
        assert np.abs(found / (3 * np.sqrt(0.35 + 0.65 * level / 255)) - 1).max() < 0.15


def test_texture_of_one_brightness_does_not_raise_the_noise_of_the_next():
    brightness = np.repeat(np.array([120, 136], np.float32), [2_000, 40_000])
    deviation = np.repeat(np.array([10.0, 0.5]), [2_000, 40_000])
    bands = (np.random.default_rng(1).standard_normal((42_000, 4, 3)) * deviation[:, None, None]).astype(np.float32)
    found = at_brightness(noise_curve(bands, brightness), np.full((1, 1), 136, np.float32))[0, 0]
    assert np.abs(found / 0.5 - 1).max() < 0.1


def test_few_calm_pixels_do_not_hold_back_the_noise_of_the_others():
    brightness = np.repeat(np.array([120, 136], np.float32), [100, 40_000])
    deviation = np.repeat(np.array([2.0, 5.0]), [100, 40_000])
    bands = (np.random.default_rng(1).standard_normal((40_100, 4, 3)) * deviation[:, None, None]).astype(np.float32)
    found = at_brightness(noise_curve(bands, brightness), np.full((1, 1), 150, np.float32))[0, 0]
    assert np.abs(found / 5 - 1).max() < 0.1


def test_too_few_pixels_say_nothing_of_noise():
    assert noise_curve(np.ones((10, 4, 3), np.float32), np.full(10, 90, np.float32)) is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 255, width=32), st.floats(0, 50, width=32)), min_size=1, max_size=50))
def test_at_least_half_of_each_brightness_is_flat(places):
    brightness, slope = np.array(places, np.float32).T
    flat = flatter_half(brightness, slope)
    for index in np.unique(brightness // 16):
        own = brightness // 16 == index
        assert flat[own].sum() * 2 >= own.sum()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(4, 20), st.integers(0, 10), st.integers(0, 2**31))
def test_tiles_cover_every_wanted_pixel_once_with_its_surroundings(height, width, side, halo, seed):
    wanted = np.random.default_rng(seed).random((height, width)) < 0.05
    seen = np.zeros((height, width), int)
    for core, outer, within in tiles(wanted, side, halo):
        seen[core] += 1
        assert np.shares_memory(wanted[outer][within], wanted[core])
        assert wanted[outer][within].shape == wanted[core].shape
    assert (seen[wanted] == 1).all()
    assert seen.max(initial=0) <= 1


def test_noise_does_not_depend_on_the_tile_that_asks_for_it():
    whole = white_noise((slice(0, 700), slice(0, 600)), 3)
    part = white_noise((slice(450, 640), slice(500, 530)), 3)
    assert np.array_equal(whole[450:640, 500:530], part)
    assert abs(whole.mean()) < 0.01
    assert whole.std() == pytest.approx(1, abs=0.01)


def test_a_pass_changes_nothing_outside_of_what_is_wanted():
    picture, hole = np.zeros((600, 40, 3), np.float32), np.zeros((600, 40), bool)
    hole[500:530, 10:30] = True
    better = tile_by_tile(lambda piece, inside, place: piece + 1, picture, hole)
    assert np.array_equal(better[..., 0] == 1, hole)
