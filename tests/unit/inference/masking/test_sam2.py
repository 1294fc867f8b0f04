"""A box or a click becomes the object there, at any size of the picture."""

from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from inference.masking.point import read_point
from inference.masking.sam2 import Sam2Net, SamObject
from schemas.errors import BadInput
from schemas.pointers import Box
from tests.unit.inference.conftest import TinyModels
from tests.unit.inference.photographs import photograph

GRID = 32
"""Side of the masks that the net below makes; its pictures are twice that."""


class SeesRed:
    """Answers as SAM 2 does, with what is red in the picture it is given; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, *, pixel_values: torch.Tensor, **prompt: Any) -> SimpleNamespace:
        self.asked.append(prompt)
        red = pixel_values[0, 0] - pixel_values[0, 1]
        small = torch.nn.functional.avg_pool2d(red[None], 2)[0]
        masks = torch.stack([small - 1.5] * (3 if prompt["multimask_output"] else 1))
        return SimpleNamespace(pred_masks=masks[None, None], iou_scores=torch.tensor([[[0.9, 0.2, 0.3][: len(masks)]]]))


@pytest.fixture
def net() -> Sam2Net:
    made = object.__new__(Sam2Net)
    made.device, made._dtype, made._side, made._net = "cpu", torch.float32, 2 * GRID, SeesRed()
    return made


def scene(height: int, width: int, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """A red ellipse in a box on grey."""
    y, x = np.mgrid[:height, :width]
    inside = ((x + 0.5 - box.x - box.width / 2) / (box.width / 2)) ** 2 + (
        (y + 0.5 - box.y - box.height / 2) / (box.height / 2)
    ) ** 2 < 1
    return np.where(inside[..., None], (250, 20, 20), (120, 120, 120)).astype(np.uint8), inside


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


@pytest.mark.parametrize(
    "box",
    [
        Box(x=300, y=500, width=60, height=40),
        Box(x=0, y=0, width=90, height=200),
        Box(x=850, y=590, width=50, height=10),
    ],
)
def test_the_object_is_cut_from_a_crop_around_its_box(net: Sam2Net, box: Box):
    picture, truth = scene(600, 900, box)
    found, detection = net.in_box(picture, box, "dog")
    # 32 values for a crop of three boxes: each spans a tenth of the object. Of the whole picture it would be half.
    assert overlap(found, truth) > 0.75
    assert (detection.label, detection.box) == ("dog", box)
    assert detection.score == pytest.approx(0.9)


def test_a_click_finds_the_object_and_cuts_it_again_from_near(net: Sam2Net):
    box = Box(x=300, y=200, width=120, height=100)
    picture, truth = scene(600, 900, box)
    ((found, detection),) = net.at_point(picture, (350, 240))
    assert overlap(found, truth) > 0.8
    assert [prompt["multimask_output"] for prompt in net._net.asked] == [True, False]
    scale = np.array([900, 600]) / (2 * GRID)
    np.testing.assert_allclose(net._net.asked[0]["input_points"][0, 0, 0].numpy() * scale, (350.5, 240.5), atol=1e-3)
    assert abs(detection.box.x - box.x) < 30


def test_a_click_on_nothing_finds_nothing(net: Sam2Net):
    assert net.at_point(np.full((50, 60, 3), 120, np.uint8), (5, 5)) == []


def test_where_the_net_sees_nothing_the_whole_box_is_taken(net: Sam2Net):
    box = Box(x=3, y=4, width=5, height=6)
    found, detection = net.in_box(np.full((50, 60, 3), 120, np.uint8), box)
    assert found.sum() == 30
    assert (detection.label, detection.score) == ("box", 0.5)


def test_the_shadow_of_the_object_goes_with_it_unless_somebody_says_otherwise(net: Sam2Net):
    box = Box(x=200, y=70, width=60, height=120)
    picture, thing = scene(260, 420, box)
    shadow = np.zeros((260, 420), np.uint8)
    cv2.fillPoly(shadow, [np.array([[200, 188], [260, 188], [320, 150], [265, 150]])], 1)
    shadow[thing] = 0
    picture[shadow > 0] //= 2
    model = object.__new__(SamObject)
    model._net = net
    with_it, without = (
        model.find(picture, supplied=None, box=box, parameters={"grow": 0, "shadow": said}).mask
        for said in (True, False)
    )
    assert with_it[shadow > 0].mean() > 0.9
    assert without[shadow > 0].mean() < 0.2
    assert not with_it[:60].any()


def test_the_true_net_answers_for_box_and_click_and_grows_its_mask(tiny: TinyModels):
    model, picture = tiny.load("sam2"), photograph("coffee")
    box = Box(x=30, y=40, width=50, height=30)
    sizes = []
    for grow in (0, 5):
        found = model.find(picture, supplied=None, box=box, parameters={"grow": grow})
        sizes.append(int(found.mask.sum()))
    assert 0 < sizes[0] < sizes[1]
    assert not found.mask[:20].any()
    clicked = model.find(picture, supplied=None, box=None, parameters={"point": "64,64"})
    assert clicked.mask.shape == (128, 128)
    again = model.find(picture, supplied=None, box=None, parameters={"point": "64,64"})
    assert np.array_equal(clicked.mask, again.mask)


@pytest.mark.parametrize("size", [(1, 1), (3, 70), (257, 31)], ids=str)
def test_pictures_of_any_size_are_looked_at(tiny: TinyModels, size: tuple[int, int]):
    picture = np.zeros((*size, 3), np.uint8)
    found = tiny.load("sam2").find(picture, supplied=None, box=Box(x=0, y=0, width=1, height=1), parameters={})
    assert found.mask.shape == size


def test_with_neither_box_nor_click_there_is_a_refusal(tiny: TinyModels):
    with pytest.raises(BadInput) as caught:
        tiny.load("sam2").find(photograph("coffee"), supplied=None, box=None, parameters={})
    assert caught.value.code == "box"


@pytest.mark.parametrize("point", ["1", "1,2,3", "a,b", "-1,0", "0,48", "64,0", 7, [1, 2], "1.5,2"])
def test_what_is_no_point_of_the_picture_is_refused(point: object):
    with pytest.raises(BadInput) as caught:
        read_point({"point": point}, height=48, width=64)
    assert caught.value.code == "point"


def test_a_point_is_column_and_row():
    assert read_point({"point": " 63, 47"}, height=48, width=64) == (63, 47)
    assert read_point({}, height=48, width=64) is None
