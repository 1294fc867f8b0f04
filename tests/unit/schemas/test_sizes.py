"""A scene keeps the shape of its upload and stays within what generators can do."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.sizes import LARGEST_SIDE, SLIMMEST, SMALLEST_SIDE, is_too_slim, preview_size, within_bounds

SIDE = st.integers(8, 30_000)


@given(width=SIDE, height=SIDE)
def test_every_size_comes_within_the_bounds(width: int, height: int) -> None:
    assert all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in within_bounds(width, height))


@given(width=SIDE, height=SIDE)
def test_a_shape_that_is_allowed_is_kept(width: int, height: int) -> None:
    made = within_bounds(width, height)
    if not is_too_slim(width, height):
        assert abs(made[0] * height - made[1] * width) <= max(width, height)  # half a pixel of rounding a side
    if all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in (width, height)):
        assert made == (width, height)


@given(width=SIDE, height=SIDE, long_side=st.integers(128, 1024))
def test_a_preview_is_as_long_as_asked_and_of_the_same_shape(width: int, height: int, long_side: int) -> None:
    small = preview_size(width, height, long_side)
    assert max(small) == long_side
    assert min(small) >= long_side // SLIMMEST
    if not is_too_slim(width, height):
        assert abs(small[0] * height - small[1] * width) <= max(width, height)


def test_what_is_slimmer_than_any_scene_is_told_apart() -> None:
    assert [is_too_slim(width, 100) for width in (25, 24, 400, 401)] == [False, True, False, True]
