"""A mark that is nearly in place is brought there to hundredths of a pixel."""

import cv2
import numpy as np
import pytest

from inference.unblending.artwork import Artwork, Pose
from inference.unblending.closer import climbed
from inference.unblending.evidence import accord, field_of, trace_of
from inference.unblending.pose import settled
from inference.unblending.rendering import Drawing
from schemas.sighting import Paint
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.test_registered import artwork

TRUE = Pose(131.3, 88.7, 121.0, 70.0, 7.0)


def drawn(pose: Pose, opacity: float = 0.4) -> np.ndarray:
    truth = photograph("coffee", 180, 260).astype(np.float32)
    layers = Drawing.at(pose, "area").layers(Artwork(artwork()), 180, 260, 0, 0) * np.float32(opacity)
    return np.rint(truth * (1 - layers[..., 3:]) + layers[..., :3]).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("off", [(1.2, -0.8, 1.03, 0.98, 1.5), (-1.0, 1.0, 0.97, 1.0, -2.0)])
def test_place_size_and_turn_come_out_exactly(off: tuple[float, float, float, float, float]) -> None:
    start = Pose(TRUE.x + off[0], TRUE.y + off[1], TRUE.width * off[2], TRUE.height * off[3], TRUE.turn + off[4])
    mark = Artwork(artwork())
    luma = mark.seen(drawn(TRUE))
    near = climbed(luma, mark, start, Paint.OWN, 72)
    assert near is not None
    close = climbed(luma, mark, near.pose, Paint.OWN, 240)
    assert close is not None
    assert close.pose.x == pytest.approx(TRUE.x, abs=0.05)
    assert close.pose.y == pytest.approx(TRUE.y, abs=0.05)
    assert close.pose.width == pytest.approx(TRUE.width, abs=0.15)
    assert close.pose.height == pytest.approx(TRUE.height, abs=0.15)
    assert close.pose.turn == pytest.approx(TRUE.turn, abs=0.1)


@pytest.mark.parametrize("opacity", [0.15, 0.5, 0.9])
def test_the_opacity_comes_out_within_a_hundredth(opacity: float) -> None:
    mark = Artwork(artwork())
    rgb = drawn(TRUE, opacity)
    close = climbed(mark.seen(rgb), mark, TRUE, Paint.OWN, 240)
    assert close is not None
    place = settled(rgb, mark, close)
    assert place is not None
    assert float(place.opacity.max()) == pytest.approx(opacity, abs=0.012)


def test_half_a_mark_is_told_from_a_whole_one() -> None:
    mark = Artwork(artwork())
    luma = drawn(TRUE).astype(np.float32) @ mark.look
    half = luma.copy()
    half[:, 120:] = cv2.cvtColor(photograph("coffee", 180, 260), cv2.COLOR_RGB2GRAY)[:, 120:]
    trace = trace_of(*mark.drawn(TRUE, 180, 260))
    assert accord(field_of(luma), trace, Paint.OWN) > 0.9
    assert accord(field_of(half), trace, Paint.OWN) < 0.6
