"""Any mask that people make becomes a hard one, or is refused."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from inference.compositing.masks import check_same_size, default_growth, generation_mask, mask_values
from inference.pictures import decode
from schemas.errors import BadInput
from tests.unit.inference.files import file_of


def stroke(mode: str, background: object, colour: object) -> np.ndarray:
    image = Image.new(mode, (60, 40), background)
    ImageDraw.Draw(image).rectangle((10, 10, 29, 19), fill=colour)
    return mask_values(decode(file_of(image)))


@pytest.mark.parametrize(
    ("mode", "background", "colour"),
    [
        ("1", 0, 1),
        ("L", 0, 255),
        ("RGB", (0, 0, 0), (255, 255, 255)),
        ("RGBA", (0, 0, 0, 255), (255, 255, 255, 255)),
        ("RGBA", (0, 0, 0, 0), (255, 255, 255, 255)),
        ("RGBA", (255, 255, 255, 0), (255, 255, 255, 255)),
        ("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)),
        ("RGBA", (0, 0, 0, 0), (255, 0, 0, 255)),
    ],
)
def test_all_ways_to_paint_a_mask_mean_the_same(mode: str, background: object, colour: object) -> None:
    expected = np.zeros((40, 60), np.uint8)
    expected[10:20, 10:30] = 255
    np.testing.assert_array_equal(stroke(mode, background, colour), expected)


def test_soft_values_count_from_8() -> None:
    values = np.array([[0, 7, 8, 255]], np.uint8)
    assert generation_mask(values, grow=0).tolist() == [[False, False, True, True]]


def test_growth_is_in_proportion_to_the_picture() -> None:
    assert default_growth(300, 200) == 1
    assert default_growth(2000, 3000) == 6
    assert default_growth(30_000, 10) == 12
    values = np.zeros((21, 21), np.uint8)
    values[10, 10] = 255
    grown = generation_mask(values, grow=3)
    assert grown[10, 7]
    assert not grown[10, 6]
    assert not grown[7, 7]


def test_an_empty_mask_stays_empty() -> None:
    assert not generation_mask(np.zeros((20, 20), np.uint8)).any()


def test_a_mask_that_leaves_nothing_is_refused() -> None:
    values = np.full((20, 20), 255, np.uint8)
    values[0, 0] = 0
    with pytest.raises(BadInput) as caught:
        generation_mask(values, grow=1)
    assert caught.value.code == "mask_covers_everything"


def test_a_mask_of_another_size_is_refused_with_both_sizes() -> None:
    with pytest.raises(BadInput, match="20 x 10, but the picture is 40 x 30") as caught:
        check_same_size(np.zeros((10, 20)), 40, 30)
    assert caught.value.code == "mask_size"
