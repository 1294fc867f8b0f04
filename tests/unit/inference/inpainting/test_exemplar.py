"""Patches of the crop, coarse to fine."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from inference.inpainting.exemplar import complete, search
from inference.inpainting.exemplar.adapter import compose
from inference.inpainting.exemplar.describe import Descriptions
from inference.inpainting.exemplar.joints import MOST, join
from inference.inpainting.exemplar.layer import Layer
from inference.inpainting.exemplar.pyramid import busyness, halved
from inference.inpainting.exemplar.search import Search
from tests.unit.inference.photographs import disc, photograph


def stripes(size=128):
    """Make slanted stripes of two colours, 8 pixels wide."""
    rows, columns = np.mgrid[:size, :size]
    return np.where(((rows + columns) // 8 % 2 == 0)[..., None], (210, 60, 40), (30, 90, 200)).astype(np.uint8)


def test_a_pattern_is_continued_across_a_hole_of_several_periods():
    picture, hole = stripes(), disc(radius=22)
    holed = picture.copy()
    holed[hole] = 0
    filled = compose(holed, hole, seed=0)
    assert (np.abs(filled[hole].astype(int) - picture[hole]).max(axis=1) < 40).mean() > 0.95


def test_equal_seeds_give_equal_bytes_also_on_many_threads():
    picture, hole = photograph("chelsea", 96), disc(96, radius=14)
    alone = [compose(picture, hole, seed=seed).tobytes() for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda seed: compose(picture, hole, seed=seed).tobytes(), range(4))) == alone


@pytest.mark.parametrize("radius", [1, 2, 3, 7])
def test_every_pixel_of_the_fill_is_a_copy_from_the_surroundings_until_pieces_are_joined(monkeypatch, radius):
    copied = []
    monkeypatch.setattr(complete, "join", lambda layer, place: (copied.append((layer, place)), join(layer, place)))
    picture, hole = photograph("coffee"), disc(radius=15)
    filled = compose(picture, hole, seed=1, patch_radius=radius)
    [(layer, place)] = copied
    assert not hole.ravel()[place].any()
    copies = picture.reshape(-1, 3)[place].astype(float)
    assert np.abs(filled.reshape(-1, 3)[layer.missing] - copies).max() <= 1.5 * MOST


def test_a_size_that_is_too_large_to_search_takes_over_the_matches_of_the_next_smaller(monkeypatch):
    searched = []
    improve = Search.improve
    monkeypatch.setattr(Search, "improve", lambda self: (searched.append(self._layer.width), improve(self)))
    monkeypatch.setattr(complete, "SEARCHED_PIXELS", 64 * 64)
    picture, hole = photograph("coffee"), disc(radius=20)
    filled = compose(picture, hole, seed=0)
    assert max(searched) == 64
    assert np.abs(picture[hole].mean(axis=0) - filled[hole].mean(axis=0)).max() < 30


@pytest.mark.parametrize(("pairs", "least"), [(10**9, 1.0), (10**6, 0.5), (1, 0.3)])
def test_the_search_finds_the_likest_patch_or_one_nearly_as_like(monkeypatch, pairs, least):
    monkeypatch.setattr(search, "MOST_PAIRS", pairs)
    picture, hole = photograph("chelsea", 96).astype(np.float32), disc(96, radius=12)
    layer = Layer(np.dstack([picture, busyness(picture, hole)]), hole, 3)
    described = Descriptions(layer)
    found = Search(layer, described, np.full(len(layer.centres), layer.sources[0]), np.random.default_rng(0))
    for _ in range(3):
        found.improve()
    wanted = described.of(layer.centres)
    truth = np.array([np.square(described.known - one).sum(axis=1).min() for one in wanted])
    assert (found.distances <= 1.2 * truth + 1).mean() >= least


def test_a_size_that_is_not_searched_copies_from_anywhere_in_the_crop(monkeypatch):
    monkeypatch.setattr(complete, "SEARCHED_PIXELS", 64 * 64)
    monkeypatch.setattr(complete, "MOST_SOURCES", 2000)
    picture, hole = stripes(), disc(radius=22)
    filled = compose(np.where(hole[..., None], 0, picture).astype(np.uint8), hole, seed=0)
    assert (np.abs(filled[hole].astype(int) - picture[hole]).max(axis=1) < 40).mean() > 0.85


def test_the_work_does_not_grow_with_the_crop_beyond_what_is_searched(monkeypatch):
    described = []
    of = Descriptions.of
    monkeypatch.setattr(Descriptions, "of", lambda self, places: (described.append(len(places)), of(self, places))[1])
    monkeypatch.setattr(complete, "SEARCHED_PIXELS", 64 * 64)
    work = {}
    for size in (64, 128, 256):
        described.clear()
        picture = cv2.resize(photograph("coffee", 64), (size, size))
        compose(picture, disc(size, radius=size // 6), seed=0)
        work[size] = sum(described)
    assert work[128] < 2 * work[64]  # the largest size is searched for 3 rounds, those below for 6
    assert work[256] <= 1.1 * work[128]


def test_halving_lets_no_unknown_pixel_in():
    picture, hole = np.full((9, 7, 3), 50, np.float32), np.zeros((9, 7), bool)
    hole[2:5, 2:6] = True
    picture[hole] = 1e6
    smaller, missing = halved(picture, hole)
    assert smaller.shape == (5, 4, 3)
    assert missing.any()
    assert smaller[~missing] == pytest.approx(50)


def test_of_two_patches_alike_the_nearer_one_counts_as_more_alike():
    rng = np.random.default_rng(5)
    tile = rng.integers(0, 256, (16, 16, 5)).astype(np.float32)
    hole = np.zeros((64, 256), bool)
    hole[24:40, 24:40] = True
    layer = Layer(np.tile(tile, (4, 16, 1)), hole, 3)
    centre, near, far = (np.array([32 * 256 + column]) for column in (32, 64, 224))
    for nearness, farther in ((0.0, pytest.approx(0, abs=1)), (8.0, None)):
        described = Descriptions(layer, nearness)
        wanted = described.of(centre)
        difference = float((described.distance(wanted, far) - described.distance(wanted, near))[0])
        assert difference == farther if farther is not None else difference > 0
