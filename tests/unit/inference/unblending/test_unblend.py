"""A half-transparent mark is computed back; what cannot be is filled."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from inference.card_files import CARDS, read_card
from inference.compositing.masks import dilate
from inference.inpainting.telea import diffuse
from inference.protocols import Restored, Restorer
from inference.unblending import unblend
from inference.unblending.coverage import find_coverage
from inference.unblending.unblend import Unblend
from schemas.errors import BadInput
from tests.unit.inference.files import file_of, photograph
from tests.unit.inference.unblending.marks import Marked, lettered, lettering, marked

UNBLEND = Unblend(read_card(CARDS / "unblend.yaml"), {})


def restored(case: Marked, mask: np.ndarray | None = None) -> Restored:
    hole = case.mask if mask is None else mask
    return UNBLEND.restore(case.rgb, hole, [], fill=diffuse, seed=0, parameters={})


def test_it_is_a_restorer_and_its_card_names_it() -> None:
    assert isinstance(UNBLEND, Restorer)


@pytest.mark.parametrize("colour", [(255, 255, 255), (20, 20, 20), (200, 40, 60)])
@pytest.mark.parametrize("opacity", [0.3, 0.55])
def test_a_mark_of_any_colour_is_computed_back_to_half_of_a_fills_error(opacity: float, colour: object) -> None:
    case = lettered(opacity, colour, "chelsea")
    result = restored(case)
    assert case.error(result.rgb) < 0.5 * case.error(diffuse(case.rgb, case.mask))
    assert result.measured[case.affected].mean() > 0.9


def test_a_mark_over_strong_edges_is_computed_back_as_well() -> None:
    case = lettered(0.3, name="coffee")  # a white cup on brown wood
    assert case.error(restored(case).rgb) < 0.3 * case.error(diffuse(case.rgb, case.mask))


def test_a_mask_that_is_a_box_does_nearly_as_well() -> None:
    case = lettered(name="chelsea")
    box = np.zeros_like(case.mask)
    rows, columns = np.nonzero(case.mask)
    box[rows.min() - 3 : rows.max() + 4, columns.min() - 3 : columns.max() + 4] = True
    result = restored(case, box)
    assert case.error(result.rgb) < 0.5 * case.error(diffuse(case.rgb, box))


def test_outside_of_the_mask_nothing_is_claimed_and_nothing_changes() -> None:
    case = lettered()
    result = restored(case)
    assert not (result.measured & ~case.mask).any()
    assert np.array_equal(result.rgb[~case.mask], case.rgb[~case.mask])


def test_of_a_large_mask_piece_after_piece_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    case = lettered(name="chelsea")
    whole = restored(case)
    monkeypatch.setattr(unblend, "LARGEST", 13_000)
    result = restored(case)
    assert case.error(result.rgb) < 1.5 * case.error(whole.rgb) + 1
    assert np.array_equal(result.rgb[~case.mask], case.rgb[~case.mask])


def test_a_piece_claims_nothing_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    case = lettered(name="chelsea")
    seen: list[np.ndarray] = []

    def part_by_part(rgb: np.ndarray, bare: np.ndarray, area: np.ndarray, sure: np.ndarray, *_: object) -> object:
        seen.append(bare[area].copy())
        bare[area] = 0
        sure |= area
        return bare, sure

    monkeypatch.setattr(unblend, "LARGEST", 13_000)
    monkeypatch.setattr(unblend, "_removed", lambda rgb, area, measured, overlay: (rgb, measured))
    monkeypatch.setattr(unblend, "_part_by_part", part_by_part)
    restored(case)
    assert len(seen) > 1
    assert all((pixels > 0).any(axis=1).all() for pixels in seen)


def test_in_the_midst_of_a_solid_mask_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unblend, "LARGEST", 400)
    monkeypatch.setattr(unblend, "CONTEXT", 8)
    truth = photograph("coffee", 160, 224)
    plate = np.zeros((160, 224), bool)
    plate[20:140, 20:200] = True
    result = restored(marked(truth, plate.astype(np.float32), 0.4), plate)
    assert not result.measured[60:100, 60:160].any()


def test_an_opaque_mark_is_left_to_the_fill() -> None:
    case = lettered(opacity=1.0)
    result = restored(case)
    letters = case.opacity > 0.9
    assert not result.measured[letters].any()
    assert case.error(result.rgb) <= 1.15 * case.error(diffuse(case.rgb, case.mask))


def test_the_fill_sees_what_was_computed_and_is_asked_for_the_rest_alone() -> None:
    case = lettered(opacity=1.0)
    asked: list[np.ndarray] = []

    def fill(rgb: np.ndarray, hole: np.ndarray) -> np.ndarray:
        asked.append(hole)
        return np.zeros_like(rgb)

    result = UNBLEND.restore(case.rgb, case.mask, [], fill=fill, seed=0, parameters={})
    (hole,) = asked
    assert np.array_equal(hole, case.mask & ~result.measured)
    assert not result.rgb[hole].any()


def test_a_mask_without_a_mark_beneath_does_no_harm() -> None:
    truth = photograph("coffee", 160, 224)
    mask = dilate(lettering(160, 224) > 0.02, 2)
    result = UNBLEND.restore(truth, mask, [], fill=diffuse, seed=0, parameters={})
    error = np.sqrt(np.square(result.rgb.astype(float) - truth)[mask].mean())
    filled = np.sqrt(np.square(diffuse(truth, mask).astype(float) - truth)[mask].mean())
    assert error <= filled


def test_hairlines_and_single_pixels_are_no_trouble() -> None:
    truth = photograph("coffee", 96, 128)
    coverage = np.zeros((96, 128), np.float32)
    cv2.line(coverage, (10, 10), (100, 80), 1.0, 1)
    case = marked(truth, coverage, 0.5)
    assert case.error(restored(case).rgb) <= case.error(case.rgb)
    point = np.zeros((96, 128), bool)
    point[0, 0] = True
    assert restored(case, point).rgb.shape == truth.shape


def test_the_same_picture_gives_the_same_bytes() -> None:
    case = lettered()
    assert np.array_equal(restored(case).rgb, restored(case).rgb)


def test_a_mask_of_everything_is_refused() -> None:
    case = lettered()
    with pytest.raises(BadInput, match="mask_covers_everything"):
        restored(case, np.ones_like(case.mask))


@pytest.mark.parametrize("quality", [60, 80, 92])
@pytest.mark.parametrize("opacity", [0.7, 0.85])
def test_a_mark_that_compression_has_worn_never_stays(opacity: float, quality: int) -> None:
    clean = marked(photograph("coffee", 70, 200), lettering(70, 200, scale=0.6), opacity)
    with Image.open(io.BytesIO(file_of(clean.rgb, "JPEG", quality=quality, subsampling=0))) as image:
        worn = replace(clean, rgb=np.asarray(image))
    error = clean.error(restored(worn).rgb)
    assert error < 0.4 * clean.error(worn.rgb), "the mark is still there"
    assert error < 1.3 * clean.error(diffuse(worn.rgb, worn.mask))


def test_thin_lines_in_a_jpeg_are_worth_their_edges() -> None:
    area = np.zeros((2 * 160, 2 * 224), np.uint8)
    for offset in range(-320, 448, 130):
        cv2.line(area, (offset, 0), (offset + 320, 320), 255, 4)
        cv2.line(area, (offset, 320), (offset + 320, 0), 255, 4)
    lines = cv2.resize(area, (224, 160), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    clean = marked(photograph("chelsea", 160, 224), lines, 0.35)
    with Image.open(io.BytesIO(file_of(clean.rgb, "JPEG", quality=85))) as image:
        worn = replace(clean, rgb=np.asarray(image))
    result = restored(worn)
    assert result.measured[clean.affected].mean() > 0.5
    assert clean.error(result.rgb) < 0.8 * clean.error(diffuse(worn.rgb, worn.mask))


def test_labels_that_give_way_to_the_ground_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    case = lettered()
    picture = case.rgb.astype(np.float32)
    understood = find_coverage(picture, case.mask)
    assert understood.agreement > 0.8
    monkeypatch.setattr(unblend, "find_coverage", lambda *_: replace(understood, agreement=0.4))
    result = restored(case)
    assert not result.measured.any()
    assert np.array_equal(result.rgb, diffuse(case.rgb, case.mask))


def test_a_mark_of_two_inks_side_by_side_is_computed_back_part_by_part() -> None:
    truth = photograph("chelsea", 160, 224)
    disc = cv2.circle(np.zeros((160, 224), np.uint8), (44, 80), 30, 255, -1, cv2.LINE_AA).astype(np.float32) / 255
    letters = np.roll(lettering(160, 224, "ACME", 1.0), 40, axis=1)
    red = marked(truth, disc, 0.45, (220, 30, 40))
    both = marked(red.rgb, letters, 0.45)
    case = Marked(truth, both.rgb, red.opacity + both.opacity, red.mask | both.mask)
    result = restored(case)
    for part in (disc > 0.5, letters > 0.5):
        assert result.measured[part].mean() > 0.9
    assert case.error(result.rgb) < 0.5 * case.error(diffuse(case.rgb, case.mask))
