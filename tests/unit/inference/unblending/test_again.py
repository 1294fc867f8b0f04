"""A mark that is there stands out from what chance makes of it in the same picture; what resembles it does not."""

import numpy as np
import pytest

from inference.unblending.again import Elsewhere
from inference.unblending.artwork import Artwork, Pose
from inference.unblending.closer import Close, climbed
from inference.unblending.registered import find_marks
from inference.unblending.sightings import STANDING
from schemas.sighting import Paint
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.test_registered import artwork, stamped


def seen_at(rgb: np.ndarray, pose: Pose) -> tuple[Elsewhere, Close]:
    """Bring the mark as close to a pose as it gets, and hold it against the rest of the picture."""
    mark = Artwork(artwork())
    close = climbed(mark.seen(rgb), mark, pose, Paint.OWN, 120.0)
    assert close is not None
    return Elsewhere(mark.seen(rgb), mark, close), close


@pytest.mark.parametrize("opacity", [0.15, 0.5])
def test_a_mark_stands_out_however_faint(opacity: float) -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 90, [(70, 41)], opacity)
    elsewhere, _ = seen_at(case.rgb, Pose(114, 67.5, 92, 55.2))
    assert elsewhere.standing > STANDING


@pytest.mark.parametrize("name", ["chelsea", "coffee"])
def test_where_no_mark_is_the_place_that_is_most_like_it_does_not_stand_out(name: str) -> None:
    rgb = photograph(name, 180, 260)
    places = [seen_at(rgb, Pose(x, y, 90, 54)) for x in range(60, 220, 25) for y in range(40, 160, 20)]
    elsewhere, _ = max(places, key=lambda place: place[1].seen.clearness if place[1].seen else 0)
    assert elsewhere.standing < STANDING


def test_marks_side_by_side_leave_one_another_outstanding() -> None:
    places = [(x, y) for x in range(4, 180, 84) for y in range(2, 130, 52)]
    case = stamped(photograph("chelsea", 180, 260), artwork(), 80, places, 0.3)
    elsewhere, close = seen_at(case.rgb, Pose(places[4][0] + 40, places[4][1] + 24, 80, 48))
    assert elsewhere.standing > STANDING
    found = {(round(copy.pose.x - close.pose.x), round(copy.pose.y - close.pose.y)) for copy in elsewhere.copies()}
    expected = {(x - places[4][0], y - places[4][1]) for x, y in places}
    assert all(any(abs(x - a) <= 2 and abs(y - b) <= 2 for a, b in found) for x, y in expected)


def test_only_what_is_plain_is_found_without_standing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = photograph("chelsea", 180, 260)
    grain = np.random.default_rng(3).normal(0, 12, (180, 260, 1))
    rough = stamped(np.clip(truth + grain, 0, 255).astype(np.uint8), artwork(), 130, [(40, 41)], 0.22)
    plain = stamped(truth, artwork(), 130, [(40, 41)], 0.5)
    assert len(find_marks(rough.rgb, [artwork()])) == 1
    monkeypatch.setattr(Elsewhere, "standing", 0.9 * STANDING)
    assert find_marks(rough.rgb, [artwork()]) == []
    assert len(find_marks(plain.rgb, [artwork()])) == 1
