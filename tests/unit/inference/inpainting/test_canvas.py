"""What a diffusion model is shown: nothing of the unwanted thing, and a mask that no pipeline can sample away."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.inpainting.canvas import Canvas
from inference.nets.sizes import resized
from tests.unit.inference.photographs import disc, photograph, stroke

PIXELS, CELL = 64 * 64, 8


def canvas(rgb: np.ndarray, hole: np.ndarray, pixels: int = PIXELS) -> Canvas:
    return Canvas.of(rgb, hole, pixels=pixels, cell=CELL, multiple=2 * CELL)


@settings(max_examples=40)
@given(height=st.integers(1, 90), width=st.integers(1, 90), pixels=st.integers(400, 9000), data=st.data())
def test_every_pixel_of_the_hole_lies_under_a_mask_of_whole_cells(height, width, pixels, data):
    hole = np.zeros((height, width), bool)
    y, x = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    hole[y, x : x + 3] = True
    if hole.all():
        return
    made = canvas(np.zeros((height, width, 3), np.uint8), hole, pixels)
    cells = made.mask.reshape(made.mask.shape[0] // CELL, CELL, -1, CELL)
    assert (cells.any(axis=(1, 3)) == cells.all(axis=(1, 3))).all()
    marked = np.where(made.mask, 255, 0).astype(np.uint8)[..., None].repeat(3, axis=2)
    assert (made.native(marked, np.zeros((height, width, 3), np.uint8), hole)[hole] > 0).all()


@pytest.mark.parametrize("pixels", [32 * 32, 256 * 256])
def test_nothing_of_the_unwanted_thing_is_shown(pixels: int):
    picture, hole = photograph("coffee"), stroke(width=1) | disc(radius=9)
    red = picture.copy()
    red[hole] = (255, 0, 0)
    np.testing.assert_array_equal(canvas(picture, hole, pixels).image, canvas(red, hole, pixels).image)


@pytest.mark.parametrize("pixels", [32 * 32, 256 * 256])
def test_the_hole_is_started_from_its_surroundings(pixels: int):
    picture, hole = np.full((96, 96, 3), (200, 90, 40), np.uint8), disc(96, 20)
    picture[hole] = 0
    assert np.abs(canvas(picture, hole, pixels).image.astype(int) - (200, 90, 40)).max() <= 4


@settings(max_examples=15)
@given(height=st.integers(1, 200), width=st.integers(1, 200))
def test_a_crop_comes_back_where_it_was(height, width):
    ramp = np.linspace(40, 200, height)[:, None] + np.linspace(-30, 30, width)[None]
    picture = np.rint(ramp)[..., None].repeat(3, axis=2).astype(np.uint8)
    hole = np.zeros((height, width), bool)
    hole[height // 2 :, width // 2 :] = True
    hole[0, 0] = False
    if not hole.any():
        return
    shown = canvas(picture, hole)
    known = resized(
        np.pad(picture, ((*shown.border[:2],), (*shown.border[2:],), (0, 0)), "symmetric"), shown.mask.shape
    )
    back = shown.native(known, picture, hole)
    assert np.array_equal(back[~hole], picture[~hole])
    # A pixel of the smaller size spans several of the crop: half of its span is what a ramp can be off.
    steps = 160 / height * max(1, height / shown.mask.shape[0]) + 60 / width * max(1, width / shown.mask.shape[1])
    assert np.abs(back.astype(int) - picture).max() <= 3 + 2 * steps


@pytest.mark.parametrize("size", [(1000, 3), (3, 1000)])
def test_no_model_sees_a_picture_longer_than_it_knows(size: tuple[int, int]):
    hole = np.zeros(size, bool)
    hole[0, 0] = True
    height, width = canvas(np.zeros((*size, 3), np.uint8), hole).mask.shape
    assert max(height, width) / min(height, width) <= 8  # 4, and rounding to cells of a small canvas
