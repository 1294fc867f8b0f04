"""Sketches become white lines on black, whatever paper, ink and light they were drawn with."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.generation.sketch import canny, contained, scribble

SIZE = (256, 256)


def drawing(paper: tuple[int, int, int] = (255, 255, 255), ink: tuple[int, int, int] = (0, 0, 0), width: int = 3):
    page = np.full((400, 400, 3), paper, np.uint8)
    cv2.circle(page, (200, 200), 120, ink, width)
    return page


def on_the_circle(distance: float) -> np.ndarray:
    """Pixels of the working size within a distance of the drawn line."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]]
    return np.abs(np.hypot(y - 127.7, x - 127.7) - 120 * 256 / 400) <= distance


@pytest.mark.parametrize(
    ("paper", "ink"),
    [
        ((255,) * 3, (0,) * 3),
        ((20,) * 3, (230,) * 3),
        ((255, 255, 255), (250, 220, 0)),
        ((200, 190, 160), (90, 80, 120)),
    ],
    ids=["black on white", "chalk on slate", "yellow marker", "pencil on kraft paper"],
)
def test_lines_are_white_on_black(paper, ink):
    lines = scribble(drawing(paper, ink), SIZE)
    assert lines.shape == (*SIZE, 3)
    assert (lines[on_the_circle(0.5)] > 200).mean() > 0.95
    assert lines[~on_the_circle(4)].max() == 0


def test_shadow_and_grain_of_a_photographed_page_are_not_lines():
    light = np.linspace(0.35, 1.0, 400)[None, :, None] * np.linspace(1.0, 0.8, 400)[:, None, None]
    grain = np.random.default_rng(0).normal(0, 4, (400, 400, 3))
    page = (drawing((240, 235, 220), (60, 60, 70)) * light + grain).clip(0, 255).astype(np.uint8)
    lines = scribble(page, SIZE)
    assert (lines[on_the_circle(0.5)] > 150).mean() > 0.95
    assert (lines[~on_the_circle(4)] > 60).mean() < 0.002


def test_a_hair_line_of_a_large_scan_is_not_lost():
    page = np.full((1500, 1500, 3), 250, np.uint8)
    page[750:752] = 30
    lines = scribble(page, SIZE)
    assert (lines.max(axis=(0, 2)) > 200).all()


def test_an_area_is_drawn_by_its_outline():
    page = np.full((400, 400, 3), 250, np.uint8)
    page[100:300, 100:300] = 60
    lines = scribble(page, SIZE)[..., 0] > 128
    assert not lines[80:176, 80:176].any()
    assert lines[64:192, 60:70].any(axis=1).all()


def test_an_empty_page_has_no_lines():
    assert scribble(np.full((300, 200, 3), 244, np.uint8), SIZE).max() == 0


@pytest.mark.parametrize("reading", [scribble, canny, contained])
@settings(max_examples=20)
@given(height=st.integers(1, 300), width=st.integers(1, 300))
def test_a_sketch_of_any_size_is_laid_in_the_middle_whole(reading, height, width):
    page = np.random.default_rng(height * 1000 + width).integers(0, 256, (height, width, 3), dtype=np.uint8)
    assert reading(page, (64, 96)).shape == (64, 96, 3)


def test_the_border_of_a_sketch_is_no_edge():
    assert canny(np.full((100, 300, 3), 90, np.uint8), SIZE).max() == 0
