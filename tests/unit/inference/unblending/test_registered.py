"""A registered mark is found at any place, size, turn and opacity, and subtracted."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

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
    full = mark.rgba.astype(np.float32)
    full[..., :3] *= full[..., 3:] / 255  # premultiplied, or the colour of what is transparent bleeds into edges
    small = cv2.resize(full, (width, height), interpolation=cv2.INTER_AREA)
    small[..., :3] /= np.maximum(small[..., 3:], 1) / 255
    return pasted(truth, small, places, opacity)


def pasted(truth: np.ndarray, small: np.ndarray, places: list[tuple[int, int]], opacity: float) -> Marked:
    """Lay RGBA over a photograph; what lies beyond its border is cut."""
    height, width = small.shape[:2]
    share = np.zeros(truth.shape[:2], np.float32)
    paint = np.zeros(truth.shape, np.float32)
    for left, top in places:
        inner = small[max(0, -top) : truth.shape[0] - top, max(0, -left) : truth.shape[1] - left]
        here = (slice(max(0, top), top + height), slice(max(0, left), left + width))
        share[here] = inner[..., 3] / np.float32(255) * opacity
        paint[here] = inner[..., :3]
    rgb = np.rint(truth * (1 - share[..., None]) + paint * share[..., None]).astype(np.uint8)
    return Marked(truth, rgb, share, dilate(share > 0.02, 2))


def subtracted(case: Marked, mark: Mark) -> np.ndarray:
    return UNBLEND.restore(case.rgb, case.mask, [mark], fill=diffuse, seed=0, parameters={}).rgb


@settings(max_examples=4, deadline=None, derandomize=True)
@given(left=st.integers(0, 130), top=st.integers(0, 100), width=st.integers(75, 130), opacity=st.floats(0.25, 0.7))
def test_at_any_place_and_size_a_mark_is_subtracted_to_ten_times_less(
    left: int, top: int, width: int, opacity: float
) -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), width, [(left, top)], opacity)
    result = subtracted(case, artwork())
    assert case.error(result) < 0.1 * case.error(case.rgb)
    assert np.array_equal(result[~case.mask], case.rgb[~case.mask])


@pytest.mark.parametrize("kernel", [Image.Resampling.LANCZOS, Image.Resampling.BICUBIC])
def test_what_was_drawn_by_a_common_kernel_is_recovered_to_rounding(kernel: Image.Resampling) -> None:
    small = Image.fromarray(artwork().rgba).resize((113, 71), kernel)  # stretched by 5 % as well
    case = pasted(photograph("coffee", 180, 260), np.asarray(small, np.float32), [(60, 50)], 0.45)
    (place,) = find_marks(case.rgb, [artwork()])
    assert np.abs(as_laid(place, case) - case.opacity).max() < 0.02
    assert np.abs(as_laid(place, case) - case.opacity).mean() < 0.004 * (case.opacity > 0).mean()


def as_laid(place: object, case: Marked) -> np.ndarray:
    opacity = np.zeros_like(case.opacity)
    height, width = place.opacity.shape
    opacity[place.top : place.top + height, place.left : place.left + width] = place.opacity
    return opacity


def test_a_turned_mark_is_found_and_subtracted() -> None:
    turned = Image.fromarray(artwork().rgba).resize((110, 66)).rotate(31, Image.Resampling.BICUBIC, expand=True)
    case = pasted(photograph("coffee", 120, 160), np.asarray(turned, np.float32), [(20, 2)], 0.5)
    (place,) = find_marks(case.rgb, [artwork()])
    assert place.drawing.pose.turn == pytest.approx(31, abs=0.3)
    assert case.error(subtracted(case, artwork())) < 0.15 * case.error(case.rgb)


@pytest.mark.parametrize("level", [255, 0])
def test_the_coloured_artwork_stands_for_its_white_and_black_versions(level: int) -> None:
    plain = artwork().rgba.copy()
    plain[..., :3] = level
    case = stamped(photograph("chelsea", 180, 260), Mark("plain", plain), 110, [(70, 41)], 0.4)
    assert case.error(subtracted(case, artwork())) < 0.1 * case.error(case.rgb)


def test_a_mark_as_light_as_its_ground_is_found_by_its_colour() -> None:
    rgba = artwork().rgba.copy()
    rgba[..., :3] = (230, 60, 60)
    ground = cv2.cvtColor(photograph("chelsea", 180, 260), cv2.COLOR_RGB2GRAY).astype(np.float32)
    truth = np.repeat((110 + 0.3 * (ground - ground.mean()))[..., None], 3, axis=2).round().astype(np.uint8)
    case = stamped(truth, Mark("red", rgba), 110, [(70, 41)], 0.3)
    assert case.error(subtracted(case, Mark("red", rgba))) < 0.15 * case.error(case.rgb)


def test_artwork_without_transparency_is_taken_off_its_ground() -> None:
    sheet = np.full((120, 200, 4), 255, np.uint8)
    cv2.circle(sheet, (55, 60), 40, (0, 0, 0, 255), 9, cv2.LINE_AA)
    cv2.putText(sheet, "acme", (105, 75), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (0, 0, 0, 255), 5, cv2.LINE_AA)
    ink = np.dstack([np.zeros_like(sheet[..., :3]), 255 - sheet[..., 0]])
    case = stamped(photograph("chelsea", 180, 260), Mark("ink", ink), 120, [(70, 41)], 0.5)
    assert case.error(subtracted(case, Mark("sheet", sheet))) < 0.1 * case.error(case.rgb)


def test_a_mark_that_the_border_cuts_is_found() -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 120, [(180, 60)], 0.5)
    assert case.error(subtracted(case, artwork())) < 0.1 * case.error(case.rgb)


def test_several_copies_are_found_and_nothing_beside_them() -> None:
    places = [(-30, 100), (10, 20), (150, 100)]
    case = stamped(photograph("chelsea", 180, 260), artwork(), 80, places, 0.5)
    found = find_marks(case.rgb, [artwork()])
    area = support(found, case.rgb.shape)
    assert len(found) == 3
    assert area[case.affected].mean() > 0.97
    assert not (area & ~dilate(case.mask, 2)).any()


@pytest.mark.parametrize("name", ["chelsea"])
def test_in_a_picture_without_it_no_mark_is_found(name: str) -> None:
    assert find_marks(photograph(name, 110, 150), [artwork()]) == []


def test_in_a_window_a_mark_is_found_where_it_lies_in_the_picture() -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 80, [(150, 100)], 0.5)
    (whole,) = find_marks(case.rgb, [artwork()])
    (part,) = find_marks(case.rgb, [artwork()], (slice(70, 180), slice(110, 260)))
    assert (part.left, part.top, part.drawing.pose) == (whole.left, whole.top, whole.drawing.pose)
    assert np.abs(as_laid(part, case) - as_laid(whole, case)).max() < 0.01


def test_artwork_that_shows_nothing_is_found_nowhere() -> None:
    for rgba in (np.zeros((40, 60, 4), np.uint8), np.full((40, 60, 4), 255, np.uint8)):
        assert find_marks(photograph("chelsea", 110, 150), [Mark("nothing", rgba)]) == []


def test_another_mark_is_not_taken_for_it() -> None:
    case = stamped(photograph("chelsea", 110, 150), artwork(), 90, [(30, 30)], 0.5)
    other = artwork().rgba.copy()
    cv2.putText(other, "ZXV", (5, 75), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (255, 255, 255, 255), 9, cv2.LINE_AA)
    assert find_marks(case.rgb, [Mark("other", other[:, ::-1].copy())]) == []


def test_a_copy_outside_of_the_mask_stays() -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 80, [(10, 20), (150, 100)], 0.5)
    mask = case.mask.copy()
    mask[:, 130:] = False
    result = subtracted(replace(case, mask=mask), artwork())
    assert np.array_equal(result[:, 140:], case.rgb[:, 140:])
