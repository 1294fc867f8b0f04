"""No face is touched or made up unseen; one that was to be removed may go."""

import numpy as np
import pytest
from skimage import data

from inference.guards.face_finder import FaceFinder
from inference.guards.faces import enlarged_findings, findings
from inference.registry import Registry
from schemas.finding import Change
from tests.unit.inference.guards.scenes import box, edited

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return Registry().load("centerface")


@pytest.fixture(scope="module")
def person() -> np.ndarray:
    return np.asarray(data.astronaut())[:300, 80:380]


def test_it_finds_a_face_and_none_where_there_is_none(finder: FaceFinder, person: np.ndarray) -> None:
    (face,) = finder.find(person)
    assert face.score > 0.7
    assert 90 < face.box.x + face.box.width / 2 < 190
    for other in (data.coffee(), data.chelsea(), data.rocket()):
        assert finder.find(np.asarray(other)) == []


def test_a_mark_taken_off_a_face_is_a_find(finder: FaceFinder, person: np.ndarray) -> None:
    (found,) = findings(finder, edited(person, box(person.shape, 100, 80, 112, 230)))
    assert found.change is Change.TOUCHED


def test_half_a_face_painted_over_is_a_find(finder: FaceFinder, person: np.ndarray) -> None:
    (found,) = findings(finder, edited(person, box(person.shape, 60, 140, 180, 230)))
    assert found.change in (Change.TOUCHED, Change.CHANGED)


def test_a_person_who_was_to_be_removed_is_no_find_unless_the_face_stays(
    finder: FaceFinder, person: np.ndarray
) -> None:
    hole = box(person.shape, 20, 60, 220, 260)
    assert findings(finder, edited(person, hole, np.full_like(person, 128))) == []
    assert [found.change for found in findings(finder, edited(person, hole, person))] == [Change.REMAINS]


def test_an_edit_beside_a_face_is_no_find(finder: FaceFinder, person: np.ndarray) -> None:
    assert findings(finder, edited(person, box(person.shape, 240, 10, 290, 60))) == []


def test_a_face_that_was_not_there_is_a_find(finder: FaceFinder, person: np.ndarray) -> None:
    empty = np.full_like(person, 128)
    view = edited(empty, box(person.shape, 20, 60, 280, 260), person)
    assert [found.change for found in findings(finder, view)] == [Change.INVENTED]
    assert [found.change for found in enlarged_findings(finder, empty, person)] == [Change.INVENTED]
    assert enlarged_findings(finder, person, person) == []
