"""Levels come out the same from reduced planes and windows as from the whole picture."""

import cv2
import numpy as np
import pytest

from inference.unblending.ground import TO_YCC
from inference.unblending.looked import FINER, STRIP, Looked
from tests.unit.inference.files import photograph


def picture(height: int, width: int) -> np.ndarray:
    return cv2.resize(photograph("coffee", 180, 260), (width, height), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize(("factor", "pitch"), [(1.4, 1), (1.0, 1), (0.6, 1), (0.31, 1), (0.12, 4), (0.05, 8)])
def test_a_reduced_picture_is_that_of_the_whole_plane(factor: float, pitch: int) -> None:
    rgb = picture(2 * STRIP + 77, 701)
    height, width = (side // pitch * pitch for side in rgb.shape[:2])
    whole = (rgb.astype(np.float32) @ TO_YCC[0])[:height, :width]
    seen, step = Looked(rgb, TO_YCC[0]).reduced(factor)
    assert step * seen.shape[1] == pytest.approx(width)
    flags = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    assert np.abs(seen - cv2.resize(whole, seen.shape[::-1], interpolation=flags)).mean() < 0.025 * whole.std()


@pytest.mark.parametrize("factor", [1.0, 0.3, 0.2, 0.06])
def test_a_window_holds_the_box_at_its_place_and_is_fine_enough(factor: float) -> None:
    rgb = picture(301, 403)
    box = (51, 67, 250, 399)
    crop, (top, left), pitch = Looked(rgb, TO_YCC[0]).cut(box, factor)
    assert pitch == 1 or pitch <= 1 / (FINER * factor)
    assert top <= box[0] < top + pitch
    assert left <= box[1] < left + pitch
    whole = (rgb.astype(np.float32) @ TO_YCC[0])[top:, left:][: crop.shape[0] * pitch, : crop.shape[1] * pitch]
    assert whole.shape[0] > box[2] - box[0] - pitch
    assert np.allclose(crop, cv2.resize(whole, crop.shape[::-1], interpolation=cv2.INTER_AREA), atol=0.01)


def test_a_window_beyond_the_border_is_empty() -> None:
    crop, _, _ = Looked(picture(60, 80), TO_YCC[0]).cut((-50, -40, -10, 30), 1.0)
    assert crop.size == 0
