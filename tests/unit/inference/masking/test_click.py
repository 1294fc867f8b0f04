"""A click becomes the object under it, whatever its size and place, or a refusal in words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.masking.click import object_at
from inference.masking.grabcut import GrabCutBox
from inference.protocols import Rgb
from inference.registry import Registry
from schemas.errors import BadInput
from tests.unit.inference.files import photograph

HEIGHT, WIDTH = 180, 240


def with_disc(x: int, y: int, radius: int) -> tuple[Rgb, np.ndarray]:
    """A rough red disc before a photograph of another colour."""
    rng = np.random.default_rng(0)
    rgb = photograph("coffee", HEIGHT, WIDTH)[..., ::-1].copy()  # blue where coffee is brown
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    disc = np.hypot(rows - y, columns - x) <= radius
    rgb[disc] = (np.array([220, 60, 30]) + rng.normal(0, 14, (int(disc.sum()), 3))).clip(0, 255)
    return rgb, disc


def found_at(rgb: Rgb, point: tuple[int, int]) -> np.ndarray:
    clicked = object_at(rgb, point)
    area = np.zeros(rgb.shape[:2], bool)
    if clicked is not None:
        window = clicked.window
        area[window.y : window.y + window.height, window.x : window.x + window.width] = clicked.area
    return area


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


@settings(max_examples=8, deadline=None, derandomize=True)
@given(x=st.integers(20, WIDTH - 20), y=st.integers(20, HEIGHT - 20), radius=st.integers(14, 50), off=st.floats(0, 0.5))
def test_an_object_of_its_own_colour_is_found_at_any_place_and_size(x: int, y: int, radius: int, off: float) -> None:
    rgb, disc = with_disc(x, y, radius)
    point = (min(WIDTH - 1, x + int(off * radius)), y)
    assert overlap(found_at(rgb, point), disc) > 0.8


def test_the_same_click_gives_the_same_object() -> None:
    rgb, _ = with_disc(100, 90, 40)
    assert np.array_equal(found_at(rgb, (104, 95)), found_at(rgb, (104, 95)))


@pytest.mark.parametrize("shape", [(60, 90), (8, 8), (9, 300)])
def test_on_a_plain_ground_nothing_stands_out(shape: tuple[int, int]) -> None:
    assert object_at(np.full((*shape, 3), 120, np.uint8), (4, 4)) is None


@pytest.fixture(scope="module")
def model() -> GrabCutBox:
    return Registry().load("grabcut")


def test_the_object_under_a_click_is_masked_with_its_edge_and_named(model: GrabCutBox) -> None:
    rgb, disc = with_disc(100, 90, 40)
    found = model.find(rgb, supplied=None, box=None, parameters={"point": "110,80", "shadow": False})
    (detection,) = found.detections
    assert found.mask[disc].all()
    assert found.mask[~disc].mean() < 0.1
    assert (detection.label, abs(detection.box.width - 81) <= 6) == ("object", True)
    assert 0.25 <= detection.score <= 1


@pytest.mark.parametrize("point", ["5,5", "240,10", "5", "a,b", [5, 5]])
def test_a_click_on_nothing_or_on_no_pixel_is_refused_in_words(model: GrabCutBox, point: object) -> None:
    with pytest.raises(BadInput, match=r"point") as caught:
        model.find(np.full((60, 90, 3), 120, np.uint8), supplied=None, box=None, parameters={"point": point})
    assert caught.value.code == "point"
