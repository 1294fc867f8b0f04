"""A mark is learned from pictures that carry it, and from nothing else."""

import cv2
import numpy as np
import pytest

from inference.unblending.learning.learn import Learned, learn
from inference.unblending.learning.placing import Placing
from schemas.errors import BadInput
from tests.unit.inference.unblending.folders import logo, photos, pictures, stamp


def opacity_error(learned: Learned, mark: np.ndarray) -> float:
    """Root of the mean square error of the opacity over the mark, at the place where it is least."""
    found = np.pad(learned.rgba[..., 3] / np.float32(255), 12)
    truth = mark[..., 3]
    rows, columns = (np.flatnonzero((truth > 0.02).any(axis=axis)) for axis in (1, 0))
    part = truth[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return float(np.sqrt(cv2.matchTemplate(found, part, cv2.TM_SQDIFF).min() / (part > 0.02).sum()))


@pytest.mark.parametrize(("down", "across"), [(1, 1), (0, 0), (0.5, 0.5)])
def test_a_mark_is_learned_to_hundredths_of_its_opacity_wherever_it_lies(down: float, across: float) -> None:
    mark = logo(0.45)
    learned = learn(photos([stamp(rgb, mark, down, across) for rgb in pictures(12)]))
    assert learned.placing == Placing(down, across, "pixels")
    assert opacity_error(learned, mark) < 0.05
    (ink,) = learned.inks
    assert np.abs(ink.colour - 255).max() < 12
    assert abs(ink.opacity - 0.45) < 0.04


def test_a_mark_that_grows_with_the_picture_is_brought_to_one_size() -> None:
    rgbs = []
    for rgb in pictures(12):
        mark = cv2.resize(logo(0.5), None, fx=rgb.shape[1] / 190, fy=rgb.shape[1] / 190, interpolation=cv2.INTER_AREA)
        rgbs.append(stamp(rgb, mark, 0.5, 0.5))
    learned = learn(photos(rgbs))
    assert learned.placing.unit == "width"
    assert abs(learned.inks[0].opacity - 0.5) < 0.05


def test_two_inks_are_told_apart() -> None:
    mark = np.zeros((44, 100, 4), np.float32)
    for centre, colour in ((22, (230, 230, 230)), (78, (200, 20, 30))):
        area = cv2.circle(np.zeros((44, 100), np.float32), (centre, 22), 16, 1.0, -1, cv2.LINE_AA) * np.float32(0.5)
        mark += np.dstack([area[..., None] * np.float32(colour), area])
    learned = learn(photos([stamp(rgb, mark, 1, 0) for rgb in pictures(16, one_size=True)]))
    found = sorted(ink.colour[1] for ink in learned.inks)
    assert len(found) == 2
    assert found[0] < 60
    assert found[1] > 190


def test_an_opaque_mark_stays_opaque() -> None:
    learned = learn(photos([stamp(rgb, logo(1.0), 1, 1) for rgb in pictures(8, one_size=True)]))
    assert np.percentile(learned.rgba[..., 3], 95) > 0.93 * 255


def test_a_picture_without_the_mark_is_left_out() -> None:
    rgbs = pictures(12, one_size=True)
    marked, bare = rgbs[:-2], rgbs[-2:]
    learned = learn(photos([*(stamp(rgb, logo(0.5), 1, 1) for rgb in marked), *bare]))
    assert learned.used == len(marked)


@pytest.mark.parametrize("seed", [0, 1])
def test_pictures_without_a_common_mark_are_refused(seed: int) -> None:
    with pytest.raises(BadInput, match="no_common_mark"):
        learn(photos(pictures(6 + 4 * seed, seed)))


def test_four_pictures_are_refused() -> None:
    with pytest.raises(BadInput, match="too_few_pictures"):
        learn(photos([stamp(rgb, logo(0.5), 1, 1) for rgb in pictures(4)]))


def test_copies_of_one_picture_are_refused() -> None:
    with pytest.raises(BadInput, match="pictures_alike"):
        learn(photos(pictures(1) * 6))


def test_of_a_mark_that_repeats_one_copy_is_learned() -> None:
    area = np.zeros((130, 190), np.uint8)
    for top in range(4, 90, 42):
        for left in range(4, 120, 62):
            cv2.putText(area, "ok", (left, top + 26), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 4, cv2.LINE_AA)
    share = area.astype(np.float32) / 510
    sheet = np.dstack([np.repeat(255 * share[..., None], 3, axis=2), share])
    learned = learn(photos([stamp(rgb, sheet, 0, 0, margin=0) for rgb in pictures(12, one_size=True)]))
    assert learned.rgba.shape[0] < 40
    assert learned.rgba.shape[1] < 55
