"""What guards are tried with is what it is called: things can be seen, and masks reach into them or do not."""

import numpy as np
import pytest
from skimage import data

from inference.compositing.regions import as_slices
from inference.guards.codes import read
from infra.bench.quality.guarded import HARMLESS, HARMS, _mask, _table
from infra.bench.quality.things import code, logo
from schemas.pointers import Box

PHOTO = np.ascontiguousarray(data.coffee())
SEEDS = range(6)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_code_can_be_read_where_it_is_laid_and_nothing_else_changes(seed: int) -> None:
    thing = code(np.random.default_rng(seed))
    box = Box(x=100, y=150, width=thing.width, height=thing.height)
    made = thing.laid_on(PHOTO, box)
    assert [each.text for each in read(made)] == [thing.text]
    made[as_slices(box)] = PHOTO[as_slices(box)]
    assert np.array_equal(made, PHOTO)


@pytest.mark.parametrize("seed", SEEDS)
def test_masks_reach_into_a_thing_beside_it_or_all_over_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    thing = logo(rng)
    box = Box(x=120, y=100, width=thing.width, height=thing.height)
    covered = {how: _mask(how, box, PHOTO.shape, rng)[as_slices(box)].mean() for how in (*HARMS, *HARMLESS)}
    assert all(0 < covered[how] < 0.7 for how in HARMS)
    assert (covered["beside"], covered["covered"]) == (0, 1)


def test_the_table_counts_each_case_once() -> None:
    rows = _table({("codes", "beside", "found"): 2, ("codes", "beside", "reads as before"): 3}).splitlines()
    assert "| codes | beside | no | 5 | 2 | 3 | 0 |" in rows
