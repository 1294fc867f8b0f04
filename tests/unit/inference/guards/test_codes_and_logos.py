"""A code that could be read still can; a registered logo that nobody wanted removed is left alone."""

import cv2
import numpy as np
import pytest
import zxingcpp
from skimage import data

from inference.guards import codes, logos
from inference.protocols import Mark
from schemas.finding import Change, Guard
from schemas.pointers import Box
from tests.unit.inference.guards.scenes import box, edited

CODE = (slice(60, 204), slice(100, 244))


@pytest.fixture(scope="module")
def coded() -> np.ndarray:
    picture = np.array(data.chelsea())
    code = zxingcpp.create_barcode("part 4711", zxingcpp.BarcodeFormat.QRCode)
    made = cv2.resize(np.asarray(zxingcpp.write_barcode_to_image(code)), (144, 144), interpolation=cv2.INTER_NEAREST)
    picture[CODE] = made[..., None]
    return picture


def test_a_code_is_read_with_its_place(coded: np.ndarray) -> None:
    (code,) = codes.read(coded)
    assert code.text == "part 4711"
    assert 100 <= code.box.x < 244
    assert codes.read(np.asarray(data.coffee())) == []


def test_a_code_that_no_longer_reads_is_a_find(coded: np.ndarray) -> None:
    (found,) = codes.findings(edited(coded, box(coded.shape, 90, 130, 180, 200)))
    assert (found.guard, found.change) == (Guard.CODES, Change.LOST)


def test_of_two_equal_codes_the_lost_one_is_a_find(coded: np.ndarray) -> None:
    twins = coded.copy()
    twins[60:204, 260:404] = coded[CODE]
    (found,) = codes.findings(edited(twins, box(twins.shape, 90, 130, 180, 200)))
    assert found.change is Change.LOST
    assert found.box is not None
    assert found.box.x < 250


def test_a_code_that_became_another_is_said_to_be_changed() -> None:
    place = Box(x=10, y=10, width=90, height=90)
    (found,) = codes.lost([codes.Code("QRCode", "a", place)], [codes.Code("QRCode", "b", place)])
    assert found.change is Change.CHANGED


def test_a_code_that_still_reads_the_same_or_was_to_go_is_no_find(coded: np.ndarray) -> None:
    assert codes.findings(edited(coded, box(coded.shape, 100, 140, 106, 146))) == []
    assert codes.findings(edited(coded, box(coded.shape, 40, 80, 230, 270))) == []
    assert codes.findings(edited(coded, box(coded.shape, 230, 300, 280, 400))) == []


def _stamped() -> tuple[np.ndarray, Mark]:
    artwork = np.zeros((60, 160, 4), np.uint8)
    cv2.putText(artwork, "ACME", (6, 45), cv2.FONT_HERSHEY_DUPLEX, 1.6, (255, 255, 255, 255), 4, cv2.LINE_AA)
    cv2.circle(artwork, (146, 30), 10, (255, 255, 255, 255), -1)
    picture = np.array(data.coffee())[:, :500]
    share = artwork[..., 3:] / 255 * 0.8
    place = picture[200:260, 150:310]
    place[:] = np.rint(place * (1 - share) + 255 * share)
    return picture, Mark("acme", artwork)


def test_a_registered_logo_is_a_find_only_where_the_edit_reaches_it() -> None:
    picture, mark = _stamped()
    (found,) = logos.findings(edited(picture, box(picture.shape, 210, 170, 240, 220)), [mark])
    assert (found.guard, found.change) == (Guard.LOGOS, Change.TOUCHED)
    assert "acme" in found.detail
    assert logos.findings(edited(picture, box(picture.shape, 20, 20, 60, 60)), [mark]) == []
    assert logos.findings(edited(picture, box(picture.shape, 210, 170, 240, 220)), []) == []
