"""A tint that is left of a mark is seen, and told from what the photograph shows."""

import numpy as np
import pytest

from inference.unblending.ink import unblended
from inference.unblending.tint import left_tint
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.marks import lettered, lettering, marked


@pytest.mark.parametrize("name", ["coffee", "chelsea", "astronaut"])
def test_where_the_right_ink_was_taken_off_no_tint_is_left(name: str) -> None:
    case = lettered(name=name)
    bare = unblended(case.rgb.astype(np.float32), case.opacity, np.full(3, 255, np.float32))
    tint = left_tint(bare, case.opacity, case.mask)
    assert np.sqrt(np.square(tint[case.affected]).mean()) < 2


def test_a_grey_taken_off_where_red_was_leaves_a_tint() -> None:
    case = marked(photograph("chelsea", 160, 224), lettering(160, 224), 0.5, (220, 30, 40))
    bare = unblended(case.rgb.astype(np.float32), case.opacity, np.full(3, 96, np.float32))
    tint = left_tint(bare, case.opacity, case.mask)
    error = np.sqrt(np.square(bare - case.truth)[case.affected].mean())
    assert 0.6 * error < np.sqrt(np.square(tint[case.affected]).mean()) < 1.4 * error
    assert not tint[~case.mask].any()


def test_without_a_mark_there_is_no_tint() -> None:
    case = lettered()
    nothing = np.zeros_like(case.opacity)
    assert not left_tint(case.truth.astype(np.float32), nothing, case.mask).any()
    assert not left_tint(case.truth.astype(np.float32), nothing, np.zeros_like(case.mask)).any()
