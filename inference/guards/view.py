"""What a guard is shown of an edit."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.compositing.regions import as_slices
from inference.protocols import Mask, Rgb
from inference.refinement.bands import around
from schemas.pointers import Box

REMOVED = 0.85
"""Share of a thing's box inside the hole from which it is what was to be removed. Detectors' boxes reach a bit beyond
what they found."""
TOUCHED = 0.01
"""Share of a thing's box that may have changed before it counts as touched: a soft edge that grazes its corner."""


@dataclass(frozen=True, eq=False)
class View:
    """The same place of a picture before and after an edit.

    Parameters
    ----------
    before, after
        ``(H, W, 3)`` uint8.
    hole
        ``(H, W)``, what was to be replaced.
    support
        ``(H, W)``, where anything may differ.
    """

    before: Rgb
    after: Rgb
    hole: Mask
    support: Mask

    def removed(self, area: NDArray[np.uint8], bridged: int = 0) -> float:
        """Measure how much of an area the hole covers, 0..1.

        Parameters
        ----------
        area
            ``(H, W)``, 1 inside.
        bridged
            Pixels by which the hole reaches farther: a mask of letters does not cover the gaps between them.
        """
        inside = area > 0
        if not inside.any():
            return 0.0
        place = around(inside, bridged)
        hole = self.hole[place]
        reach = dilate(hole, bridged) if bridged else hole
        return float(reach[inside[place]].mean())

    def touched(self, area: NDArray[np.uint8]) -> float:
        """Measure how much of an area may have changed, 0..1."""
        inside = area > 0
        return float(self.support[inside].mean()) if inside.any() else 0.0

    def area_of(self, box: Box) -> NDArray[np.uint8]:
        """Draw a box, ``(H, W)``."""
        area = np.zeros(self.hole.shape, np.uint8)
        area[as_slices(box)] = 1
        return area

    def polygon(self, corners: NDArray[np.floating]) -> NDArray[np.uint8]:
        """Draw a polygon of ``(n, 2)`` points x, y."""
        area = np.zeros(self.hole.shape, np.uint8)
        cv2.fillPoly(area, [np.rint(corners).astype(np.int32)], 1)
        return area


def overlap(first: Box, second: Box) -> float:
    """Give the intersection over the union of two boxes, 0..1."""
    width = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    height = min(first.y + first.height, second.y + second.height) - max(first.y, second.y)
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / (first.width * first.height + second.width * second.height - both)
