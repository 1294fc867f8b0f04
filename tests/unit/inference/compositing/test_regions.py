"""Where to work."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.compositing.regions import MIN_CONTEXT, as_slices, regions

RECTANGLES = st.lists(
    st.tuples(st.integers(0, 380), st.integers(0, 280), st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=8
)


def mask_of(rectangles: list[tuple[int, int, int, int]], width: int = 400, height: int = 300) -> np.ndarray:
    mask = np.zeros((height, width), bool)
    for x, y, w, h in rectangles:
        mask[y : y + h, x : x + w] = True
    return mask


@settings(max_examples=40, deadline=None)
@given(rectangles=RECTANGLES)
def test_every_masked_pixel_belongs_to_exactly_one_region(rectangles: list[tuple[int, int, int, int]]) -> None:
    mask = mask_of(rectangles)
    count = np.zeros(mask.shape, int)
    for region in regions(mask):
        assert region.hole.shape == (region.crop.height, region.crop.width)
        assert region.crop.x + region.crop.width <= 400
        assert region.crop.y + region.crop.height <= 300
        count[as_slices(region.crop)] += region.hole
    np.testing.assert_array_equal(count, mask.astype(int))


def test_an_empty_mask_has_no_regions() -> None:
    assert regions(np.zeros((50, 50), bool)) == []


def test_far_places_are_worked_at_apart_and_near_ones_together() -> None:
    far = regions(mask_of([(10, 10, 20, 20), (950, 700, 20, 20)], 1000, 750))
    near = regions(mask_of([(10, 10, 20, 20), (40, 10, 20, 20)], 1000, 750))
    assert len(far) == 2
    assert len(near) == 1


def test_a_crop_at_the_border_is_shifted_and_keeps_its_size() -> None:
    middle = regions(mask_of([(490, 370, 20, 20)], 1000, 750))[0].crop
    corner = regions(mask_of([(980, 730, 20, 20)], 1000, 750))[0].crop
    assert (middle.width, middle.height) == (20 + 2 * MIN_CONTEXT,) * 2
    assert (corner.width, corner.height) == (middle.width, middle.height)
    assert (corner.x + corner.width, corner.y + corner.height) == (1000, 750)


def test_context_grows_with_the_hole() -> None:
    small = regions(mask_of([(900, 700, 20, 20)], 2000, 1500))[0].crop
    large = regions(mask_of([(800, 600, 300, 200)], 2000, 1500))[0].crop
    assert small.width - 20 < large.width - 300


def test_a_speckled_mask_ends_in_a_bounded_number_of_regions() -> None:
    mask = np.random.default_rng(0).random((600, 800)) < 0.02
    found = regions(mask)
    assert len(found) < 50
    assert sum(int(region.hole.sum()) for region in found) == mask.sum()
