"""Joints between copied pieces."""

import numpy as np
import pytest

from inference.inpainting.exemplar import joints
from inference.inpainting.exemplar.joints import MOST, join
from inference.inpainting.exemplar.layer import Layer
from tests.unit.inference.photographs import disc


def layer_of(picture, hole):
    return Layer(np.dstack([picture, np.zeros(hole.shape, np.float32)]), hole, 1)


def grainy(size=96, level=120.0, seed=0):
    return (level + np.random.default_rng(seed).normal(0, 4, (size, size, 3))).astype(np.float32)


def test_a_single_piece_that_fits_is_copied_as_it_is():
    tile = np.random.default_rng(1).uniform(0, 255, (32, 32, 3)).astype(np.float32)
    picture, hole = np.tile(tile, (3, 3, 1)), disc(96, radius=12)
    layer = layer_of(np.where(hole[..., None], 0, picture).astype(np.float32), hole)
    join(layer, layer.missing - 32)
    assert layer.picture[..., :3] == pytest.approx(picture, abs=1e-3)


def test_pieces_from_a_brighter_and_a_darker_place_meet_without_a_step():
    picture, hole = grainy(), disc(96, radius=12)
    picture[:30] += 8
    picture[-30:] -= 8
    layer = layer_of(picture, hole)
    columns = layer.missing % layer.width
    upper, lower = layer.missing - 34 * layer.width, layer.missing + 34 * layer.width
    place = np.where(columns < 48, upper, lower)
    join(layer, place)
    fill = layer.picture[..., :3]
    across = np.abs(fill[40:56, 47] - fill[40:56, 48]).mean()
    usual = np.abs(np.diff(picture[66 - 36 : 66, :], axis=1)).mean()
    assert across < 1.3 * usual  # as it was copied, the step was 16 levels, four times the usual
    rim = np.abs(fill[48, 36] - fill[48, 35]).mean()
    assert rim < 3 * usual


@pytest.mark.parametrize("step", [60.0, 120.0])
def test_an_edge_is_not_spread_as_a_halo(step):
    picture, hole = grainy(), disc(96, radius=12)
    picture[:, :40] += step
    layer = layer_of(picture, hole)
    place = layer.missing % layer.width + 80 * layer.width  # a copy of the column below, edge and all
    place = np.where(layer.missing % layer.width < 40, place + 45, place)  # but for the part beyond the edge
    before = layer.pixels[place, :3].copy()
    join(layer, place)
    assert np.abs(layer.pixels[layer.missing, :3] - before).max() <= MOST


def test_a_large_hole_is_joined_in_strips_as_it_would_be_at_once(monkeypatch):
    picture, hole = grainy(192), disc(192, radius=60)
    picture[:, :60] += 8
    results = []
    for at_once in (10**9, 1500):
        monkeypatch.setattr(joints, "_AT_ONCE", at_once)
        layer = layer_of(picture.copy(), hole)
        rng = np.random.default_rng(2)
        pieces = rng.choice(layer.sources, 20)
        join(layer, pieces[(layer.missing // layer.width // 16) % 20])
        results.append(layer.picture.copy())
    assert results[1] == pytest.approx(results[0], abs=1)
