"""An edit that shows once it is enlarged is told from one that does not."""

import cv2
import numpy as np
import pytest

from inference.assessment import enlarged
from inference.assessment.classical_assess import ClassicalAssessor
from inference.assessment.enlarged import enlarged_edit
from inference.inpainting.telea import diffuse
from schemas.stage import Stage
from tests.unit.inference.photographs import card, disc, noisy

ASSESSOR = ClassicalAssessor(card(Stage.ASSESS), {})


def _twice(picture, factor=2.0):
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("factor", [1.5, 2.0, 4.0])
def test_what_was_not_changed_looks_as_its_surroundings_at_every_scale(factor):
    found = enlarged_edit(_twice(noisy(120, 12), factor), disc(radius=20))
    assert found["noise_ratio"] == pytest.approx(1, abs=0.2)
    assert found["sharpness_ratio"] == pytest.approx(1, abs=0.2)
    assert found["seam_ratio"] == pytest.approx(1, abs=0.2)
    assert found["texture_distance"] < 0.05


def test_a_smooth_patch_in_grain_shows_when_it_is_enlarged():
    picture, hole = noisy(120, 12), disc(radius=20)
    found = enlarged_edit(_twice(diffuse(picture, hole)), hole)
    assert found["noise_ratio"] < 0.5
    assert found["sharpness_ratio"] < 0.5
    assert found["texture_distance"] > 0.15


def test_a_seam_that_the_enlargement_made_is_seen():
    large, hole = _twice(noisy(120, 3)), disc(radius=20)
    inside = cv2.resize(hole.astype(np.uint8), None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST) > 0
    large[inside] += 30
    assert enlarged_edit(large, hole)["seam_ratio"] > 2


def test_of_a_large_enlargement_the_widest_part_is_looked_at(monkeypatch):
    monkeypatch.setattr(enlarged, "LARGEST", 160)
    picture, hole = noisy(120, 12, 256), np.zeros((256, 256), bool)
    hole[10:16, 10:16] = hole[180:220, 180:220] = True
    smooth = picture.copy()
    smooth[180:220, 180:220] = 120
    assert enlarged_edit(_twice(smooth), hole)["sharpness_ratio"] < 0.5


@pytest.mark.parametrize("hole", [np.zeros((32, 32), bool), np.ones((32, 32), bool)])
def test_without_an_edit_or_surroundings_nothing_is_claimed(hole):
    assert enlarged_edit(_twice(noisy(120, 12, 32)), hole) == {}


def test_the_assessor_tells_it_beside_the_consistency():
    picture, hole = noisy(120, 12), disc(radius=20)
    smooth = diffuse(picture, hole)
    edited = ASSESSOR.assess_upscaled(smooth, _twice(smooth), hole=hole, parameters={}).signals
    untouched = ASSESSOR.assess_upscaled(smooth, _twice(smooth), hole=None, parameters={}).signals
    assert edited.consistency == untouched.consistency
    assert edited.sharpness_ratio < 0.5
    assert untouched.sharpness_ratio is None
