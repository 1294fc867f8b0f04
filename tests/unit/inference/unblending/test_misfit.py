"""Registered artwork that is off is noticed, and the fill is taken where it is better; right artwork is believed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.inpainting.telea import diffuse
from inference.protocols import Mark
from inference.unblending.ink import unblended
from inference.unblending.misfit import misfit
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.marks import Marked, lettering, marked
from tests.unit.inference.unblending.test_unblend import UNBLEND

LETTERS = lettering(120, 200, "ACME", 1.4)
WHITE = np.full((120, 200, 3), 255, np.float32)


def sky(deviation: float = 0.7) -> np.ndarray:
    """As smooth as a fill could wish, with a little grain."""
    ramp = np.linspace(90, 130, 120)[:, None, None] + np.float32([0, 10, 40])
    grain = np.random.default_rng(0).normal(0, deviation, (120, 200, 3))
    return np.rint(ramp + grain).clip(0, 255).astype(np.uint8)


def left_by(case: Marked, opacity: np.ndarray) -> float:
    bare = unblended(case.rgb.astype(np.float32), opacity, WHITE)
    return misfit(bare, opacity, WHITE, case.mask)


def uneven() -> np.ndarray:
    """A quarter too faint at the one end, a quarter too strong at the other."""
    return np.linspace(0.75, 1.25, 200, dtype=np.float32)[None]


def restored(case: Marked, opacity: np.ndarray) -> np.ndarray:
    rows, columns = (np.flatnonzero(LETTERS.any(axis=axis)) for axis in (1, 0))
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    rgba = np.dstack([WHITE, np.rint(255 * opacity)]).astype(np.uint8)[part]
    mark = Mark("acme", np.ascontiguousarray(rgba))
    return UNBLEND.restore(case.rgb, case.mask, [mark], fill=diffuse, seed=0, parameters={}).rgb


@settings(max_examples=20, deadline=None, derandomize=True)
@given(off=st.floats(0.05, 0.2), opacity=st.floats(0.2, 0.7), sign=st.sampled_from([-1, 1]))
def test_it_grows_with_the_error_of_the_opacity(off: float, opacity: float, sign: int) -> None:
    case = marked(sky(), LETTERS, opacity)
    right, wrong = left_by(case, case.opacity), left_by(case, case.opacity * (1 + sign * off))
    error = float(np.abs(unblended(case.rgb.astype(np.float32), case.opacity * (1 + sign * off), WHITE) - sky()).mean())
    assert right < 1.5
    assert wrong > error


def test_right_artwork_is_believed_over_strong_edges() -> None:
    case = marked(photograph("coffee", 120, 200), LETTERS, 0.5)
    wrong = left_by(case, case.opacity * np.float32(0.5))
    assert left_by(case, case.opacity) < 0.2 * wrong


def test_nothing_is_left_of_a_mark_that_is_not_there() -> None:
    case = marked(sky(), LETTERS, 0.5)
    assert left_by(replace(case, rgb=case.truth), np.zeros_like(LETTERS)) == 0.0


@pytest.mark.parametrize("opacity", [0.25, 0.35])
def test_artwork_that_is_off_comes_out_no_worse_than_the_fill(opacity: float) -> None:
    case = marked(sky(1.5), LETTERS, opacity)
    result = restored(case, case.opacity * uneven())
    assert case.error(result) <= 1.1 * case.error(diffuse(case.rgb, case.mask))


def test_right_artwork_comes_out_better_than_the_fill() -> None:
    case = marked(photograph("coffee", 120, 200), LETTERS, 0.5)
    assert case.error(restored(case, case.opacity)) < 0.2 * case.error(diffuse(case.rgb, case.mask))
