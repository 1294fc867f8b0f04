"""What a mask covers is told in places: letters of a line are one, none is lost, and shares add up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.stages.covered import masked_areas

SIZE = 400


def _mask(*places: tuple[int, int, int, int]) -> np.ndarray:
    mask = np.zeros((SIZE, SIZE), np.uint8)
    for x, y, width, height in places:
        mask[y : y + height, x : x + width] = 255
    return mask


def test_letters_of_a_line_are_one_place_and_other_places_are_others() -> None:
    letters = [(20 + 13 * number, 50, 10, 20) for number in range(8)]
    line, other = masked_areas(_mask(*letters, (300, 300, 30, 30)))
    assert line.box.text == "20,50,101,20"
    assert line.share == pytest.approx(8 * 200 / SIZE**2)
    assert (other.box.text, other.share) == ("300,300,30,30", pytest.approx(900 / SIZE**2))


def test_what_covers_nothing_has_no_places() -> None:
    assert masked_areas(_mask()) == []


@given(st.lists(st.tuples(*[st.integers(0, 360)] * 2, *[st.integers(1, 40)] * 2), min_size=1, max_size=12))
def test_shares_add_up_to_what_is_covered_and_every_pixel_lies_in_a_box(
    places: list[tuple[int, int, int, int]],
) -> None:
    mask = _mask(*places)
    areas = masked_areas(mask)
    assert sum(area.share for area in areas) == pytest.approx((mask > 0).mean())
    for area in areas:
        box = area.box
        mask[box.y : box.y + box.height, box.x : box.x + box.width] = 0
    assert not mask.any()
    assert [area.share for area in areas] == sorted((area.share for area in areas), reverse=True)
