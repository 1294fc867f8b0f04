"""The filter by transforms says what a sum over all pixels says, block by block and at every border."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.unblending import matched
from inference.unblending.artwork import Artwork, Pose
from inference.unblending.evidence import LEVELS, Field, Trace, field_of, trace_of
from inference.unblending.matched import LEAST_CONTRAST, Sought, answer_map, border
from inference.unblending.search import candidates
from inference.unblending.stencils import stencil
from schemas.sighting import Paint
from tests.unit.inference.files import photograph
from tests.unit.inference.unblending.test_registered import artwork, stamped

AROUND = 20


def trace(height: int, width: int, *, one_ink: bool) -> Trace:
    mark = Artwork(artwork())
    drawn = mark.drawn(Pose(width / 2, height / 2, width - 2.0, height - 2.0), height, width)
    return trace_of(*drawn, one_ink=one_ink)


def luma(height: int, width: int) -> np.ndarray:
    return cv2.cvtColor(photograph("coffee", height, width), cv2.COLOR_RGB2GRAY).astype(np.float32)


def summed(field: Field, mark: Trace, paint: Paint, largest: tuple[int, int]) -> np.ndarray:
    """The same by sums: a mark's steps against the picture's, divided by the root of the mark's energy there."""
    known = field.weight > 0
    seen = field.gradient / np.sqrt(np.where(known, field.weight, 1))
    ground = np.where(known, field.ground, field.ground[known].mean()).astype(np.float32)
    level, edge = LEVELS.get(paint, mark.level), border(largest)

    def correlated(values: np.ndarray, steps: np.ndarray) -> np.ndarray:
        pairs = zip(values.astype(np.float32), steps, strict=True)
        full = sum(cv2.matchTemplate(each, step, cv2.TM_CCORR) for each, step in pairs)
        first = [a - b // 2 for a, b in zip(edge, mark.size, strict=True)]
        height, width = (side - 2 * a for side, a in zip(ground.shape, edge, strict=True))
        return full[first[0] : first[0] + height, first[1] : first[1] + width]

    nearby = [
        cv2.blur(each, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT)[edge[0] : -edge[0], edge[1] : -edge[1]]
        for each in (ground, np.square(ground))
    ]
    shape = float(np.square(mark.shape).sum())
    dark = correlated(seen * ground, mark.shape)
    if level is not None:
        energy = shape * (level**2 - 2 * level * nearby[0] + nearby[1])
        product = level * correlated(seen, mark.shape) - dark
    else:
        own, cross = float(np.square(mark.paint).sum()), float((mark.paint * mark.shape).sum())
        energy = np.maximum(own - 2 * cross * nearby[0] + shape * nearby[1], 0.05 * own)
        product = correlated(seen, mark.paint) - dark
    return product / np.sqrt(energy + shape * LEAST_CONTRAST**2)


@settings(max_examples=25, deadline=None)
@given(
    height=st.integers(9, 90),
    width=st.integers(9, 90),
    tall=st.integers(6, 30),
    wide=st.integers(6, 30),
    paint=st.sampled_from([Paint.OWN, Paint.WHITE, Paint.BLACK]),
    block=st.sampled_from([16, 48, 256]),
    one_ink=st.booleans(),
)
def test_transforms_and_sums_agree(
    height: int, width: int, tall: int, wide: int, paint: Paint, block: int, one_ink: bool
) -> None:
    largest, mark = (tall + 3, wide + 1), trace(tall, wide, one_ink=one_ink)
    field = field_of(luma(height, width), border(largest))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matched, "BLOCK", block)
        answer = answer_map(Sought(field, largest, AROUND), mark, paint)
    assert answer.shape == (height, width)
    assert np.abs(answer - summed(field, mark, paint, largest)).max() < 2e-3


def test_marks_that_are_looked_for_together_are_found_as_if_alone() -> None:
    case = stamped(photograph("chelsea", 180, 260), artwork(), 90, [(70, 41)], 0.5)
    other = artwork().rgba[:, ::-1, :].copy()
    marks = [Artwork(artwork()), Artwork(type(artwork())("wide", np.tile(other, (1, 3, 1))))]
    look = marks[0].seen(case.rgb)
    stencils = [stencil(mark, turned=False) for mark in marks]
    together = candidates(look, stencils, turned=False)
    for found, one in zip(together, stencils, strict=True):
        (alone,) = candidates(look, [one], turned=False)
        assert found[0].pose == alone[0].pose
        assert found[0].score == pytest.approx(alone[0].score, abs=1e-2)
    best = together[0][0].pose
    assert (best.x, best.y) == pytest.approx((70 + 45, 41 + 27), abs=3)
