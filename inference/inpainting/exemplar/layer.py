"""One size of the picture: which patches can be copied, which are to be replaced, and the fill so far."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb
from inference.refinement.bands import Plane, depth_inside, distance_outside

Places = NDArray[np.int64]
"""``(N,)``: positions of pixels in the flattened picture, ``row * width + column``."""


def usable_patches(hole: Mask, radius: int) -> tuple[Mask, Mask]:
    """Give the centres of whole patches in the picture: of those without and those with pixels of the hole."""
    height, width = hole.shape
    whole = np.zeros_like(hole)
    whole[radius : height - radius, radius : width - radius] = True
    side = 2 * radius + 1
    touched = cv2.dilate(hole.astype(np.uint8), np.ones((side, side), np.uint8)) > 0
    return whole & ~touched, whole & touched


class Layer:
    """Flat views of one size, made once and used by every step.

    Parameters
    ----------
    picture
        ``(H, W, C)`` float32, colour first; the fill is written into it.
    hole
        ``(H, W)``.
    radius
        Of the patches, pixels.
    most_sources
        Of more, those nearest to the hole.
    """

    def __init__(self, picture: Plane, hole: Mask, radius: int, most_sources: int | None = None) -> None:
        self.picture = picture
        self.height, self.width = hole.shape
        self.radius = radius
        source, centre = usable_patches(hole, radius)
        self.sources: Places = _nearest_to(hole, np.flatnonzero(source), most_sources)
        self.rank = numbered(self.sources, hole.size)
        """Where each position stands in ``sources``; -1 where none is."""
        self.centres: Places = np.flatnonzero(centre)
        self.missing: Places = np.flatnonzero(hole)
        self.number = numbered(self.centres, hole.size)
        """Where each position stands in ``centres``; -1 where no patch is to be replaced."""
        reach = np.arange(-radius, radius + 1)
        self.window: Places = (reach[:, None] * self.width + reach[None, :]).ravel()
        """What to add to a centre to get the pixels of its patch."""
        self.depth: Plane = depth_inside(hole).ravel()[self.centres]
        """``(len(centres),)`` pixels, 0 outside the hole."""

    @property
    def pixels(self) -> Plane:
        """``(H * W, C)``, a view."""
        return self.picture.reshape(-1, self.picture.shape[2])

    def write(self, values: Plane) -> None:
        """Set the pixels of the hole, ``(len(missing), C)``."""
        self.pixels[self.missing] = values

    def filled(self, rgb: Rgb) -> Rgb:
        """Copy ``rgb`` with the fill in its hole."""
        filled = rgb.copy().reshape(-1, 3)
        filled[self.missing] = np.rint(self.pixels[self.missing, :3]).clip(0, 255)
        return filled.reshape(rgb.shape)


def _nearest_to(hole: Mask, sources: Places, most: int | None) -> Places:
    if most is None or len(sources) <= most:
        return sources
    distance = distance_outside(hole).ravel()[sources]
    return np.asarray(sources[distance <= np.partition(distance, most)[most]])


def numbered(places: Places, size: int) -> NDArray[np.int32]:
    """Tell of each position where it stands in ``places``: ``(size,)``, -1 where it is not in there."""
    numbers = np.full(size, -1, np.int32)
    numbers[places] = np.arange(len(places), dtype=np.int32)
    return numbers
