"""Strokes: what is painted is in the mask, what is erased is not, and nothing else changes."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.masking.painted import painted, read_strokes
from schemas.errors import BadInput
from schemas.redo import Stroke, Strokes

HEIGHT, WIDTH = 60, 80
places = st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT))
strokes = st.builds(
    Stroke, paint=st.booleans(), radius=st.floats(0.5, 20), points=st.lists(places, min_size=1, max_size=5)
)


def _distance(stroke: Stroke) -> np.ndarray:
    """Distance of each pixel's middle to the line, sampled finely."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    found = np.full((HEIGHT, WIDTH), np.inf)
    points = stroke.points * 2 if len(stroke.points) == 1 else stroke.points
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        for part in np.linspace(0, 1, 64):
            x, y = x0 + part * (x1 - x0), y0 + part * (y1 - y0)
            found = np.minimum(found, np.hypot(columns - x, rows - y))
    return found


@given(strokes, st.integers(0, 255))
def test_a_stroke_reaches_its_radius_and_not_beyond(stroke: Stroke, before: int) -> None:
    mask = np.full((HEIGHT, WIDTH), before, np.uint8)
    drawn = painted(mask, Strokes(strokes=[stroke]))
    distance = _distance(stroke)
    assert (drawn[distance < stroke.radius - 1.5] == (255 if stroke.paint else 0)).all()
    assert (drawn[distance > stroke.radius + 2.5] == before).all()
    assert (mask == before).all()


def test_the_last_stroke_over_a_place_counts() -> None:
    paint = Stroke(paint=True, radius=8, points=[(20, 20), (60, 20)])
    erase = Stroke(paint=False, radius=4, points=[(40, 20)])
    drawn = painted(np.zeros((HEIGHT, WIDTH), np.uint8), Strokes(strokes=[paint, erase]))
    assert (drawn[20, 25], drawn[20, 40], drawn[14, 40]) == (255, 0, 255)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b'{"strokes": []}',
        b'{"strokes": [{"paint": true, "radius": 0, "points": [[1, 1]]}]}',
        b'{"strokes": [{"paint": true, "radius": 2, "points": [[1, 1e9]]}]}',
        b'{"strokes": [{"paint": true, "radius": 2, "points": []}]}',
        b'{"strokes": [{"paint": true, "radius": 1e999, "points": [[1, 1]]}]}',
    ],
)
def test_what_nobody_can_paint_is_refused(document: bytes) -> None:
    with pytest.raises(BadInput, match="strokes"):
        read_strokes(document)


def test_points_are_bounded_together_and_not_only_by_the_stroke() -> None:
    many = Stroke(paint=True, radius=1, points=[(1.0, 1.0)] * 15_000)
    with pytest.raises(ValueError, match="20000"):
        Strokes(strokes=[many, many])
