"""Overlaid text is masked by its strokes; what is not shaped like a line of text is not."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from inference.masking.dbnet import _lines
from inference.masking.line import Line
from inference.masking.strokes import clear_strokes, line_strokes
from inference.masking.text import MANY, OverlaidText, _agreement, is_a_line, slanted_lines
from inference.masking.turning import turned
from inference.registry import Registry

LINE = Line(score=0.9, x=200, y=100, length=160, height=30, angle=0)
ANGLES = st.floats(-89, 90)


def lettered(
    text: str, colour: tuple[int, int, int], angle: float = 0, alpha: float = 1
) -> tuple[np.ndarray, np.ndarray]:
    """A photograph with text over it, and the share of the text in every pixel."""
    rgb = data.chelsea()
    height, width = rgb.shape[:2]
    layer = np.zeros((height, width), np.uint8)
    cv2.putText(layer, text, (80, 190), cv2.FONT_HERSHEY_DUPLEX, 1.4, 255, 3, cv2.LINE_AA)
    layer = cv2.warpAffine(layer, cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), (width, height))
    share = layer[..., None] / 255 * alpha
    return np.rint(rgb * (1 - share) + np.array(colour) * share).astype(np.uint8), layer > 127


@given(angle=ANGLES, height=st.floats(5, 40), stretch=st.floats(1.5, 9))
def test_the_corners_of_a_line_give_its_size_and_direction_back(angle: float, height: float, stretch: float) -> None:
    line = Line(1, 50, 60, height * stretch, height, angle)
    corners = line.corners()
    along = corners[1] - corners[0]
    np.testing.assert_allclose(corners.mean(axis=0), (50, 60), atol=0.01)
    assert math.hypot(*along) == pytest.approx(line.length, rel=1e-3)
    assert math.hypot(*(corners[3] - corners[0])) == pytest.approx(height, rel=1e-3)
    assert math.degrees(math.atan2(along[1], along[0])) == pytest.approx(angle, abs=0.1)


@given(angle=st.floats(-60, 60))
def test_a_line_found_in_the_turned_picture_comes_back_to_its_place(angle: float) -> None:
    canvas = turned(np.zeros((200, 300, 3), np.uint8), angle)
    x, y = cv2.invertAffineTransform(canvas.back) @ np.array([120, 80, 1])
    found = canvas.line_back(Line(1, x, y, 50, 10, 0))
    assert (found.x, found.y) == pytest.approx((120, 80), abs=0.01)
    assert found.angle == pytest.approx(angle, abs=1e-6)
    assert 0 <= x <= canvas.rgb.shape[1]
    assert 0 <= y <= canvas.rgb.shape[0]
    again = canvas.line_forth(found)
    assert (again.x, again.y, again.angle) == pytest.approx((x, y, 0), abs=0.01)


def test_a_core_in_the_probability_map_becomes_a_grown_line() -> None:
    probability = np.zeros((100, 200), np.float32)
    probability[40:48, 50:130] = 0.9
    (line,) = _lines(probability, 2.0, 2.0)
    assert line.score == pytest.approx(0.9)
    assert (line.x, line.y) == pytest.approx((180, 88), abs=1)
    assert line.length > 160
    assert 16 < line.height < 50
    assert line.angle == pytest.approx(0, abs=1)


@pytest.mark.parametrize(
    "change",
    [
        {"score": 0.7},
        {"length": 40.0},
        {"height": 4.0},
        {"height": 120.0, "length": 300.0},
        {"length": 700.0, "x": 300.0},
        {"x": -5.0},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_line_of_text_is_left_alone(change: dict[str, float]) -> None:
    rgb = np.zeros((400, 600, 3), np.uint8)
    assert is_a_line(LINE, rgb, 0.8)
    assert not is_a_line(replace(LINE, **change), rgb, 0.8)


def test_in_a_tiled_mark_every_line_has_to_fit() -> None:
    tiles = [replace(LINE, angle=30.0, x=float(number)) for number in range(MANY)]
    assert _agreement(tiles[0], tiles) == 2
    assert _agreement(replace(LINE, angle=-60.0), tiles) == 1
    assert _agreement(replace(LINE, angle=30.0, height=90.0), tiles) == 0
    assert _agreement(replace(LINE, angle=-60.0), tiles[: MANY - 1]) == 2


@pytest.mark.parametrize("colour", [(255, 255, 255), (15, 15, 15), (255, 140, 30)])
def test_strokes_are_masked_and_the_ground_between_them_is_not(colour: tuple[int, int, int]) -> None:
    level = np.full((36, 240, 3), (20, 70, 140), np.uint8)
    layer = np.zeros((36, 240), np.uint8)
    cv2.putText(layer, "SAMPLE 2024", (12, 26), cv2.FONT_HERSHEY_DUPLEX, 0.9, 255, 2, cv2.LINE_AA)
    share = layer[..., None] / 255
    strokes = clear_strokes(np.rint(level * (1 - share) + np.array(colour) * share).astype(np.uint8))
    assert strokes is not None
    assert strokes[layer > 200].mean() > 0.95
    assert strokes[layer == 0].mean() < 0.02


@pytest.mark.parametrize("texture", [np.zeros((30, 200, 3), np.uint8), data.coffee()[300:330, 20:220, :3]])
def test_without_clear_strokes_none_are_claimed(texture: np.ndarray) -> None:
    assert clear_strokes(np.ascontiguousarray(texture)) is None


def test_the_strokes_of_a_tilted_line_lie_where_the_text_is() -> None:
    rgb, text = lettered("DO NOT COPY", (255, 255, 255), angle=20)
    points = cv2.findNonZero(text.astype(np.uint8))
    (x, y), (width, height), angle = cv2.minAreaRect(points)
    if width < height:
        width, height, angle = height, width, angle - 90
    found = line_strokes(rgb, Line(1, x, y, width + 12, height + 12, angle))
    assert found is not None
    mask = np.zeros(text.shape, bool)
    bounds = found[1]
    mask[bounds.y : bounds.y + bounds.height, bounds.x : bounds.x + bounds.width] = found[0]
    assert mask[text].mean() > 0.9


def test_only_slanted_lines_come_from_a_slanted_look() -> None:
    class Net:
        def lines(self, rgb: np.ndarray, longer_side: int) -> list[Line]:
            centre = rgb.shape[1] / 2, rgb.shape[0] / 2
            return [Line(0.95, *centre, 120, 24, 0), Line(0.95, *centre, 120, 24, 25), Line(0.5, *centre, 120, 24, 0)]

    found = slanted_lines(Net(), np.zeros((400, 600, 3), np.uint8), 0.8)
    assert [round(line.angle) for line in found] == [-25, 25, 50]
    assert all((line.x, line.y) == pytest.approx((300, 200), abs=1) for line in found)


@pytest.mark.weights
@pytest.mark.parametrize("angle", [0, 25])
def test_text_over_a_photograph_is_found(angle: float) -> None:
    model: OverlaidText = Registry().load("ppocr-text")
    rgb, text = lettered("DO NOT COPY", (255, 255, 255), angle, alpha=0.7)
    found = model.find(rgb, supplied=None, box=None, parameters={})
    assert found.mask[text].mean() > 0.9
    assert found.mask.mean() < 0.12
    assert found.detections[0].label == "text"


@pytest.mark.weights
@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket"])
def test_nothing_is_found_on_a_clean_photograph(name: str) -> None:
    rgb = np.ascontiguousarray(getattr(data, name)()[..., :3])
    found = Registry().load("ppocr-text").find(rgb, supplied=None, box=None, parameters={})
    assert not found.mask.any()
    assert not found.detections


def test_an_emblem_beside_the_name_goes_with_it_and_the_scene_does_not() -> None:
    rgb = data.chelsea().copy()
    cv2.circle(rgb, (120, 180), 16, (235, 235, 235), 3, cv2.LINE_AA)
    cv2.putText(rgb, "SAMPLE", (146, 190), cv2.FONT_HERSHEY_DUPLEX, 0.9, (235, 235, 235), 2, cv2.LINE_AA)
    found = line_strokes(rgb, Line(1, 201, 180, 130, 32, 0))
    assert found is not None
    mask = np.zeros(rgb.shape[:2], bool)
    bounds = found[1]
    mask[bounds.y : bounds.y + bounds.height, bounds.x : bounds.x + bounds.width] = found[0]
    ring = np.zeros(rgb.shape[:2], np.uint8)
    cv2.circle(ring, (120, 180), 16, 255, 3)
    assert mask[ring > 0].mean() > 0.95
    assert not mask[:, :95].any()
    assert not mask[:, 290:].any()


def test_white_letters_are_taken_and_not_the_dark_ground_between_them() -> None:
    rgb, text = lettered("WWW MMM", (255, 255, 255))
    left, top, width, height = cv2.boundingRect(text.astype(np.uint8))
    level = np.ascontiguousarray(rgb[top - 6 : top + height + 6, left - 6 : left + width + 6])
    strokes = clear_strokes(level)
    assert strokes is not None
    inside = text[top - 6 : top + height + 6, left - 6 : left + width + 6]
    assert strokes[inside].mean() > 0.85
    assert strokes[~inside].mean() < 0.15
