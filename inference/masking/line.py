"""A line of text, as a rotated rectangle."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.pointers import Box


@dataclass(frozen=True)
class Line:
    """A line of text: a rotated rectangle in pixels.

    Parameters
    ----------
    score
        Mean probability over its core, 0..1.
    x, y
        Centre.
    length, height
        Along and across the reading direction; ``length`` is the longer one.
    angle
        Degrees from the x axis to the reading direction, clockwise as seen, -90 < angle <= 90.
    """

    score: float
    x: float
    y: float
    length: float
    height: float
    angle: float

    def corners(self) -> NDArray[np.float32]:
        """``(4, 2)``: start and end of the upper edge, then of the lower edge backwards."""
        along = np.array([math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))])
        across = np.array([-along[1], along[0]])
        a, b = along * self.length / 2, across * self.height / 2
        return np.array([-a - b, a - b, a + b, -a + b], np.float32) + np.array([self.x, self.y], np.float32)

    def bounds(self, height: int, width: int) -> Box:
        """Upright rectangle around it, clipped to a picture."""
        limit = (width - 1, height - 1)
        low = np.clip(np.floor(self.corners().min(axis=0)), 0, limit).astype(int)
        high = np.clip(np.ceil(self.corners().max(axis=0)), low + 1, (width, height)).astype(int)
        return Box(x=int(low[0]), y=int(low[1]), width=int(high[0] - low[0]), height=int(high[1] - low[1]))
