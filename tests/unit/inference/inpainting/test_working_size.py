"""A fill that was made small is as sharp as the picture around it, and takes nothing from where nothing is known."""

import cv2
import numpy as np
import pytest

from inference.inpainting.detail import borrowed_detail
from inference.inpainting.working_size import at_working_size, enlarged
from inference.protocols import Mask, Rgb
from tests.unit.inference.photographs import disc, photograph

SIZE, SIDE = 240, 120


def ideal(truth: Rgb) -> object:
    """A net that knows the truth, at its own size."""

    def fill(rgb: Rgb, hole: Mask) -> Rgb:
        small = cv2.resize(truth, rgb.shape[1::-1], interpolation=cv2.INTER_AREA)
        return np.where(hole[..., None], small, rgb)

    return fill


def sharpness(rgb: Rgb, where: Mask) -> float:
    return float(np.abs(cv2.Laplacian(rgb.mean(axis=2, dtype=np.float64), cv2.CV_64F))[where].mean())


@pytest.mark.parametrize("name", ["gravel", "grass", "coffee"])
def test_a_small_fill_gets_the_sharpness_of_its_surroundings(name: str) -> None:
    truth, hole = photograph(name, SIZE), disc(SIZE, 50)
    made = at_working_size(truth, hole, SIDE, ideal(truth))
    soft = enlarged(cv2.resize(truth, (SIDE, SIDE), interpolation=cv2.INTER_AREA), hole.shape)
    missing = sharpness(truth, hole) - sharpness(soft, hole)
    brought = sharpness(made, hole) - sharpness(soft, hole)
    assert 0.4 * missing < brought < 1.2 * missing


def test_a_smooth_place_stays_smooth() -> None:
    slope = np.broadcast_to(np.linspace(60, 200, SIZE)[None, :, None], (SIZE, SIZE, 3))
    truth, hole = np.rint(slope).astype(np.uint8), disc(SIZE, 50)
    made = at_working_size(truth, hole, SIDE, ideal(truth))
    assert np.abs(made.astype(int) - truth).max() <= 3


def test_the_same_picture_gets_the_same_detail() -> None:
    truth, hole = photograph("coffee", SIZE), disc(SIZE, 50)
    first, second = (at_working_size(truth, hole, SIDE, ideal(truth)) for _ in range(2))
    assert np.array_equal(first, second)


def test_where_nothing_can_be_borrowed_the_fill_stays_as_it_is() -> None:
    rgb = photograph("coffee", 40)
    small = cv2.resize(rgb, (20, 20), interpolation=cv2.INTER_AREA)
    assert not borrowed_detail(rgb, disc(40, 12), small, disc(20, 7)).any()


def test_a_rim_that_the_small_picture_cannot_hold_is_filled_at_full_size() -> None:
    truth, hole = photograph("coffee", SIZE), np.ones((SIZE, SIZE), bool)
    hole[:, 0] = False
    made = at_working_size(truth, hole, 20, ideal(truth))
    assert np.array_equal(made, truth)
