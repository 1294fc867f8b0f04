"""People are found whole, at any size, and nothing else is taken for one."""

import cv2
import numpy as np
import pytest
from skimage import data

from inference.masking.person import _shadow, _square, _stands, _tiles
from inference.masking.pose_detector import Person, _anchors, _decode, distinct
from inference.registry import Registry
from schemas.pointers import Box
from tests.unit.inference.masking.test_shadow import thing_on_ground


def test_there_are_as_many_anchors_as_the_net_has_boxes() -> None:
    anchors = _anchors()
    assert anchors.shape == (2254, 2)
    np.testing.assert_allclose(anchors[0], 0.5 / 28)
    np.testing.assert_allclose(anchors[1568], 0.5 / 14)
    np.testing.assert_allclose(anchors[-1], 6.5 / 7)


def test_a_box_is_decoded_around_its_anchor() -> None:
    boxes, logits = np.zeros((2254, 12), np.float32), np.full(2254, -200, np.float32)
    boxes[1568, 4:8] = (10, 20, 10, 60)
    logits[1568] = 200
    (person,) = _decode(boxes, logits, 0.5)
    assert person.score == 1
    assert (person.x, person.y) == pytest.approx((18, 28))
    assert person.half == pytest.approx(1.25 * 40)


def test_of_overlapping_detections_the_best_stays() -> None:
    best, same, other = Person(0.9, 100, 100, 50), Person(0.8, 110, 100, 50), Person(0.7, 300, 100, 50)
    assert distinct([same, other, best]) == [best, other]


def test_two_people_who_stand_together_are_two() -> None:
    left, right = Person(0.9, 100, 100, 50), Person(0.8, 140, 104, 55)
    assert distinct([left, right]) == [left, right]


@pytest.mark.parametrize(("height", "width"), [(100, 130), (300, 500), (2000, 900), (130, 131)])
def test_tiles_cover_the_picture_and_stay_inside(height: int, width: int) -> None:
    covered = np.zeros((height, width), int)
    for tile, _ in list(_tiles(height, width))[1:]:
        assert tile.x + tile.width <= width
        assert tile.y + tile.height <= height
        covered[tile.y : tile.y + tile.height, tile.x : tile.x + tile.width] += 1
    assert covered.min() >= 1


@pytest.mark.parametrize("person", [Person(1, 0, 0, 10), Person(1, 99, 49, 300), Person(1, 50, 200, 20)])
def test_a_person_s_square_is_clipped_to_the_picture(person: Person) -> None:
    square = _square(person, 50, 100)
    assert square.x + square.width <= 100
    assert square.y + square.height <= 50


def test_the_shadow_of_one_who_stands_is_found_beside_the_square() -> None:
    rgb, thing, shadow = thing_on_ground(0.5)
    square = Box(x=140, y=60, width=90, height=140)
    body = thing[60:200, 140:230]
    assert _stands(body, square, len(rgb))
    around, found = _shadow(rgb, body, square)
    whole = np.zeros(thing.shape, bool)
    whole[around] = found
    assert whole[shadow].mean() > 0.9
    assert whole[~shadow & ~thing].mean() < 0.02


def test_no_shadow_is_looked_for_where_no_feet_are_seen_or_somebody_lies() -> None:
    body = np.zeros((60, 60), bool)
    body[10:, 20:40] = True
    assert not _stands(body, Box(x=0, y=40, width=60, height=60), 100)
    assert _stands(body, Box(x=0, y=20, width=60, height=60), 100)
    assert not _stands(body.T, Box(x=0, y=20, width=60, height=60), 100)
    assert not _stands(np.zeros((60, 60), bool), Box(x=0, y=20, width=60, height=60), 100)


@pytest.mark.weights
def test_a_person_is_masked_and_what_stands_behind_is_not() -> None:
    rgb = np.ascontiguousarray(data.astronaut())
    found = Registry().load("person").find(rgb, supplied=None, box=None, parameters={})
    assert len(found.detections) == 1
    assert found.mask[60:140, 190:250].all()  # face
    assert found.mask[350:450, 100:200].all()  # suit
    assert not found.mask[:120, :100].any()  # flag
    assert not found.mask[100:180, 380:420].any()  # shuttle


@pytest.mark.weights
def test_a_small_person_is_found_on_a_tile() -> None:
    small = cv2.resize(data.astronaut(), (128, 128), interpolation=cv2.INTER_AREA)
    rgb = np.full((700, 1000, 3), 190, np.uint8)
    rgb[572:, 700:828] = small
    found = Registry().load("person").find(rgb, supplied=None, box=None, parameters={})
    assert found.mask[590:605, 750:760].all()  # face
    assert not found.mask[:500].any()


@pytest.mark.weights
def test_the_largest_person_may_be_left_alone() -> None:
    rgb = np.ascontiguousarray(data.astronaut())
    found = Registry().load("person").find(rgb, supplied=None, box=None, parameters={"largest": 1})
    assert not found.mask.any()


@pytest.mark.weights
def test_beside_the_one_left_alone_the_others_are_masked_and_the_one_keeps_every_pixel_of_the_face() -> None:
    rgb = np.full((512, 900, 3), 190, np.uint8)
    rgb[:, :512] = data.astronaut()
    rgb[312:, 560:760] = cv2.resize(data.astronaut(), (200, 200), interpolation=cv2.INTER_AREA)
    found = Registry().load("person").find(rgb, supplied=None, box=None, parameters={"largest": 1})
    assert found.mask[336:366, 635:657].mean() > 0.9  # the small one's face
    assert not found.mask[60:140, 190:250].any()  # the large one's


@pytest.mark.weights
def test_a_person_cut_off_by_the_border_is_found() -> None:
    rgb = np.full((512, 700, 3), 190, np.uint8)
    rgb[:, :400] = data.astronaut()[:, 112:]
    found = Registry().load("person").find(rgb, supplied=None, box=None, parameters={})
    assert found.mask[60:140, 80:138].all()  # face


@pytest.mark.weights
@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket"])
def test_nobody_is_found_where_nobody_is(name: str) -> None:
    rgb = np.ascontiguousarray(getattr(data, name)()[..., :3])
    assert not Registry().load("person").find(rgb, supplied=None, box=None, parameters={}).mask.any()
