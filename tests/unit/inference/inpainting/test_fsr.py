"""FSR in pieces."""

import numpy as np

from inference.inpainting.fsr import reconstruct
from tests.unit.inference.photographs import photograph


def test_far_strokes_are_filled_as_if_they_were_alone():
    picture, one, other = photograph("coffee", 192), np.zeros((192, 192), bool), np.zeros((192, 192), bool)
    one[30:34, 20:60] = True
    other[150:154, 120:170] = True
    together = reconstruct(picture, one | other, "fast")
    assert np.array_equal(together[one], reconstruct(picture, one, "fast")[one])
    assert np.array_equal(together[other], reconstruct(picture, other, "fast")[other])


def test_pieces_whose_boxes_overlap_give_the_same_bytes_every_time():
    picture, hole = photograph("coffee", 256), np.zeros((256, 256), bool)
    hole[10:14, 10:246] = hole[10:246, 10:14] = True  # an L, whose box holds the second piece
    hole[150:154, 150:200] = True
    results = {reconstruct(picture, hole, "fast").tobytes() for _ in range(3)}
    assert len(results) == 1


def test_the_quick_setting_is_used_unless_the_other_is_asked_for():
    picture, hole = photograph("coffee"), np.zeros((128, 128), bool)
    hole[60:62, 40:60] = True
    assert np.array_equal(reconstruct(picture, hole), reconstruct(picture, hole, "fast"))
    assert not np.array_equal(reconstruct(picture, hole), reconstruct(picture, hole, "best"))
