"""A repeated word is found in all its copies, also in those that no text detector saw."""

from dataclasses import replace

import numpy as np
import pytest

from inference.compositing.masks import dilate
from inference.masking.families import common_angle, families
from inference.masking.line import Line
from inference.masking.tiled import tiled_mark
from tests.unit.inference.masking.marked import textured, tiles


@pytest.mark.parametrize("opacity", [0.25, 0.45])
def test_every_copy_is_found_from_a_third_of_them(opacity: float) -> None:
    rgb, layer, lines = tiles(textured(420, 640), opacity)
    found = tiled_mark(rgb, lines[::3])
    assert found is not None
    assert found[layer > 128].mean() > 0.93
    assert dilate(layer > 0, 2)[found].mean() > 0.9


def test_copies_are_found_though_their_lines_were_seen_askew() -> None:
    rgb, layer, lines = tiles(textured(420, 640), 0.4)
    found = tiled_mark(rgb, [replace(line, angle=2.6) for line in lines])
    assert found is not None
    assert found[layer > 128].mean() > 0.93


def test_lines_on_a_ground_without_a_mark_are_no_copies() -> None:
    _, _, lines = tiles(textured(420, 640), 0.4)
    assert tiled_mark(textured(420, 640, seed=3), lines) is None


def test_few_lines_make_no_pattern() -> None:
    rgb, _, lines = tiles(textured(420, 640), 0.4)
    assert tiled_mark(rgb, lines[:3]) is None


def test_the_angle_of_a_family_is_that_of_its_long_lines_also_around_the_vertical() -> None:
    lines = [Line(1, 0, 0, 200, 20, 89.0), Line(1, 0, 0, 200, 20, -89.0), Line(1, 0, 0, 180, 20, 90.0)]
    assert abs(common_angle(lines)) == pytest.approx(90, abs=1.01)


def test_each_line_is_in_one_family_and_families_share_direction_and_size() -> None:
    rng = np.random.default_rng(1)
    lines = [Line(1, 0, 0, 90, float(rng.choice([12, 30])), float(rng.choice([-30, 0, 88, -89]))) for _ in range(40)]
    groups = families(lines)
    assert sorted(id(line) for group in groups for line in group) == sorted(id(line) for line in lines)
    assert all(len({line.height for line in group}) == 1 for group in groups)
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)
