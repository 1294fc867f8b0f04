"""A mark that still stands is not called removed: its step at the rim gives it away, or a part taken for bare."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.inpainting.telea import diffuse
from inference.unblending.ground import roughness
from inference.unblending.standing import LEFT_AT_RIM, islands_left, left_at_the_rim
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.marks import Marked, lettering, marked
from tests.unit.inference.unblending.test_unblend import restored


def plate() -> np.ndarray:
    area = np.zeros((160, 224), np.float32)
    area[40:120, 30:194] = 1
    return area


def on_a_disc(name: str, opacity: float = 0.35) -> tuple[Marked, np.ndarray]:
    """White letters that run over a dark disc, and the disc's own opacity."""
    truth = photograph(name, 160, 224)
    letters = lettering(160, 224, "SAMPLE", 1.2)
    disc = cv2.circle(np.zeros((160, 224), np.uint8), (70, 75), 40, 255, -1, cv2.LINE_AA).astype(np.float32) / 255
    below = marked(truth, disc * (1 - letters), opacity, (15, 15, 15))
    both = marked(below.rgb, letters, opacity)
    return Marked(truth, both.rgb, below.opacity + both.opacity, below.mask | both.mask), below.opacity


def share_left(case: Marked, bare: np.ndarray) -> float:
    picture = case.rgb.astype(np.float32)
    step = roughness(picture, case.mask)[..., 0]
    return left_at_the_rim(picture, bare.astype(np.float32), step, case.mask, case.mask)


@settings(max_examples=15, deadline=None)
@given(name=st.sampled_from(["coffee", "chelsea", "astronaut"]), opacity=st.floats(0.25, 0.8), white=st.booleans())
def test_nothing_is_left_of_a_mark_that_was_taken_off_and_all_of_one_that_was_not(
    name: str, opacity: float, white: bool
) -> None:
    case = marked(photograph(name, 160, 224), plate(), opacity, (255,) * 3 if white else (90, 0, 90))
    assert share_left(case, case.truth) < LEFT_AT_RIM
    step = np.abs(case.rgb.astype(float) - case.truth)[case.opacity > 0].mean()
    if step > 25:  # a mark as bright as its ground makes no step
        assert share_left(case, case.rgb) > 2 * LEFT_AT_RIM


def test_an_island_that_was_taken_for_bare_is_found_and_bare_ground_is_not() -> None:
    case, disc = on_a_disc("chelsea")
    picture, truth = case.rgb.astype(np.float32), case.truth.astype(np.float32)
    letters = case.opacity - disc
    half_done = np.where((disc > 0.02)[..., None], picture, truth)
    left = islands_left(picture, half_done, letters, case.mask)
    assert left[disc > 0.3].mean() > 0.8
    box = np.zeros_like(case.mask)
    box[20:140, 10:214] = True
    assert not islands_left(picture, truth, case.opacity, box).any()


@pytest.mark.parametrize("name", ["coffee", "chelsea", "astronaut"])
def test_letters_on_a_disc_never_come_out_worse_than_filled(name: str) -> None:
    case, _ = on_a_disc(name)
    assert case.error(restored(case).rgb) <= 1.02 * case.error(diffuse(case.rgb, case.mask))


@pytest.mark.parametrize("name", ["coffee", "chelsea"])
def test_a_plate_with_cut_out_letters_is_computed_back(name: str) -> None:
    coverage = plate() * (1 - lettering(160, 224, "ACME", 1.0))
    case = marked(photograph(name, 160, 224), coverage, 0.55)
    result = restored(case)
    assert result.measured[case.affected].mean() > 0.8
    assert case.error(result.rgb) < 0.5 * case.error(diffuse(case.rgb, case.mask))
