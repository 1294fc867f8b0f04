"""Each new signal moves with the defect that it is named after, and hardly without it."""

import cv2
import numpy as np
import pytest

from inference.assessment.border import border_structure
from inference.assessment.native import luminance
from inference.assessment.repetition import repetition
from inference.assessment.residue import residue
from inference.assessment.smooth import membrane, smooth_delta
from inference.assessment.texture import self_similarity, strengths, texture_distance
from inference.inpainting.telea import diffuse
from tests.unit.inference.photographs import disc, noisy, photograph


def _hole(size: int, top: int, left: int, bottom: int, right: int) -> np.ndarray:
    hole = np.zeros((size, size), bool)
    hole[top:bottom, left:right] = True
    return hole


def test_a_smooth_fill_lies_on_the_smooth_surface_and_a_tinted_one_beside_it():
    picture, hole = noisy(120, 3, 160), disc(160, 30)
    tinted = picture.copy()
    tinted[hole] += 40
    assert smooth_delta(picture, hole) < 1.5
    assert smooth_delta(tinted, hole) > 10


def test_the_membrane_goes_through_what_is_around_it():
    ramp = np.broadcast_to(np.linspace(20, 200, 96, dtype=np.float32)[None, :, None], (96, 96, 3)).copy()
    hole = _hole(96, 30, 30, 66, 66)
    filled = membrane(np.where(hole[..., None], np.float32(0), ramp), hole)
    assert np.abs(filled - ramp)[hole].max() < 12
    assert np.array_equal(filled[~hole], ramp[~hole])


def test_a_line_that_ends_at_the_border_is_broken():
    picture = np.full((120, 120, 3), 128, np.uint8)
    picture[56:64] = 20
    hole = _hole(120, 30, 40, 90, 80)
    cut = picture.copy()
    cut[hole] = 128
    whole = border_structure(luminance(picture), hole)
    broken = border_structure(luminance(cut), hole)
    assert whole is not None
    assert broken is not None
    assert broken[0] > 3 * whole[0]
    assert broken[1] > whole[1] + 0.2


def test_smoothed_fur_has_another_texture_and_is_not_found_again():
    picture, hole = photograph("chelsea", 256), disc(256, 40)
    smooth = diffuse(picture, hole)
    fur, plain = strengths(luminance(picture)), strengths(luminance(smooth))
    assert texture_distance(plain, hole) > 3 * texture_distance(fur, hole)
    assert self_similarity(fur, hole) > 0.9


def test_a_patch_that_stands_there_twice_is_a_repetition():
    picture, hole = photograph("astronaut", 256), _hole(256, 60, 60, 110, 110)
    copied = picture.copy()
    copied[60:110, 60:110] = picture[150:200, 120:170]
    once, twice = repetition(luminance(picture), hole), repetition(luminance(copied), hole)
    assert once is not None
    assert twice is not None
    assert twice > 0.5
    assert once < 0.2


def test_calm_ground_is_no_repetition():
    assert repetition(luminance(noisy(120, 1, 128)), disc(128, 30)) is None


@pytest.mark.parametrize("left", [0.3, -0.3])
def test_a_mark_that_was_taken_off_too_little_or_too_much_shows(left):
    ground = luminance(photograph("coffee", 200))
    drawn = np.zeros((200, 200), np.uint8)
    cv2.putText(drawn, "MARK", (20, 120), cv2.FONT_HERSHEY_DUPLEX, 1.8, 80, 4)
    mark = drawn.astype(np.float32)
    hole = mark > 0
    clean, poor = residue(ground + mark, ground, hole), residue(ground + mark, ground + left * mark, hole)
    assert clean is not None
    assert poor is not None
    assert poor > clean + 0.3
