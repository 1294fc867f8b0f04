"""A sighting says how to draw a mark again; what cannot be one is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.plan import request_for
from schemas.pointers import Box, S3Pointer
from schemas.sighting import Paint, Sighting, Sightings
from schemas.stage import Stage
from tests import documents

SEEN: dict[str, Any] = {
    "name": "acme",
    "x": 20.5,
    "y": 10.0,
    "width": 30.0,
    "height": 12.0,
    "turn": 0.0,
    "paint": "own",
    "kernel": "lanczos",
    "opacity": 0.4,
    "likeness": 0.9,
    "box": {"x": 5, "y": 4, "width": 30, "height": 12},
}


@given(
    place=st.tuples(st.floats(-900, 900), st.floats(-900, 900)),
    size=st.tuples(st.floats(1, 9000), st.floats(1, 9000)),
    turn=st.floats(-180, 180),
    opacity=st.floats(0.01, 1.1),
)
def test_a_sighting_comes_back_exactly(
    place: tuple[float, float], size: tuple[float, float], turn: float, opacity: float
) -> None:
    facts = {"x": place[0], "y": place[1], "width": size[0], "height": size[1], "turn": turn, "opacity": opacity}
    seen = Sighting.model_validate(SEEN | facts)
    document = Sightings(artwork=documents.MARKS, found=[seen])
    assert Sightings.model_validate_json(document.model_dump_json()) == document


@pytest.mark.parametrize(
    "wrong",
    [
        {"x": float("nan")},
        {"y": float("inf")},
        {"width": 0},
        {"height": -3},
        {"width": 1e9},
        {"turn": 400},
        {"opacity": 0},
        {"opacity": 1.2},
        {"opacity": float("nan")},
        {"likeness": 1.5},
        {"paint": "plaid"},
        {"kernel": "__import__"},
        {"name": "../acme"},
        {"box": {"x": -1, "y": 0, "width": 3, "height": 3}},
        {"softness": 0.1},
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Sighting.model_validate(SEEN | wrong)


def test_a_mark_that_nobody_looked_for_is_refused() -> None:
    with pytest.raises(ValidationError, match="nobody looked for"):
        Sightings(artwork={}, found=[Sighting.model_validate(SEEN)])


def test_it_is_shown_as_a_detection() -> None:
    detection = Sighting.model_validate(SEEN).detection
    assert (detection.label, detection.score) == ("mark acme", 0.9)
    assert detection.box == Box(x=5, y=4, width=30, height=12)
    assert Sighting.model_validate(SEEN).paint is Paint.OWN


def test_the_inpaint_stage_is_handed_what_the_mask_stage_saw() -> None:
    order, seen = documents.run(marks=documents.MARKS), S3Pointer(bucket=documents.WORK, key="seen.json")
    outputs = documents.result(Stage.MASK).outputs
    looked = documents.summary(Stage.MASK, outputs={**outputs, "sightings": seen})
    request = request_for(Stage.INPAINT, documents.state(order, (Stage.MASK, looked)), work_bucket=documents.WORK)
    assert request.inputs["sightings"] == seen
    blind = request_for(Stage.INPAINT, documents.state(order, Stage.MASK), work_bucket=documents.WORK)
    assert "sightings" not in blind.inputs
    assert blind.output != request.output
