"""Windows hold what they are for, do not meet, and stay small."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.unblending.artwork import Pose
from inference.unblending.pose import Settled
from inference.unblending.registered import where
from inference.unblending.rendering import Drawing
from inference.unblending.windows import inward, pieces, reach, together
from schemas.sighting import Paint

SHAPE = (400, 600)
MARGIN = 10
BOX = st.tuples(st.integers(0, 370), st.integers(0, 560), st.integers(1, 30), st.integers(1, 40))


def place(top: int, left: int, height: int, width: int) -> Settled:
    opacity, paint = np.ones((height, width), np.float32), np.zeros((height, width, 3), np.float32)
    drawing = Drawing.at(Pose(left + width / 2, top + height / 2, width, height))
    return Settled("mark", left, top, opacity, paint, 0.01, 1.0, drawing, Paint.OWN, 1.0)


@settings(max_examples=60, deadline=None)
@given(boxes=st.lists(BOX, max_size=12))
def test_each_mark_lies_with_its_margin_in_one_window_and_windows_do_not_meet(
    boxes: list[tuple[int, int, int, int]],
) -> None:
    places = [place(*box) for box in boxes]
    count = np.zeros(SHAPE, int)
    seen = []
    for window, own in together(places, SHAPE, MARGIN):
        count[window] += 1
        seen += own
        inside = np.zeros(SHAPE, bool)
        inside[window] = True
        for one in own:
            rows, columns = where(one)
            around = slice(max(0, rows.start - MARGIN), rows.stop + MARGIN)
            assert inside[around, max(0, columns.start - MARGIN) : columns.stop + MARGIN].all()
    assert count.max(initial=0) <= 1
    assert {id(one) for one in seen} == {id(one) for one in places}
    assert len(seen) == len(places)


def test_marks_far_apart_cost_what_they_cover() -> None:
    first = place(5, 5, 30, 40)
    groups = together([first, replace(first, top=360, left=550)], SHAPE, MARGIN)
    assert sum(np.zeros(SHAPE)[window].size for window, _ in groups) < 0.03 * SHAPE[0] * SHAPE[1]


@settings(max_examples=40, deadline=None)
@given(box=BOX)
def test_a_mark_whose_larger_part_is_in_a_mask_is_within_reach(box: tuple[int, int, int, int]) -> None:
    top, left, height, width = box
    hole = np.zeros((2000, 2000), bool)
    hole[800 + top : 800 + top + height, 800 + left : 800 + left + width] = True
    rows, columns = reach(hole)
    assert rows.start <= 800 + top - height
    assert rows.stop >= 800 + top + 2 * height
    assert columns.start <= 800 + left - width
    assert columns.stop >= 800 + left + 2 * width
    assert (rows.stop - rows.start) * (columns.stop - columns.start) < 0.05 * hole.size


@settings(max_examples=60, deadline=None)
@given(
    top=st.integers(0, 300), left=st.integers(0, 500), height=st.integers(1, 200), width=st.integers(1, 200),
    largest=st.integers(1, 9000),
)  # fmt: skip
def test_pieces_cover_an_area_once_with_their_margin_and_are_no_larger_than_asked(
    top: int, left: int, height: int, width: int, largest: int
) -> None:
    area = (slice(top, top + height), slice(left, left + width))
    count, inside = np.zeros(SHAPE, int), np.zeros(SHAPE, bool)
    for near, own in pieces(area, SHAPE, largest, MARGIN):
        count[own] += 1
        seen = np.zeros(SHAPE, bool)
        seen[near] = True
        around = tuple(slice(max(0, side.start - MARGIN), side.stop + MARGIN) for side in own)
        assert seen[around].all()
        assert np.array_equal(seen[near][inward(own, near)], np.ones_like(count[own], bool))
        assert count[own].size <= largest
    inside[area] = True
    assert np.array_equal(count, inside)
