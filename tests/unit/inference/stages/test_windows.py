"""Every edited pixel is looked at, in few windows, and finds are told in the picture's own pixels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inference.stages.windows import CONTEXT, MOST, SIDE, WHOLE, Window, windows_over
from schemas.finding import Change, Finding, Guard
from schemas.pointers import Box


@st.composite
def _places(draw: st.DrawFn) -> tuple[int, int, list[Box]]:
    height, width = draw(st.integers(50, 9000)), draw(st.integers(50, 9000))
    boxes = []
    for _ in range(draw(st.integers(1, 30))):
        x, y = draw(st.integers(0, width - 2)), draw(st.integers(0, height - 2))
        box = Box(x=x, y=y, width=draw(st.integers(1, width - x)), height=draw(st.integers(1, height - y)))
        boxes.append(box)
    return height, width, boxes


def _tenths(box: Box) -> tuple[slice, slice]:
    bottom, right = box.y + box.height - 1, box.x + box.width - 1
    return slice(box.y // 10, bottom // 10 + 1), slice(box.x // 10, right // 10 + 1)


@given(_places())
def test_every_edited_pixel_lies_in_one_of_few_windows(places: tuple[int, int, list[Box]]) -> None:
    height, width, boxes = places
    windows = windows_over(boxes, height, width)
    assert 1 <= len(windows) <= MOST
    seen = np.zeros((height // 10 + 1, width // 10 + 1), bool)
    for window in windows:
        box = window.box
        assert box.x + box.width <= width
        assert box.y + box.height <= height
        assert max(box.width, box.height) <= SIDE * window.factor
        seen[box.y // 10 : -(-(box.y + box.height) // 10), box.x // 10 : -(-(box.x + box.width) // 10)] = True
    for box in boxes:
        assert seen[
            box.y // 10 : (box.y + box.height - 1) // 10 + 1, box.x // 10 : (box.x + box.width - 1) // 10 + 1
        ].all()


@given(_places(), st.sampled_from([CONTEXT, WHOLE]), st.data())
def test_a_thing_that_an_edit_reaches_is_whole_in_one_of_them(
    places: tuple[int, int, list[Box]], context: int, draws: st.DataObject
) -> None:
    height, width, boxes = places
    edit = draws.draw(st.sampled_from(boxes))
    left = draws.draw(st.integers(max(0, edit.x - context + 1), edit.x + edit.width - 1))
    top = draws.draw(st.integers(max(0, edit.y - context + 1), edit.y + edit.height - 1))
    right, bottom = (
        min(left + context, edit.x + edit.width + context),
        min(top + context, edit.y + edit.height + context),
    )
    assert any(
        box.x <= left
        and box.y <= top
        and box.x + box.width >= min(right, width)
        and box.y + box.height >= min(bottom, height)
        for box in (window.box for window in windows_over(boxes, height, width, context))
    )


@given(factor=st.integers(1, 5), x=st.integers(0, 40), y=st.integers(0, 40))
def test_a_find_is_told_where_it_lies_in_the_picture(factor: int, x: int, y: int) -> None:
    window = Window(Box(x=100, y=200, width=60 * factor, height=60 * factor), factor)
    found = Finding(guard=Guard.TEXT, change=Change.LOST, box=Box(x=x, y=y, width=10, height=10), detail="x")
    told = window.in_picture(found).box
    assert told == Box(x=100 + x * factor, y=200 + y * factor, width=10 * factor, height=10 * factor)
    assert window.in_picture(found.model_copy(update={"box": None})).box is None


def test_what_is_reduced_keeps_thin_holes() -> None:
    hole = np.zeros((90, 90), bool)
    hole[:, 40] = True
    window = Window(Box(x=0, y=0, width=90, height=90), 3)
    assert window.reduced_mask(hole).any(axis=1).all()
    assert window.reduced(np.zeros((90, 90, 3), np.uint8)).shape == (30, 30, 3)
