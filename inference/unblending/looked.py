"""A picture's levels as a known mark is sought in them: at reduced sizes and in windows, never all of a large one."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Rgb
from inference.unblending.ink import Plane

FINER = 2.0
"""What is reduced to a size comes from a plane at least this much larger: of areas, nearly the same as from all."""
STRIP = 512
"""Rows that are turned into levels at once: 12 bytes a pixel, which a whole picture of 60 megapixels cannot have."""


class Looked:
    """Levels of a picture, computed where and as finely as they are asked for; coarse planes are kept.

    Parameters
    ----------
    rgb
        The picture, or the part of it in which a mark is sought.
    look
        ``(3,)``: makes of a colour the level that is looked at.
    pixels
        Of the whole picture, where ``rgb`` is a part: what a small mark is depends on that.
    """

    def __init__(self, rgb: Rgb, look: NDArray[np.float32], pixels: int | None = None) -> None:
        self.rgb, self._look = rgb, np.asarray(look, np.float32)[None]
        self.shape = (rgb.shape[0], rgb.shape[1])
        self.pixels = pixels or rgb.shape[0] * rgb.shape[1]
        self._planes: dict[int, Plane] = {}

    def reduced(self, factor: float) -> tuple[Plane, float]:
        """Bring to ``factor`` of the size, 8 pixels at least: by areas, or linearly where it grows.

        Returns
        -------
        tuple
            Levels ``(h, w)``, and how many of the picture's pixels one of them is wide.
        """
        level = _halvings(factor)
        plane, pitch = self._plane(level), 2**level
        size = (max(8, round(plane.shape[1] * pitch * factor)), max(8, round(plane.shape[0] * pitch * factor)))
        flags = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        small = cv2.resize(plane, size, interpolation=flags)
        return np.asarray(small, np.float32), plane.shape[1] * pitch / size[0]

    def cut(self, box: tuple[int, int, int, int], factor: float) -> tuple[Plane, tuple[int, int], int]:
        """Cut out a box (top, left, bottom, right), to be brought to ``factor`` of its size.

        Returns
        -------
        tuple
            Levels ``(h, w)``; the picture's row and column at which they begin, not beyond the box's; and how many of
            its pixels, 1, 2, 4, ... along each side, one of them stands for.
        """
        level = _halvings(factor)
        pitch = 2**level
        top, left = max(0, box[0]) // pitch, max(0, box[1]) // pitch
        window = (slice(top, max(0, -(-box[2] // pitch))), slice(left, max(0, -(-box[3] // pitch))))
        crop = self._plane(level)[window] if level else self._levels(self.rgb[window])
        return crop, (top * pitch, left * pitch), pitch

    def _plane(self, halvings: int) -> Plane:
        if halvings not in self._planes:
            if halvings == 0:
                plane = np.concatenate(list(self._strips()))
            elif halvings == 1:
                plane = np.concatenate([_halved(strip) for strip in self._strips() if len(strip) > 1])
            else:
                plane = _halved(self._plane(halvings - 1))
            self._planes[halvings] = plane
        return self._planes[halvings]

    def _strips(self) -> Iterator[Plane]:
        return (self._levels(self.rgb[top : top + STRIP]) for top in range(0, self.shape[0], STRIP))

    def _levels(self, rgb: Rgb) -> Plane:
        if not rgb.size:
            return np.zeros(rgb.shape[:2], np.float32)
        return np.asarray(cv2.transform(rgb.astype(np.float32), self._look), np.float32)


def _halvings(factor: float) -> int:
    return max(0, int(np.floor(np.log2(1 / (FINER * factor)))))


def _halved(plane: Plane) -> Plane:
    """Average squares of four; an odd last row or column is left out."""
    height, width = (side // 2 * 2 for side in plane.shape)
    return np.asarray(
        cv2.resize(plane[:height, :width], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32
    )
