"""A ring laid over a picture is found with what is drawn in it; round things of the scene are not."""

import cv2
import numpy as np
import pytest
from skimage import data

from inference.compositing.masks import dilate
from inference.masking.rings import logo, rings
from tests.unit.inference.masking.marked import painted, textured


def drawing(thickness: int = 10) -> np.ndarray:
    layer = np.zeros((420, 620), np.uint8)
    cv2.circle(layer, (300, 200), 66, 255, thickness, cv2.LINE_AA)
    cv2.drawMarker(layer, (300, 200), 255, cv2.MARKER_CROSS, 44, 9, cv2.LINE_AA)
    return layer


@pytest.mark.parametrize(("colour", "opacity"), [((255, 255, 255), 0.35), ((20, 20, 20), 0.5)])
def test_a_ring_and_its_inside_are_masked(colour: tuple[int, int, int], opacity: float) -> None:
    layer = drawing()
    rgb = painted(textured(420, 620), layer, colour, opacity)
    (ring,) = rings(rgb)
    found = dilate(logo(rgb, ring), 2)
    assert found[layer > 128].mean() > 0.95
    assert dilate(layer > 0, 4)[found].mean() > 0.95


def test_an_opaque_ring_is_a_thing_of_the_scene() -> None:
    rgb = painted(textured(420, 620), drawing(), (190, 180, 60), 1.0)
    assert rings(rgb) == []


@pytest.mark.parametrize("name", ["chelsea", "coffee", "astronaut"])
def test_eyes_cups_and_patches_are_no_marks(name: str) -> None:
    assert rings(np.ascontiguousarray(getattr(data, name)()[..., :3])) == []


@pytest.mark.parametrize("size", [(8, 300), (300, 9), (40, 40)])
def test_narrow_pictures_have_no_rings(size: tuple[int, int]) -> None:
    assert rings(textured(*size)) == []
