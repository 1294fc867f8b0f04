"""Large slanted words are masked to the pixel, over grounds as light as they are, and things of the scene are not."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from inference.compositing.masks import dilate
from inference.masking.line import Line
from inference.masking.lone import examined, is_laid_over
from inference.masking.overlays import marks_of
from inference.masking.slanted import is_paint, slanted_letters
from tests.unit.inference.masking.marked import White, painted, textured

Size = (300, 480)


def slanted_word(text: str = "PREVIEW", turn: float = 20) -> tuple[np.ndarray, Line]:
    """A drawing, and where a text detector sees it: not quite level with it, and without its first letter."""
    layer = np.zeros(Size, np.uint8)
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 2, 9)
    left, bottom = (Size[1] - width) // 2, (Size[0] + height) // 2
    cv2.putText(layer, text, (left, bottom), cv2.FONT_HERSHEY_DUPLEX, 2, 255, 9, cv2.LINE_AA)
    matrix = cv2.getRotationMatrix2D((Size[1] / 2, Size[0] / 2), turn, 1)
    seen = Line(0.8, Size[1] / 2 + 20, Size[0] / 2 - 7, width - 45, height + 22, -turn + 1)
    return np.asarray(cv2.warpAffine(layer, matrix, Size[::-1])), seen


def two_grounds() -> np.ndarray:
    """Dark on the left, lighter than most letters' threshold on the right, with a bright edge across."""
    ground = (textured(*Size, seed=3) * 0.6).astype(np.uint8)
    ground[:, 260:] = np.clip(ground[:, 260:].astype(np.int16) + 95, 0, 255).astype(np.uint8)
    cv2.line(ground, (0, 120), (480, 210), (225, 215, 200), 4, cv2.LINE_AA)
    return ground


@pytest.mark.parametrize(("colour", "opacity"), [(White, 0.45), ((20, 20, 20), 0.6), ((255, 230, 60), 0.7)])
def test_a_slanted_word_is_masked_with_its_soft_edge_and_little_else(
    colour: tuple[int, int, int], opacity: float
) -> None:
    layer, line = slanted_word()
    found = marks_of(painted(two_grounds(), layer, colour, opacity), [line])
    assert found.mask[layer > 5].mean() > 0.93
    assert dilate(layer > 5, 2)[found.mask].mean() > 0.75


def test_the_paint_is_measured_by_the_way() -> None:
    layer, line = slanted_word()
    rgb = painted(two_grounds(), layer, White, 0.45)
    mark = examined(rgb, line)
    assert mark is not None
    letters = slanted_letters(rgb, mark, (0, 0))
    assert is_paint(letters)
    assert abs(letters.overlay.opacity - 0.45) < 0.06
    assert np.abs(letters.overlay.colour - 255).max() < 20


def test_what_runs_out_of_the_picture_is_no_word_unless_the_detector_is_sure() -> None:
    layer, line = slanted_word()
    rgb = painted(two_grounds(), layer, White, 0.45)
    assert marks_of(rgb, [line]).detections
    last = int(np.nonzero(layer)[1].max())
    cut = np.ascontiguousarray(rgb[:, : last - 12])
    assert not marks_of(cut, [line]).detections


@pytest.mark.parametrize(("opacity", "length", "taken"), [(0.5, 0.3, True), (0.95, 0.3, False), (0.95, 0.5, True)])
def test_a_slanted_word_across_the_middle_has_to_be_longer_where_it_is_opaque(
    opacity: float, length: float, taken: bool
) -> None:
    layer, line = slanted_word()
    rgb = painted(two_grounds(), layer, White, 0.45)
    mark = examined(rgb, line)
    assert mark is not None
    seen = replace(mark.overlay, opacity=opacity, spread=6, error=np.abs(mark.overlay.step).max() / 12)
    line = replace(line, score=0.95, length=length * Size[1])
    assert is_laid_over(replace(mark, line=line, overlay=seen), rgb) == taken


def test_an_opaque_sign_on_the_same_ground_is_no_paint() -> None:
    layer, line = slanted_word()
    rgb = painted(two_grounds(), layer, (150, 120, 90), 1.0)
    mark = examined(rgb, line)
    assert mark is None or not is_paint(slanted_letters(rgb, mark, (0, 0)))
