"""The working size keeps the shape and never exceeds what the model was trained for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.nets.sizes import LONGEST, budget, fitted
from schemas.errors import BadInput

sides = st.integers(1, 20_000)


@given(height=sides, width=sides, pixels=st.integers(65_536, 4_200_000), multiple=st.sampled_from([8, 16, 64]))
def test_sides_are_multiples_of_a_size_within_the_budget(height, width, pixels, multiple):
    tall, wide = fitted(height, width, pixels, multiple)
    assert tall % multiple == wide % multiple == 0
    assert 0 < tall * wide <= pixels
    # Rounding down loses less than one multiple a side.
    assert (tall + multiple) * (wide + multiple) > pixels


@given(height=sides, width=sides)
def test_the_shape_is_kept_as_far_as_models_know_it(height, width):
    tall, wide = fitted(height, width, 1_048_576, 16)
    aspect = min(max(width / height, 1 / LONGEST), LONGEST)
    assert wide / tall == pytest.approx(aspect, rel=0.05)


@pytest.mark.parametrize("wrong", [0, -1, 100, "1", None, float("nan")])
def test_a_budget_out_of_range_is_refused(wrong: object):
    with pytest.raises(BadInput, match="megapixels"):
        budget({"megapixels": wrong}, 1.0)
