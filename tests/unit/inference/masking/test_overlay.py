"""One paint explains a mark: its colour and opacity come back, and its strokes are where it was drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.masking.overlay import evidence, fitted
from tests.unit.inference.masking.marked import painted, textured, word

channel = st.integers(0, 255)


@given(colour=st.tuples(channel, channel, channel), opacity=st.floats(0.15, 0.9), seed=st.integers(0, 99))
def test_colour_and_opacity_come_back_from_pairs_over_an_uneven_ground(
    colour: tuple[int, int, int], opacity: float, seed: int
) -> None:
    ground = np.random.default_rng(seed).uniform(20, 230, (400, 3)).astype(np.float32)
    inside = (opacity * np.array(colour) + (1 - opacity) * ground).astype(np.float32)
    found = fitted(inside, ground)
    assert found.opacity == pytest.approx(opacity, abs=0.02)
    np.testing.assert_allclose(found.colour, colour, atol=6)
    assert found.error < 1


@given(seed=st.integers(0, 99))
def test_pairs_that_stand_out_do_not_move_the_fit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ground = rng.uniform(20, 230, (400, 3)).astype(np.float32)
    inside = 0.4 * 255 + 0.6 * ground
    inside[:40] = rng.uniform(0, 255, (40, 3))
    found = fitted(inside.astype(np.float32), ground)
    assert found.opacity == pytest.approx(0.4, abs=0.03)


def test_on_a_flat_ground_the_paint_is_what_is_seen() -> None:
    found = fitted(np.full((50, 3), 200, np.float32), np.full((50, 3), 90, np.float32))
    np.testing.assert_allclose(found.opacity * found.colour + (1 - found.opacity) * 90, 200, atol=1)


@pytest.mark.parametrize(("colour", "opacity"), [((255, 255, 255), 0.4), ((20, 20, 20), 0.5), ((255, 140, 30), 1.0)])
def test_evidence_is_one_in_strokes_and_zero_beside_them(colour: tuple[int, int, int], opacity: float) -> None:
    ground = textured(120, 320)
    layer = np.zeros(ground.shape[:2], np.uint8)
    word(layer, "SAMPLE", 60, 70)
    rgb = painted(ground, layer, colour, opacity)
    found = fitted(rgb[layer == 255].astype(np.float32), ground[layer == 255].astype(np.float32))
    share, told = evidence(rgb, found, 13)
    assert np.median(share[(layer == 255) & told]) == pytest.approx(1, abs=0.15)
    assert np.mean(share[(layer == 0) & told] > 0.45) < 0.04


def test_where_the_ground_has_the_paints_colour_nothing_is_told() -> None:
    ground = textured(80, 200)
    ground[:, 100:] = 254
    found = fitted(
        0.5 * ground[:, :100].reshape(-1, 3).astype(np.float32) + 127.5, ground[:, :100].reshape(-1, 3) * 1.0
    )
    _, told = evidence(ground, found, 9)
    assert told[:, :90].mean() > 0.9
    assert not told[:, 115:].any()
