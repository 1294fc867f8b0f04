"""A rotated line of a picture as a level picture of its own, and the way back."""

from dataclasses import replace

import cv2
import numpy as np

from inference.compositing.regions import as_slices
from inference.masking.line import Line
from inference.protocols import Mask, Rgb


class Straightened:
    """A line with a margin, turned level at its own scale.

    Parameters
    ----------
    rgb
        The picture.
    line
        What to cut out.
    along, across
        Pixels added at both ends, and above and below.

    Attributes
    ----------
    level
        ``(height + 2 * across, length + 2 * along, 3)`` uint8; what lies outside of the picture repeats its border.
    bounds
        The upright box of the picture that it came from.
    """

    def __init__(self, rgb: Rgb, line: Line, along: int, across: int) -> None:
        size = (max(4, round(line.length)) + 2 * along, max(4, round(line.height)) + 2 * across)
        larger = replace(line, length=line.length + 2 * along, height=line.height + 2 * across)
        self.bounds = larger.bounds(*rgb.shape[:2])
        target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
        corners = larger.corners() - np.array([self.bounds.x, self.bounds.y], np.float32)
        self._forth = cv2.getPerspectiveTransform(corners, target)
        crop = rgb[as_slices(self.bounds)]
        warped = cv2.warpPerspective(crop, self._forth, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        self.level: Rgb = np.asarray(warped, np.uint8)

    def back(self, area: Mask) -> Mask:
        """Bring a mask of ``level`` back to ``bounds``; a pixel that is a quarter covered counts."""
        size = (self.bounds.width, self.bounds.height)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpPerspective(area.astype(np.uint8) * 255, self._forth, size, flags=flags)) > 64
