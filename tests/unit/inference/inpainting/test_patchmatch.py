"""PatchMatch keeps its seed in the C library."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from inference.inpainting.patchmatch import synthesise
from tests.unit.inference.photographs import disc, photograph


def test_equal_seeds_give_equal_bytes_and_other_seeds_others():
    picture, hole = photograph("chelsea"), disc(radius=20)
    assert np.array_equal(synthesise(picture, hole, seed=3), synthesise(picture, hole, seed=3))
    assert not np.array_equal(synthesise(picture, hole, seed=3), synthesise(picture, hole, seed=4))


def test_threads_do_not_take_each_others_seed():
    picture, hole = photograph("chelsea", 96), disc(96, radius=14)
    alone = [synthesise(picture, hole, seed=seed).tobytes() for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: synthesise(picture, hole, seed=seed).tobytes(), range(8)))
    assert together == alone
