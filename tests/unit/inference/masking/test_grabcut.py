"""A box becomes the object in it, or stays a box."""

import numpy as np
import pytest
from skimage import data

from inference.masking.grabcut import GrabCutBox
from inference.registry import Registry
from schemas.errors import BadInput
from schemas.pointers import Box


@pytest.fixture(scope="module")
def model() -> GrabCutBox:
    return Registry().load("grabcut")


def disc_on_grass() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    rgb = (np.array([60, 130, 50]) + rng.normal(0, 12, (200, 260, 3))).clip(0, 255).astype(np.uint8)
    rows, columns = np.mgrid[:200, :260]
    disc = (rows - 100) ** 2 + (columns - 120) ** 2 < 40**2
    rgb[disc] = (np.array([200, 40, 40]) + rng.normal(0, 12, (int(disc.sum()), 3))).clip(0, 255)
    return rgb, disc


def test_the_object_is_cut_out_of_its_box(model: GrabCutBox) -> None:
    rgb, disc = disc_on_grass()
    found = model.find(rgb, supplied=None, box=Box(x=70, y=50, width=100, height=100), parameters={})
    assert found.mask[disc].mean() == 1
    assert found.mask[~disc].mean() < 0.03
    assert found.detections[0].label == "object"


def test_the_same_box_gives_the_same_mask(model: GrabCutBox) -> None:
    rgb = np.ascontiguousarray(data.coffee()[::2, ::2, :3])
    box = Box(x=80, y=20, width=180, height=160)
    one, two = (model.find(rgb, supplied=None, box=box, parameters={}).mask for _ in range(2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("box", [Box(x=30, y=30, width=40, height=40), Box(x=0, y=0, width=120, height=100)])
def test_where_nothing_stands_out_the_whole_box_is_taken(model: GrabCutBox, box: Box) -> None:
    found = model.find(np.full((100, 120, 3), 90, np.uint8), supplied=None, box=box, parameters={"grow": 0})
    assert found.detections[0].label == "box"
    assert int(found.mask.sum()) == box.width * box.height


@pytest.mark.parametrize("box", [Box(x=0, y=0, width=1, height=1), Box(x=119, y=99, width=1, height=1)])
def test_a_box_of_one_pixel_is_no_trouble(model: GrabCutBox, box: Box) -> None:
    found = model.find(np.full((100, 120, 3), 90, np.uint8), supplied=None, box=box, parameters={"grow": 0})
    assert found.mask[box.y, box.x]


def test_without_a_box_there_is_a_refusal(model: GrabCutBox) -> None:
    with pytest.raises(BadInput) as caught:
        model.find(np.zeros((9, 9, 3), np.uint8), supplied=None, box=None, parameters={})
    assert caught.value.code == "box"
