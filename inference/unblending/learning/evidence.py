"""Whether pictures have anything in common at one place, and where: their edges agree there, and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb
from inference.refinement.bands import blur
from inference.unblending.ink import Plane
from inference.unblending.learning.placing import Size

Edges = NDArray[np.int8]
"""``(H, W, 6)``: gradients of the three channels, divided by their strength; ``UNIT`` is length 1."""

UNIT = 60.0
LEAST_CONTRAST = 4.0
"""Levels a pixel: weaker gradients count for less."""
NEARBY = 6.0
"""Deviation in pixels of the window over which agreement is averaged."""
FAINT = 0.02
"""Of the squared strength, added to the denominator: nothing agrees in a black sky."""


def edges_of(rgb: Rgb) -> Edges:
    """Take the directions of a picture's edges: the same for strong and for weak ones, so that no picture dominates."""
    values = rgb.astype(np.float32)
    gradients = [cv2.Sobel(values, cv2.CV_32F, *way, scale=0.125) for way in ((1, 0), (0, 1))]
    both = np.concatenate(gradients, axis=2)
    strength = np.sqrt(np.square(both).sum(axis=2, keepdims=True))
    return np.asarray(np.rint(both * (UNIT / (strength + LEAST_CONTRAST))), np.int8)


@dataclass(eq=False)
class Agreement:
    """Running sums over pictures that are laid over each other in a frame."""

    total: NDArray[np.int32]
    squares: Plane
    count: Plane

    @classmethod
    def of(cls, shape: Size) -> "Agreement":
        """Begin with nothing."""
        return cls(np.zeros((*shape, 6), np.int32), np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def add(self, edges: Edges, corner: tuple[int, int]) -> None:
        """Add a picture whose pixel ``corner`` lies on the frame's first one."""
        (height, width), (row, column) = self.count.shape, corner
        top, left = max(0, -row), max(0, -column)
        bottom, right = min(height, edges.shape[0] - row), min(width, edges.shape[1] - column)
        if bottom <= top or right <= left:
            return
        there = edges[top + row : bottom + row, left + column : right + column].astype(np.int32)
        here = (slice(top, bottom), slice(left, right))
        self.total[here] += there
        self.squares[here] += np.square(there).sum(axis=2)
        self.count[here] += 1

    def significance(self, fewest: int) -> Plane:
        """Measure how far edges agree, ``(H, W)``: 0 on average where they do not, up to the number of pictures - 1.

        The mean product of the edges of two different pictures (a U-statistic: without bias) over their mean square.
        """
        count = np.maximum(self.count, 2)
        common = np.square(self.total.astype(np.float32)).sum(axis=2) - self.squares
        common /= UNIT**2 * count * (count - 1)
        usual = self.squares / (UNIT**2 * count)
        enough = (self.count >= fewest).astype(np.float32)
        near = blur(_plane(common * enough), NEARBY) / (blur(_plane(usual * enough), NEARBY) + FAINT)
        return np.asarray(near * enough * np.sqrt(count * (count - 1)), np.float32)


def _plane(values: NDArray[np.floating]) -> Plane:
    return np.asarray(values, np.float32)


def by_chance(edges: Sequence[Edges], shape: Size, fewest: int, draws: int) -> float:
    """Find the highest significance among these pictures laid over each other at random, so that nothing is common."""
    generator = np.random.default_rng(0)
    highest = 0.0
    for _ in range(draws):
        laid = Agreement.of(shape)
        for each in edges:
            shift = (int(generator.integers(each.shape[0])), int(generator.integers(each.shape[1])))
            middle = ((each.shape[0] - shape[0]) // 2, (each.shape[1] - shape[1]) // 2)
            laid.add(np.roll(each, shift, axis=(0, 1)), middle)
        highest = max(highest, float(laid.significance(fewest).max()))
    return highest


def standing_out(significance: Plane, threshold: float) -> Mask:
    """Mark where the common thing is: what stands out, without islands of less than a twentieth of the largest."""
    area = significance > threshold
    joined = cv2.dilate(area.astype(np.uint8), np.ones((31, 31), np.uint8))
    count, labels = cv2.connectedComponents(joined)
    weights = np.bincount(labels.ravel(), np.where(area, significance, 0).ravel(), minlength=count)
    weights[0] = 0
    return np.asarray(area & (weights[labels] > 0.05 * weights.max()), bool)
