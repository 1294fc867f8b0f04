"""Distances are what fills are compared by: equal holes give equal bytes, wherever in memory they lie."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from inference.refinement.bands import depth_inside, distance_outside


@pytest.fixture
def one_thread() -> Iterator[None]:
    """With one thread OpenCV takes Intel's routine for every size, if it is let."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(before)


def _hole(height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    hole = np.zeros((height, width), bool)
    hole[height // 8 : -height // 8, width // 5 : -width // 5] = True
    return hole & (rng.random(hole.shape) > 0.01)


@pytest.mark.parametrize("size", [(58, 60), (459, 473)])
def test_a_distance_is_the_same_wherever_the_hole_lies(one_thread: None, size: tuple[int, int]) -> None:
    hole, rng = _hole(*size), np.random.default_rng(2)
    kept, found = [], set()
    for _ in range(60):  # other blocks are taken each time, so that the next picture lies elsewhere
        kept.append(np.empty(int(rng.integers(1, 200_000)), np.uint8))
        found.add(depth_inside(hole).tobytes())
    assert len(found) == 1


@pytest.mark.parametrize("size", [(58, 60), (459, 473)])
def test_a_distance_is_exact(size: tuple[int, int]) -> None:
    hole = _hole(*size)
    np.testing.assert_allclose(depth_inside(hole), distance_transform_edt(hole), rtol=1e-6)
    np.testing.assert_allclose(distance_outside(hole), distance_transform_edt(~hole), rtol=1e-6)


def test_intels_routines_are_used_again_afterwards() -> None:
    before = cv2.ipp.useIPP()
    depth_inside(_hole(58, 60))
    assert cv2.ipp.useIPP() == before
