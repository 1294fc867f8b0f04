"""Where a mark lies in pictures of different sizes: beside the same corner, in pixels or in shares of the picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import cv2
import numpy as np

from inference.protocols import Rgb

Size = tuple[int, int]
"""Height and width in pixels."""
Unit = Literal["pixels", "width", "height"]


@dataclass(frozen=True)
class Photo:
    """A picture of the folder: its size from the header, and what decodes it, as often as it is needed."""

    size: Size
    read: Callable[[], Rgb]


def smaller(photo: Photo, factor: float) -> Photo:
    """Make a picture that is reduced as it is read."""
    size = (max(1, round(photo.size[0] * factor)), max(1, round(photo.size[1] * factor)))
    return Photo(size, lambda: resized(photo.read(), size))


@dataclass(frozen=True)
class Placing:
    """How the place of a mark follows from the size of a picture.

    Parameters
    ----------
    down, across
        0 keeps the distance from the upper or left border, 1 from the other, 0.5 from the middle.
    unit
        ``pixels`` for a mark of one size; ``width`` or ``height`` for one that grows with the picture.
    """

    down: float
    across: float
    unit: Unit

    def factor(self, size: Size, frame: Size) -> float:
        """By how much a picture is enlarged to show its mark as large as the frame does."""
        return {"pixels": 1.0, "width": frame[1] / size[1], "height": frame[0] / size[0]}[self.unit]

    def scaled(self, size: Size, frame: Size) -> Size:
        """Size of a picture after that."""
        factor = self.factor(size, frame)
        return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))

    def corner(self, size: Size, frame: Size) -> tuple[int, int]:
        """Row and column of the scaled picture where the frame begins; negative where the picture is smaller."""
        height, width = self.scaled(size, frame)
        return round(self.down * (height - frame[0])), round(self.across * (width - frame[1]))

    @property
    def words(self) -> str:
        """For people."""
        rows, columns = (
            ("top", "middle", "bottom")[int(2 * self.down)],
            ("left", "middle", "right")[int(2 * self.across)],
        )
        place = rows if rows == columns else f"{rows} {columns}"
        return f"{place}, " + ("always as large" if self.unit == "pixels" else f"as large as the picture's {self.unit}")


def placings(sizes: Sequence[Size], frame: Size) -> list[Placing]:
    """List all placings that differ for pictures of these sizes; for equal sizes that is one."""
    seen: dict[tuple[object, ...], Placing] = {}
    units: tuple[Unit, ...] = ("pixels", "width", "height")
    for unit, down, across in product(units, (0.0, 1.0, 0.5), (0.0, 1.0, 0.5)):
        placing = Placing(down, across, unit)
        key = tuple((placing.scaled(size, frame), placing.corner(size, frame)) for size in sizes)
        seen.setdefault(key, placing)
    return list(seen.values())


def frame_for(sizes: Sequence[Size]) -> Size:
    """Choose the size of the frame: the middle one of all heights, and of all widths."""
    heights, widths = zip(*sizes, strict=True)
    return int(np.median(heights)), int(np.median(widths))


def resized(rgb: Rgb, size: Size) -> Rgb:
    """Bring a picture to a size."""
    if rgb.shape[:2] == size:
        return rgb
    shrinks = size[0] < rgb.shape[0]
    kind = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, (size[1], size[0]), interpolation=kind), np.uint8)


@dataclass(frozen=True)
class Window:
    """A part of the frame: rows and columns, the ends not included. It may reach beyond the frame."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def shape(self) -> Size:
        """Height and width."""
        return self.bottom - self.top, self.right - self.left

    def wider(self, margin: int) -> "Window":
        """Reach out by ``margin`` pixels on all sides."""
        return Window(self.top - margin, self.left - margin, self.bottom + margin, self.right + margin)


def seen_through(rgb: Rgb, placing: Placing, frame: Size, window: Window) -> Rgb:
    """Cut what a picture shows in a window of the frame, ``(h, w, 3)``; borders are repeated where it ends."""
    size = (int(rgb.shape[0]), int(rgb.shape[1]))
    scaled = resized(rgb, placing.scaled(size, frame))
    row, column = placing.corner(size, frame)
    rows = np.clip(np.arange(window.top, window.bottom) + row, 0, scaled.shape[0] - 1)
    columns = np.clip(np.arange(window.left, window.right) + column, 0, scaled.shape[1] - 1)
    return np.ascontiguousarray(scaled[rows][:, columns])


def holds(size: Size, placing: Placing, frame: Size, window: Window) -> bool:
    """Whether a picture is large enough to show the window (but for a few pixels)."""
    (height, width), (row, column) = placing.scaled(size, frame), placing.corner(size, frame)
    slack = 2
    inside = window.top + row >= -slack and window.left + column >= -slack
    return inside and window.bottom + row <= height + slack and window.right + column <= width + slack
