import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference.compositing.deepening import deepened
from inference.pictures.picture import to_8_bit
from tests.unit.inference.files import deep_photograph, photograph


@settings(max_examples=40, deadline=None)
@given(
    fill=arrays(np.uint8, (11, 14, 3), elements=st.integers(100, 103)),
    ground=arrays(np.uint16, (11, 14, 3)),
    covered=arrays(np.bool_, (11, 14)),
)
def test_a_deepened_fill_rounds_to_the_fill_and_is_the_ground_elsewhere(fill, ground, covered):
    deep = deepened(fill, covered, ground)
    assert np.array_equal(to_8_bit(deep)[covered], fill[covered])
    assert np.array_equal(deep[~covered], ground[~covered])


@pytest.fixture
def slope() -> np.ndarray:
    """A sky: a level in 18 pixels down, a level in 50 across, without noise."""
    y, x = np.mgrid[:160, :200]
    return np.repeat(np.rint((90 + y / 18 + x / 50) * 257).astype(np.uint16)[..., None], 3, axis=2)


def test_a_smooth_fill_of_a_16_bit_picture_has_no_bands(slope: np.ndarray):
    covered = np.zeros(slope.shape[:2], bool)
    covered[40:120, 50:150] = True
    deep = deepened(to_8_bit(slope), covered, slope)
    banded = to_8_bit(slope).astype(float)[covered] * 257 - slope[covered]
    assert np.std(deep.astype(float)[covered] - slope[covered]) < np.std(banded) / 4


def test_texture_is_widened_as_it_is():
    covered = np.ones(photograph().shape[:2], bool)
    deep = deepened(photograph(), covered, deep_photograph())
    assert np.mean(deep == photograph().astype(np.uint16) * 257) > 0.9


def test_a_fill_of_many_strips_has_no_joints(slope: np.ndarray):
    high = np.tile(slope, (4, 1, 1))
    covered = np.ones(high.shape[:2], bool)
    deep = deepened(to_8_bit(high), covered, high)
    middle = slice(160, 480)
    assert np.array_equal(
        deep[middle][100:-100], deepened(to_8_bit(high[middle]), covered[middle], high[middle])[100:-100]
    )
