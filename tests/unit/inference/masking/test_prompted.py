"""What a prompt names is found, gated by its score, and cut out."""

import numpy as np
import pytest

from inference.masking.grounding_dino import _detections, _working_size, phrases_of
from schemas.errors import BadInput
from tests.unit.inference.conftest import TinyModels
from tests.unit.inference.photographs import photograph

TOKENS = np.array([0, 0, 0, 1, 1, 2])  # of "a dog . leash . ."


def answer(*rows: tuple[float, int, tuple[float, float, float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and boxes of queries: score, its token, centre and size."""
    probabilities = np.zeros((len(rows), len(TOKENS)), np.float32)
    for number, (score, token, _) in enumerate(rows):
        probabilities[number, token] = score
    return probabilities, np.array([box for *_, box in rows], np.float32)


def detections(*rows: tuple[float, int, tuple[float, float, float, float]], score: float = 0.4):
    return _detections(*answer(*rows), TOKENS, ["a dog", "leash"], score, (100, 200))


def test_boxes_are_in_pixels_named_by_their_phrase_and_the_surest_comes_first():
    found = detections((0.5, 1, (0.5, 0.5, 0.2, 0.4)), (0.9, 4, (0.1, 0.2, 0.2, 0.4)))
    assert [(each.label, each.box.text) for each in found] == [("leash", "0,0,40,40"), ("a dog", "80,30,40,40")]
    assert found[0].score == pytest.approx(0.9)


@pytest.mark.parametrize(("score", "count"), [(0.25, 3), (0.4, 2), (0.6, 1)])
def test_the_gate_lets_through_what_reaches_it(score: float, count: int):
    rows = [(number, 0, (place, 0.5, 0.1, 0.1)) for number, place in ((0.3, 0.2), (0.5, 0.5), (0.7, 0.8), (0.1, 0.9))]
    assert len(detections(*rows, score=score)) == count


def test_one_thing_found_twice_is_one_thing():
    assert len(detections((0.9, 0, (0.5, 0.5, 0.4, 0.4)), (0.8, 4, (0.5, 0.51, 0.4, 0.4)))) == 1
    assert len(detections((0.9, 0, (0.5, 0.5, 0.4, 0.4)), (0.8, 4, (0.6, 0.5, 0.4, 0.4)))) == 2


@pytest.mark.parametrize("box", [(1.5, 0.5, 0.2, 0.2), (0.5, 0.5, 0, 0.3), (0.5, -1, 0.1, 0.1), (np.nan,) * 4])
def test_boxes_outside_of_the_picture_or_without_a_size_are_left_out(box):
    assert detections((0.9, 0, box)) == []


def test_boxes_are_clipped_to_the_picture():
    (found,) = detections((0.9, 0, (1.0, 1.0, 0.5, 0.5)))
    assert (found.box.x + found.box.width, found.box.y + found.box.height) == (199, 99)


def test_a_prompt_is_split_into_phrases():
    assert phrases_of("A Dog, its  leash.\nball; ,") == ["a dog", "its leash", "ball"]
    assert phrases_of(" . ") == []


@pytest.mark.parametrize(
    ("size", "expected"), [((600, 800), (800, 1056)), ((100, 1000), (128, 1344)), ((1, 1), (800, 800))]
)
def test_the_net_looks_at_the_size_it_was_trained_at(size, expected):
    assert _working_size(*size) == expected


def test_the_true_nets_answer_through_cards_and_checksums(tiny: TinyModels):
    model, picture = tiny.load("grounded-sam2"), photograph("coffee")
    first, again = (
        model.find(picture, supplied=None, box=None, parameters={"prompt": "a cup, spoon", "score": 0.25})
        for _ in range(2)
    )
    assert np.array_equal(first.mask, again.mask)
    assert {each.label for each in first.detections} <= {"a cup", "spoon"}
    assert first.mask.any() == bool(first.detections)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [({}, "prompt"), ({"prompt": " , "}, "prompt"), ({"prompt": "cup", "score": 0.1}, "parameter")],
)
def test_what_cannot_be_looked_for_is_refused(tiny: TinyModels, parameters: dict[str, object], code: str):
    with pytest.raises(BadInput) as caught:
        tiny.load("grounded-sam2").find(photograph("coffee"), supplied=None, box=None, parameters=parameters)
    assert caught.value.code == code
