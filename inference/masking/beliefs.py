"""Which pixels a paint covers: two labels on a grid, settled by min-sum belief propagation (Pearl 1988)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.masking.overlay import Overlay

ROUNDS, DAMPING = 40, 0.5
"""Passes over the grid, and how much of its last message each neighbour repeats: two labels swing without."""
TOGETHER = 0.35
"""Cost of a border between two labels, in standard deviations of the noise: it keeps grain from making crumbs."""
MOST = 8.0
"""Largest cost of a pair, in standard deviations: beyond, one step of the scene is as good as another."""

_MEAN = np.full(3, 1 / 3, np.float32)  # a product with it takes a tenth of numpy's mean over so short an axis

Map = NDArray[np.float32]


@dataclass
class Edge:
    """Pairs of pixels at one offset, the second to the right of or below the first, and what their labels cost.

    Parameters
    ----------
    first, second
        Slices of the map.
    same, over, under
        Costs ``(h, w)`` of equal labels, of paint on the first alone, and of paint on the second alone.
    """

    first: tuple[slice, slice]
    second: tuple[slice, slice]
    same: Map
    over: Map
    under: Map

    def __post_init__(self) -> None:
        self.forth = np.zeros(self.same.shape, np.float32)
        self.back = np.zeros(self.same.shape, np.float32)
        under, over = self.under - self.same, self.same - self.over
        self._low, self._high = np.minimum(under, over), np.maximum(under, over)
        # Where unequal labels are cheaper together than equal ones are, a message says the opposite of what it heard.
        unlike = under < over
        self._sign = np.where(unlike, np.float32(-1), np.float32(1)) if unlike.any() else None
        self._offset = np.where(unlike, self.under - self.over, np.float32(0))

    def pass_on(self, belief: Map) -> None:
        """Send both messages: what a label at one end says about the label at the other.

        Both are the difference of two minima, ``min(under, said + same) - min(same, said + over)``, which is what was
        said, within bounds.
        """
        forth = belief[self.first] - self.back
        if self._sign is not None:
            forth *= self._sign
            forth += self._offset
        np.minimum(np.maximum(forth, self._low, out=forth), self._high, out=forth)
        _damped(self.forth, forth)
        back = belief[self.second] - self.forth
        if self._sign is not None:
            back *= self._sign
            back -= self._offset
        np.negative(back, out=back)
        np.minimum(np.maximum(back, self._low, out=back), self._high, out=back)
        np.negative(back, out=back)
        _damped(self.back, back)


def paint_edges(values: Map, overlay: Overlay, noise: float, apart: int) -> Iterator[Edge]:
    """Pairs whose labels explain their step, and pairs of neighbours that like to be alike.

    Where paint ends, one pixel is what the paint makes of the other. Where the scene steps, it is not.

    Parameters
    ----------
    values
        ``(H, W, 3)`` code values.
    apart
        Pixels between the two of a pair: more than the soft edge of the paint, less than a stroke.
    """
    painted = np.float32(overlay.opacity) * overlay.colour.astype(np.float32)
    painted = painted + np.float32(1 - overlay.opacity) * values
    for offset in ((0, apart), (apart, 0)):
        first, second = _pair(values.shape, offset)
        same, over, under = (
            np.minimum(np.abs(one - other) @ _MEAN / noise, MOST)
            for one, other in (
                (values[first], values[second]),
                (values[first], painted[second]),
                (values[second], painted[first]),
            )
        )
        yield Edge(first, second, same, over, under)
    for offset in ((0, 1), (1, 0)):
        first, second = _pair(values.shape, offset)
        nothing = np.zeros(values[first].shape[:2], np.float32)
        yield Edge(first, second, nothing, nothing + TOGETHER, nothing + TOGETHER)


def settled(alone: Map, edges: list[Edge]) -> Map:
    """``(H, W)``: what paint costs more than no paint at each pixel; negative where it is painted.

    Parameters
    ----------
    alone
        The same of each pixel without its neighbours.
    """
    belief = alone
    for _ in range(ROUNDS):
        for edge in edges:
            edge.pass_on(belief)
        belief = alone.copy()
        for edge in edges:
            belief[edge.second] += edge.forth
            belief[edge.first] += edge.back
    return belief


def _damped(message: Map, new: Map) -> None:
    new -= message
    new *= 1 - DAMPING
    message += new


def _pair(shape: tuple[int, ...], offset: tuple[int, int]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    down, right = offset
    return (slice(0, shape[0] - down), slice(0, shape[1] - right)), (slice(down, None), slice(right, None))
