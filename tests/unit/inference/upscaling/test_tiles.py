"""Tiling must not show."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.upscaling.tiles import in_tiles
from tests.unit.inference.photographs import photograph


def blur_and_double(rgb):
    """Stand in for a network of receptive radius 3."""
    blurred = cv2.blur(rgb, (7, 7))
    return blurred.repeat(2, axis=0).repeat(2, axis=1)


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), tile=st.integers(1, 24))
def test_tiles_give_what_the_whole_gives(height, width, tile):
    picture = photograph("coffee", 40)[:height, :width]
    tiled = in_tiles(picture, blur_and_double, scale=2, tile=tile, halo=3)
    whole = in_tiles(picture, blur_and_double, scale=2, tile=64, halo=3)
    assert np.array_equal(tiled, whole)


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_the_tile_is_put_where_it_came_from(scale):
    picture = photograph("coffee", 37)
    repeated = in_tiles(picture, lambda a: a.repeat(scale, 0).repeat(scale, 1), scale=scale, tile=10, halo=2)
    assert np.array_equal(repeated, picture.repeat(scale, 0).repeat(scale, 1))


def test_no_piece_is_larger_than_tile_and_halo():
    seen = []

    def note(rgb):
        seen.append(max(rgb.shape[:2]))
        return rgb

    in_tiles(photograph("coffee", 100), note, scale=1, tile=32, halo=5)
    assert max(seen) == 32 + 2 * 5
