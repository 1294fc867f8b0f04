"""Marks that lie over a picture are masked; the picture's own lettering and clean pictures are left alone."""

import cv2
import numpy as np
import pytest

from inference.compositing.masks import dilate
from inference.masking.overlays import WORKING_SIDE, OverlaidMarks, brought_back, marks_of, working_scale
from inference.registry import Registry
from tests.unit.inference.masking.marked import White, painted, scene, textured, tiles, word


@pytest.mark.parametrize(("colour", "opacity"), [(White, 0.7), ((255, 140, 30), 1.0), ((15, 15, 15), 0.8)])
def test_a_stamp_is_masked_by_its_strokes(colour: tuple[int, int, int], opacity: float) -> None:
    ground = textured(400, 600)
    layer = np.zeros(ground.shape[:2], np.uint8)
    line = word(layer, "24 07 19", 380, 370)
    found = marks_of(painted(ground, layer, colour, opacity), [line])
    assert found.mask[dilate(layer > 8, 2)].mean() > 0.9
    assert dilate(layer > 0, 4)[found.mask].mean() > 0.8
    assert [detection.label for detection in found.detections] == ["mark"]


def test_a_ring_in_the_letters_paint_goes_with_them() -> None:
    ground = textured(400, 600)
    layer = np.zeros(ground.shape[:2], np.uint8)
    line = word(layer, "WM", 270, 212, 1.2)
    cv2.circle(layer, (300, 200), 62, 255, 9, cv2.LINE_AA)
    found = marks_of(painted(ground, layer, White, 0.45), [line])
    assert found.mask[layer > 128].mean() > 0.95
    assert dilate(layer > 0, 5)[found.mask].mean() > 0.85


def test_an_emblem_beside_a_name_goes_with_it_and_a_pole_through_the_line_does_not() -> None:
    ground = textured(400, 600)
    ground[:, 560:566] = 235
    layer = np.zeros(ground.shape[:2], np.uint8)
    line = word(layer, "Northlight", 300, 380, 0.9)
    cv2.circle(layer, (276, 370), 13, 255, 4, cv2.LINE_AA)
    found = marks_of(painted(ground, layer, White, 0.8), [line])
    assert found.mask[layer > 128].mean() > 0.95
    assert not found.mask[:330].any()
    assert dilate(layer > 0, 5)[found.mask].mean() > 0.85


def test_a_tiled_mark_is_one_detection() -> None:
    rgb, layer, lines = tiles(textured(420, 640), 0.4)
    found = marks_of(rgb, lines)
    assert found.mask[layer > 128].mean() > 0.95
    assert [detection.label for detection in found.detections] == ["tiled-mark"]


def test_lettering_of_the_scene_is_left_alone() -> None:
    ground = textured(400, 600)
    ground[150:260, 200:420] = (180, 30, 30)
    layer = np.zeros(ground.shape[:2], np.uint8)
    line = word(layer, "STOP", 250, 215, 1.2)
    shade = np.linspace(0.5, 1.0, 600)[None, :, None]
    sign = painted(ground, layer, (215, 205, 190), 1.0) * shade
    sign += np.random.default_rng(0).normal(0, 9, sign.shape)
    found = marks_of(np.clip(sign, 0, 255).astype(np.uint8), [line])
    assert not found.mask.any()
    assert not found.detections


@pytest.mark.parametrize("size", [(4000, 3000), (9000, 6700), (WORKING_SIDE, 40)])
def test_the_picture_that_is_looked_at_is_bounded(size: tuple[int, int]) -> None:
    assert max(size) * working_scale(*size) <= WORKING_SIDE + 1


def test_a_mask_of_a_smaller_picture_covers_all_of_the_mark_in_the_large_one() -> None:
    large = np.zeros((900, 1300), np.uint8)
    cv2.circle(large, (610, 402), 37, 255, 5)
    small = cv2.resize(large, (433, 300), interpolation=cv2.INTER_AREA) > 0
    back = brought_back(small, 900, 1300)
    assert back.shape == large.shape
    assert back[large > 0].all()


@pytest.mark.weights
def test_a_mark_over_a_photograph_is_found_and_nothing_without_it() -> None:
    rgb = scene()
    layer = np.zeros(rgb.shape[:2], np.uint8)
    word(layer, "DO NOT COPY", 80, 170, 1.4)
    turn = cv2.getRotationMatrix2D((rgb.shape[1] / 2, rgb.shape[0] / 2), 20, 1)
    layer = cv2.warpAffine(layer, turn, layer.shape[::-1])
    model: OverlaidMarks = Registry().load("overlays")
    found = model.find(painted(rgb, layer, White, 0.6), supplied=None, box=None, parameters={})
    assert found.mask[layer > 128].mean() > 0.9
    assert found.mask.mean() < 0.15
    assert not model.find(rgb, supplied=None, box=None, parameters={}).mask.any()
