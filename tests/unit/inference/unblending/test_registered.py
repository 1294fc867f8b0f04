"""A registered mark is found at any place, size and opacity, and subtracted."""

import cv2
import numpy as np
import pytest

from inference.compositing.masks import dilate
from inference.inpainting.telea import diffuse
from inference.protocols import Mark
from inference.unblending.registered import find_marks, support
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.marks import Marked
from tests.unit.inference.unblending.test_unblend import UNBLEND


def artwork() -> Mark:
    """A red disc in a white ring, with letters."""
    rgba = np.zeros((120, 200, 4), np.uint8)
    cv2.circle(rgba, (55, 60), 45, (255, 255, 255, 255), 9, cv2.LINE_AA)
    cv2.circle(rgba, (55, 60), 20, (220, 30, 40, 255), -1, cv2.LINE_AA)
    cv2.putText(rgba, "acme", (105, 75), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (255, 255, 255, 255), 5, cv2.LINE_AA)
    return Mark("acme", rgba)


def stamped(truth: np.ndarray, mark: Mark, width: int, places: list[tuple[int, int]], opacity: float) -> Marked:
    height = round(width * mark.rgba.shape[0] / mark.rgba.shape[1])
    share = np.zeros(truth.shape[:2], np.float32)
    paint = np.zeros(truth.shape, np.float32)
    full = mark.rgba.astype(np.float32)
    full[..., :3] *= full[..., 3:] / 255  # premultiplied, or the colour of what is transparent bleeds into edges
    small = cv2.resize(full, (width, height), interpolation=cv2.INTER_AREA)
    small[..., :3] /= np.maximum(small[..., 3:], 1) / 255
    for left, top in places:
        share[top : top + height, left : left + width] = small[..., 3] / 255 * opacity
        paint[top : top + height, left : left + width] = small[..., :3]
    rgb = np.rint(truth * (1 - share[..., None]) + paint * share[..., None]).astype(np.uint8)
    return Marked(truth, rgb, share, dilate(share > 0.02, 2))


@pytest.mark.parametrize(("width", "opacity"), [(90, 0.5), (137, 0.35)])
def test_a_registered_mark_is_subtracted_to_ten_times_less(width: int, opacity: float) -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), width, [(70, 41)], opacity)
    result = UNBLEND.restore(case.rgb, case.mask, [artwork()], fill=diffuse, seed=0, parameters={})
    assert case.error(result.rgb) < 0.1 * case.error(case.rgb)
    assert np.array_equal(result.rgb[~case.mask], case.rgb[~case.mask])


def test_several_copies_are_found_and_nothing_beside_them() -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 80, [(10, 20), (150, 100)], 0.5)
    found = find_marks(case.rgb, [artwork()])
    area = support(found, case.rgb.shape)
    assert len(found) == 2
    assert area[case.affected].mean() > 0.97
    assert not (area & ~dilate(case.mask, 2)).any()


@pytest.mark.parametrize("name", ["chelsea", "coffee", "astronaut"])
def test_in_a_picture_without_it_no_mark_is_found(name: str) -> None:
    assert find_marks(photograph(name, 180, 260), [artwork()]) == []


def test_a_copy_outside_of_the_mask_stays() -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 80, [(10, 20), (150, 100)], 0.5)
    mask = case.mask.copy()
    mask[:, 130:] = False
    result = UNBLEND.restore(case.rgb, mask, [artwork()], fill=diffuse, seed=0, parameters={})
    assert np.array_equal(result.rgb[:, 140:], case.rgb[:, 140:])
