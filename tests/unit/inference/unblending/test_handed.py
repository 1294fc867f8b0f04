"""A mark that was found once is drawn again where it was seen, without another search."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from inference.protocols import Mark
from inference.unblending import registered
from inference.unblending.artwork import Artwork, Pose
from inference.unblending.closer import climbed
from inference.unblending.handed import settled_again, sighting_of
from inference.unblending.pose import Settled, settled
from inference.unblending.registered import find_marks, support
from schemas.sighting import Paint
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.marks import Marked
from tests.unit.inference.unblending.test_registered import artwork, as_laid, pasted, stamped


def turned() -> Marked:
    small = Image.fromarray(artwork().rgba).resize((110, 66)).rotate(90, expand=True)
    return pasted(photograph("chelsea", 180, 260), np.asarray(small, np.float32), [(90, 30)], 0.5)


def upright(width: int, left: int) -> Marked:
    return stamped(photograph("chelsea", 180, 260), artwork(), width, [(left, 41)], 0.4)


def found(case: Marked, near: Pose) -> Settled:
    """Settle the mark as a search does that came near it."""
    mark = Artwork(artwork())
    close = climbed(mark.seen(case.rgb), mark, near, Paint.OWN, 240)
    place = settled(case.rgb, mark, close) if close else None
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("case", "near"),
    [
        pytest.param(upright(110, 70), Pose(125.6, 73.7, 111, 65), id="whole"),
        pytest.param(upright(120, 180), Pose(240.5, 76.6, 119, 72), id="cut"),
        pytest.param(turned(), Pose(123.5, 85.3, 111, 66, 270 - 179), id="turned"),
    ],
)
def test_it_comes_out_as_it_was_found(case: Marked, near: Pose, monkeypatch: pytest.MonkeyPatch) -> None:
    first = found(case, near)
    monkeypatch.setattr(registered, "sightings", lambda *_: pytest.fail("it was looked for again"))
    (again,) = find_marks(case.rgb, [Mark("acme", artwork().rgba, [sighting_of(first)])])
    assert np.array_equal(support([again], case.rgb.shape), support([first], case.rgb.shape))
    assert np.abs(as_laid(again, case) - as_laid(first, case)).max() < 0.003
    assert again.inked is first.inked


def test_a_mark_that_was_looked_for_in_vain_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registered, "sightings", lambda *_: pytest.fail("it was looked for again"))
    assert find_marks(photograph("chelsea", 110, 150), [Mark("acme", artwork().rgba, [])]) == []


@pytest.mark.parametrize(
    "lie", [{"x": 60.0, "y": 120.0}, {"turn": 90.0}, {"x": -4000.0}, {"width": 1.0, "height": 1.0}]
)
def test_nobody_is_believed_who_saw_a_mark_where_none_is(lie: dict[str, float]) -> None:
    case = upright(80, 150)
    seen = sighting_of(found(case, Pose(190, 65, 80, 48)))
    mark = replace(artwork(), sighted=[seen.model_copy(update=lie)])
    assert all(place.opacity.max() < 0.1 for place in settled_again(case.rgb, mark))
