"""Marks without letters are found by their paint, whatever their shape; shapes of the scene are left alone."""

import cv2
import numpy as np
import pytest
from skimage import data

from inference.compositing.masks import dilate
from inference.masking.outlines import outlines
from inference.masking.shapes import shapes, with_shapes
from inference.masking.steps import steps_of
from inference.protocols import Found
from schemas.pointers import Box
from schemas.stage import Detection
from tests.unit.inference.masking.marked import White, painted, textured

HEIGHT, WIDTH = 300, 420


def drawing(kind: str) -> np.ndarray:
    """A disc, a star, a square with a hole, or the outline of a triangle, in the lower right."""
    layer = np.zeros((HEIGHT, WIDTH), np.uint8)
    x, y = 350, 235
    turns = np.arange(10) * np.pi / 5 - np.pi / 2
    radii = np.where(np.arange(10) % 2 == 0, 42, 18)
    star = np.column_stack([x + radii * np.cos(turns), y + radii * np.sin(turns)])
    if kind == "disc":
        cv2.circle(layer, (x, y), 34, 255, -1, cv2.LINE_AA)
    elif kind == "star":
        cv2.fillPoly(layer, [np.rint(star).astype(np.int32)], 255, cv2.LINE_AA)
    elif kind == "cut":
        cv2.rectangle(layer, (x - 36, y - 30), (x + 36, y + 30), 255, -1)
        cv2.circle(layer, (x, y), 17, 0, -1, cv2.LINE_AA)
    else:
        corners = np.array([[x, y - 40], [x + 42, y + 34], [x - 42, y + 34]])
        cv2.polylines(layer, [corners], True, 255, 8, cv2.LINE_AA)
    return layer


def nothing() -> Found:
    return Found(np.zeros((HEIGHT, WIDTH), bool), [])


@pytest.mark.parametrize("kind", ["disc", "star", "cut", "outline"])
@pytest.mark.parametrize(("colour", "opacity"), [(White, 0.45), ((12, 12, 12), 0.6), (White, 1.0)])
def test_a_shape_of_one_paint_is_masked_and_what_is_cut_out_of_it_is_not(
    kind: str, colour: tuple[int, int, int], opacity: float
) -> None:
    layer = drawing(kind)
    found = with_shapes(painted(textured(HEIGHT, WIDTH), layer, colour, opacity), nothing())
    assert [detection.label for detection in found.detections] == ["logo"]
    assert found.mask[layer > 128].mean() > 0.95
    assert dilate(layer > 0, 2)[found.mask].mean() > 0.9


def test_an_opaque_shape_that_is_neither_in_a_corner_nor_in_the_middle_is_a_thing() -> None:
    layer = np.roll(drawing("disc"), (-60, -90), (0, 1))
    assert shapes(painted(textured(HEIGHT, WIDTH), layer, White, 1.0)) == []
    assert shapes(painted(textured(HEIGHT, WIDTH), layer, White, 0.5)) != []


def test_a_shape_with_light_and_shade_is_a_thing() -> None:
    layer = drawing("disc")
    shade = np.linspace(0.35, 1.2, WIDTH)[None, :, None] * np.linspace(1.2, 0.5, HEIGHT)[:, None, None]
    ball = np.clip(np.array([200, 80, 60]) * shade, 0, 255)
    rgb = np.where(layer[..., None] > 128, ball, textured(HEIGHT, WIDTH)).astype(np.uint8)
    assert shapes(rgb) == []


@pytest.mark.parametrize("name", ["chelsea", "coffee", "astronaut", "rocket"])
def test_photographs_without_a_mark_have_none(name: str) -> None:
    assert shapes(np.ascontiguousarray(getattr(data, name)()[..., :3])) == []


def test_what_is_masked_already_is_not_found_twice() -> None:
    layer = drawing("disc")
    rgb = painted(textured(HEIGHT, WIDTH), layer, White, 0.5)
    known = Found(dilate(layer > 0, 2), [])
    assert with_shapes(rgb, known).detections == []
    tiled = Detection(label="tiled-mark", score=1, box=Box(x=0, y=0, width=WIDTH, height=HEIGHT))
    assert not with_shapes(rgb, Found(nothing().mask, [tiled])).mask.any()


def test_an_outline_knows_its_paint() -> None:
    layer = drawing("star")
    first = outlines(painted(textured(HEIGHT, WIDTH), layer, White, 0.5))[0]
    assert abs(first.overlay.opacity - 0.5) < 0.1
    assert np.abs(first.overlay.colour - 255).max() < 30
    left, top, width, height = cv2.boundingRect(layer)
    assert np.abs(np.array([first.box.x, first.box.y]) - (left, top)).max() <= 4
    assert np.abs(np.array([first.box.width, first.box.height]) - (width, height)).max() <= 8


def test_steps_point_to_the_brighter_side() -> None:
    rgb = np.full((40, 60, 3), 60, np.uint8)
    rgb[:, 30:] = 180
    steps = steps_of(rgb)
    assert set(steps.columns.tolist()) <= {29, 30}
    assert len(steps.rows) == len(rgb)
    assert np.allclose(steps.right, 1)
    assert np.allclose(steps.bright, 180)
    assert np.allclose(steps.dark, 60)


@pytest.mark.parametrize("shape", [(8, 300), (300, 9), (1, 1), (40, 40)])
def test_small_and_flat_pictures_have_no_shapes(shape: tuple[int, int]) -> None:
    assert shapes(textured(*shape)) == []
    assert shapes(np.full((*shape, 3), 128, np.uint8)) == []
