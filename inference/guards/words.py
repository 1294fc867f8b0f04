"""Lines of text as they were read, and what a guard needs of whoever reads them."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inference.masking.line import Line
from inference.protocols import Rgb
from schemas.pointers import Box

MARGIN = 0.19
"""Of a line's height: what the detector adds on each side, by `UNCLIP` of a long line."""


@dataclass(frozen=True, eq=False)
class Words:
    """A line as it was read.

    Parameters
    ----------
    text
        What it says.
    score
        Mean probability of its characters, 0..1.
    corners
        ``(4, 2)``, x and y in pixels.
    core
        The same without what the detector adds around its letters.
    height
        Pixels, across the reading direction.
    box
        Upright rectangle around it.
    """

    text: str
    score: float
    corners: NDArray[np.float32]
    core: NDArray[np.float32]
    height: float
    box: Box


class Reader(Protocol):
    """Finds lines that may be text, and reads them."""

    def lines(self, rgb: Rgb, longer_side: int) -> list[Line]:
        """Find lines in a picture that is brought to this longer side."""
        ...

    def read(self, rgb: Rgb, line: Line) -> Words:
        """Read one of them."""
        ...


def core(line: Line) -> NDArray[np.float32]:
    """Give the corners of a line without the detector's margin, which is some fifth of its height on all sides."""
    margin = 2 * MARGIN * line.height
    return replace(line, length=max(line.length - margin, line.height), height=line.height - margin).corners()
