"""A changed digit never passes; what was to be removed may go."""

import cv2
import numpy as np
import pytest

from inference.guards.reading import TextReader
from inference.guards.text import _likeness, enlarged_findings, findings
from inference.registry import Registry
from schemas.finding import Change, Guard
from tests.unit.inference.guards.scenes import PAPER, box, edited, sign

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return Registry().load("ppocr-reader")


def test_it_reads_what_stands_there(reader: TextReader) -> None:
    picture, _ = sign("SERIAL 00731")
    (line,) = reader.lines(picture, 480)
    words = reader.read(picture, line)
    assert words.text.replace(" ", "") == "SERIAL00731"
    assert words.score > 0.9


@pytest.mark.parametrize("text", ["ROOM 24", "B 4711 KX", "1984"])
def test_a_sign_that_is_partly_painted_over_is_found_and_told_where(reader: TextReader, text: str) -> None:
    picture, ink = sign(text)
    columns = np.flatnonzero(ink.any(axis=0))
    hole = box(picture.shape, 130, int(columns[-1]) - 16, 175, int(columns[-1]) + 3)
    (found, *_) = findings(reader, edited(picture, hole))
    assert found.guard is Guard.TEXT
    assert found.change in (Change.CHANGED, Change.LOST, Change.TOUCHED)
    assert found.box is not None
    assert abs(found.box.x - int(columns[0])) < 25


def test_a_digit_that_became_another_is_said_in_words(reader: TextReader) -> None:
    picture, _ = sign("ROOM 24")
    forged, _ = sign("ROOM 21")
    hole = (picture != forged).any(axis=2)
    (found,) = findings(reader, edited(picture, hole, forged))
    assert found.change is Change.CHANGED
    assert "24" in found.detail
    assert "21" in found.detail


@pytest.mark.parametrize("tight", [True, False])
def test_a_sign_that_was_to_be_removed_is_no_find(reader: TextReader, tight: bool) -> None:
    picture, ink = sign()
    letters = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5))) > 0
    hole = letters if tight else box(picture.shape, 120, 105, 185, 300)
    clean = np.broadcast_to(np.array(PAPER, np.uint8), picture.shape)
    assert findings(reader, edited(picture, hole, clean)) == []


def test_a_sign_that_was_to_be_removed_and_stays_is_a_find(reader: TextReader) -> None:
    picture, _ = sign()
    (found,) = findings(reader, edited(picture, box(picture.shape, 120, 105, 185, 300), picture))
    assert found.change is Change.REMAINS


def test_words_that_a_fill_made_up_are_a_find(reader: TextReader) -> None:
    picture, _ = sign()
    plain = sign(" ")[0]
    (found,) = findings(reader, edited(plain, box(picture.shape, 120, 105, 185, 300), picture))
    assert (found.change, "ROOM" in found.detail) == (Change.INVENTED, True)


def test_an_edit_beside_a_sign_is_no_find(reader: TextReader) -> None:
    picture, _ = sign()
    assert findings(reader, edited(picture, box(picture.shape, 190, 120, 240, 220))) == []


def test_an_enlargement_that_reads_otherwise_is_a_find(reader: TextReader) -> None:
    picture, _ = sign("ROOM 24", size=40)
    assert enlarged_findings(reader, picture, picture) == []
    (found,) = enlarged_findings(reader, picture, sign("ROOM 27", size=40)[0])
    assert found.change is Change.CHANGED


@pytest.mark.parametrize(
    ("old", "new", "alike"), [("12", "120", False), ("1", "2031", False), ("SAMPLE", "SAMPL", True)]
)
def test_digits_within_others_are_not_the_same_digits(old: str, new: str, alike: bool) -> None:
    assert (_likeness(old, new) == 1.0) is alike
