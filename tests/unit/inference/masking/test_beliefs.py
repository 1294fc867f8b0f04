"""Labels on a grid: exact on a chain, and the paint's outline on a ground that steps as well."""

from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inference.masking.beliefs import Edge, paint_edges, settled
from inference.masking.overlay import Overlay

Costs = st.lists(st.floats(0, 5, width=32), min_size=7, max_size=7)


@settings(max_examples=25, deadline=None)
@given(alone=st.lists(st.floats(-3, 3, width=32), min_size=8, max_size=8), same=Costs, over=Costs, under=Costs)
def test_on_a_chain_the_labels_cost_no_more_than_any_others(
    alone: list[float], same: list[float], over: list[float], under: list[float]
) -> None:
    def cost(labels: tuple[bool, ...]) -> float:
        total = sum(own for own, label in zip(alone, labels, strict=True) if label)
        for at, (one, other) in enumerate(pairwise(labels)):
            total += same[at] if one == other else over[at] if one else under[at]
        return total

    rows = [np.array([values], np.float32) for values in (same, over, under)]
    edge = Edge((slice(None), slice(0, 7)), (slice(None), slice(1, 8)), *rows)
    labels = tuple((settled(np.array([alone], np.float32), [edge]) < 0)[0].tolist())
    assert cost(labels) <= min(cost(other) for other in product((False, True), repeat=8)) + 0.05


def test_the_outline_of_a_paint_is_told_from_the_steps_of_the_scene() -> None:
    ground = np.full((40, 60, 3), 60, np.float32)
    ground[:, 30:] = 190
    paint = np.zeros((40, 60), bool)
    paint[12:28, 10:50] = True
    overlay = Overlay(np.array([255.0, 255, 255]), 0.5, np.array([100.0] * 3), 1, 40)
    values = np.where(paint[..., None], 0.5 * 255 + 0.5 * ground, ground).astype(np.float32)
    belief = settled(np.full(paint.shape, 0.15, np.float32), list(paint_edges(values, overlay, 4, 3)))
    assert ((belief < 0) == paint).mean() > 0.99
