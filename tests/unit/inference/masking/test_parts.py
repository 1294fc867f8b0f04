"""A word's letters stand in rows; what is painted above and below them in its colour is no part of it."""

import numpy as np

from inference.masking.overlay import Overlay
from inference.masking.parts import Parts

HEIGHT, WIDTH = 60, 200
PAINT = Overlay(np.array([255.0, 255, 255]), 0.5, np.array([90.0] * 3), 1, 0)


def drawn(boxes: list[tuple[int, int, int, int]], faint: tuple[int, int, int, int]) -> tuple[Parts, np.ndarray]:
    """Letters as boxes ``(top, bottom, left, right)`` in full paint, and a thing of the scene with half of its step."""
    values = np.full((HEIGHT, WIDTH, 3), 70, np.float32)
    painted = np.zeros((HEIGHT, WIDTH), bool)
    for share, (top, bottom, left, right) in [*((0.5, box) for box in boxes), (0.3, faint)]:
        area = np.s_[top:bottom, left:right]
        values[area] = 255 * share + 70 * (1 - share)
        painted[area] = True
    parts = Parts(values, painted, PAINT)
    return parts, parts.in_rows(parts.letters(0, WIDTH, 2), HEIGHT * 0.6)


LETTERS = [(20, 40, 20 + 30 * at, 36 + 30 * at) for at in range(5)]


def test_what_stands_above_the_rows_is_left_out() -> None:
    parts, kept = drawn(LETTERS, faint=(2, 16, 60, 90))
    assert not kept[parts.labels[8, 70]]
    assert all(kept[parts.labels[30, left + 2]] for _, _, left, _ in LETTERS)


def test_letters_that_reach_below_dots_above_and_faint_letters_in_the_rows_stay() -> None:
    dot, descender = (12, 16, 22, 28), (20, 48, 172, 186)
    parts, kept = drawn([*LETTERS[:4], dot, descender], faint=(22, 40, 142, 158))
    assert all(kept[parts.labels[at]] for at in ((14, 25), (46, 180), (30, 150)))


def test_of_few_letters_no_rows_are_known() -> None:
    parts, kept = drawn(LETTERS[:2], faint=(2, 16, 100, 130))
    assert kept[parts.labels[8, 110]]
