"""A mark that repeats is understood from all its copies."""

import cv2
import numpy as np
import pytest

from inference.inpainting.telea import diffuse
from inference.unblending import copies, shifts
from inference.unblending.copies import agreed
from inference.unblending.coverage import find_coverage
from inference.unblending.ground import roughness
from inference.unblending.shifts import repetitions
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.marks import lettering, marked
from tests.unit.inference.unblending.test_unblend import restored


def tiled(height: int, width: int, angle: float = 0.0) -> np.ndarray:
    """Small letters every 90 by 40 pixels, turned."""
    area = np.zeros((2 * height, 2 * width), np.uint8)
    for row in range(0, 2 * height, 40):
        for column in range(0, 2 * width, 90):
            cv2.putText(area, "PROOF", (column, row + 25), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 2, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((width, height), angle, 1)
    area = cv2.warpAffine(area, turn, (2 * width, 2 * height), flags=cv2.INTER_CUBIC)
    return area[height // 2 : height // 2 + height, width // 2 : width // 2 + width].astype(np.float32) / 255


@pytest.mark.parametrize("angle", [0.0, 25.0, -40.0])
def test_shifts_of_a_turned_lattice_are_found_to_a_tenth_of_a_pixel(angle: float) -> None:
    found = repetitions(tiled(240, 320, angle))
    radians = np.deg2rad(angle)
    for down, right in ((0.0, 90.0), (40.0, 0.0)):
        there = np.array(
            [down * np.cos(radians) - right * np.sin(radians), right * np.cos(radians) + down * np.sin(radians)]
        )
        nearest = min(np.abs(np.array([shift.down, shift.right]) - there).max() for shift in found)
        assert nearest < 0.1


def test_a_single_word_does_not_repeat() -> None:
    assert repetitions(lettering(160, 224)) == []
    assert repetitions(np.zeros((40, 50), np.float32)) == []


def test_a_solid_plate_is_not_taken_for_its_own_copies() -> None:
    plate = np.zeros((160, 224), np.float32)
    plate[40:120, 10:214] = 1
    assert repetitions(plate * (1 - lettering(160, 224))) == []


def test_copies_lower_the_error_of_the_coverage() -> None:
    case = marked(photograph("astronaut", 240, 320), tiled(240, 320, 25), 0.4)
    picture = case.rgb.astype(np.float32)
    alone = find_coverage(picture, case.mask)
    together = agreed(picture, case.mask, alone, roughness(picture, case.mask)[..., 0])
    truth = case.opacity / case.opacity.max()
    errors = [np.abs(found.share - truth)[case.affected].mean() for found in (alone, together)]
    assert errors[1] < 0.8 * errors[0]


def test_tiled_text_is_computed_back() -> None:
    case = marked(photograph("astronaut", 240, 320), tiled(240, 320, 25), 0.4)
    assert case.error(restored(case).rgb) < 0.35 * case.error(diffuse(case.rgb, case.mask))


def test_in_a_large_picture_shifts_are_settled_at_native_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shifts, "LARGEST", 480 * 640 // 4)
    monkeypatch.setattr(shifts, "SETTLED_IN", 128)
    found = repetitions(tiled(480, 640, 25))
    assert len(found) > 20
    turn = np.exp(1j * np.deg2rad(25))
    for shift in found:
        there = (shift.right + 1j * shift.down) * turn
        apart = (there.real / 90 - round(there.real / 90)) * 90, (there.imag / 40 - round(there.imag / 40)) * 40
        assert max(map(abs, apart)) < 0.15


@pytest.mark.parametrize("strip", [40, 100])
def test_copies_are_averaged_strip_by_strip_as_in_one_piece(monkeypatch: pytest.MonkeyPatch, strip: int) -> None:
    case = marked(photograph("astronaut", 160, 240), tiled(160, 240), 0.4)
    picture = case.rgb.astype(np.float32)
    alone, step = find_coverage(picture, case.mask), roughness(picture, case.mask)[..., 0]
    whole = agreed(picture, case.mask, alone, step)
    monkeypatch.setattr(copies, "STRIP", strip)
    assert np.abs(agreed(picture, case.mask, alone, step).share - whole.share).max() < 1e-3
