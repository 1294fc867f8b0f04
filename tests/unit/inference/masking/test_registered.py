"""Registered marks beside a detector: it is shown the picture without them, and both answers are joined."""

import numpy as np
import pytest

from inference.masking.registered import beside_registered
from inference.protocols import Found
from schemas.pointers import Box
from schemas.stage import Detection
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.marks import Marked
from tests.unit.inference.unblending.test_registered import artwork, stamped

CORNER = (slice(0, 12), slice(0, 20))


class Eye:
    """Remembers what it was shown, and finds something in the corner."""

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def __call__(self, rgb: np.ndarray) -> Found:
        self.shown.append(rgb)
        mask = np.zeros(rgb.shape[:2], bool)
        mask[CORNER] = True
        return Found(mask, [Detection(label="corner", score=1, box=Box(x=0, y=0, width=20, height=12))])


def case(opacity: float) -> Marked:
    return stamped(photograph("chelsea", 180, 260), artwork(), 120, [(80, 60)], opacity)


def test_a_detector_is_shown_the_picture_without_the_mark() -> None:
    stamped_photo, eye = case(0.5), Eye()
    beside_registered(stamped_photo.rgb, [artwork()], eye)
    (shown,) = eye.shown
    assert stamped_photo.error(shown) < 0.15 * stamped_photo.error(stamped_photo.rgb)
    assert np.array_equal(shown[~stamped_photo.mask], stamped_photo.rgb[~stamped_photo.mask])


def test_a_detector_is_shown_no_shape_of_an_opaque_mark() -> None:
    stamped_photo, eye = case(1.0), Eye()
    beside_registered(stamped_photo.rgb, [artwork()], eye)
    (shown,) = eye.shown
    assert stamped_photo.error(shown) < 0.35 * stamped_photo.error(stamped_photo.rgb)


def test_both_answers_are_joined() -> None:
    stamped_photo = case(0.5)
    found, sighted = beside_registered(stamped_photo.rgb, [artwork()], Eye())
    assert [detection.label for detection in found.detections] == ["corner", "mark acme"]
    assert [(one.name, one.detection) for one in sighted] == [("acme", found.detections[1])]
    assert found.mask[CORNER].all()
    assert found.mask[stamped_photo.affected].mean() > 0.97


@pytest.mark.parametrize("name", ["chelsea", "coffee"])
def test_without_a_mark_a_detector_is_shown_the_picture_itself(name: str) -> None:
    rgb, eye = photograph(name, 120, 160), Eye()
    found, sighted = beside_registered(rgb, [artwork()], eye)
    assert eye.shown[0] is rgb
    assert [detection.label for detection in found.detections] == ["corner"]
    assert sighted == []
