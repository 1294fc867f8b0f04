"""Pictures turned by an angle, so that slanted text lies level, and the way back."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.line import Line
from inference.protocols import Mask, Rgb


@dataclass(frozen=True)
class Turned:
    """A picture turned on a canvas that holds all of it.

    Parameters
    ----------
    rgb
        The canvas; what lies outside of the picture mirrors its border.
    inside
        ``(H, W)`` of the canvas: where the picture is.
    angle
        Degrees: lines of this angle lie level.
    back
        ``(2, 3)``: from the canvas to the picture.
    """

    rgb: Rgb
    inside: Mask
    angle: float
    back: NDArray[np.float64]

    def line_back(self, line: Line) -> Line:
        """A line of the canvas as a line of the picture."""
        x, y = self.back @ np.array([line.x, line.y, 1])
        angle = (line.angle + self.angle + 90) % 180 - 90
        return replace(line, x=float(x), y=float(y), angle=angle)

    def line_forth(self, line: Line) -> Line:
        """A line of the picture as a line of the canvas."""
        x, y = cv2.invertAffineTransform(self.back) @ np.array([line.x, line.y, 1])
        angle = (line.angle - self.angle + 90) % 180 - 90
        return replace(line, x=float(x), y=float(y), angle=angle)

    def mask_back(self, area: Mask, height: int, width: int) -> Mask:
        """A mask of the canvas as a mask of the picture; a pixel that is a quarter covered counts."""
        flags = cv2.INTER_LINEAR
        return np.asarray(cv2.warpAffine(area.astype(np.uint8) * 255, self.back, (width, height), flags=flags)) > 64


def turned(rgb: Rgb, angle: float) -> Turned:
    """Turn a picture so that lines of this angle (degrees, clockwise as seen) lie level."""
    height, width = rgb.shape[:2]
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), np.float64)
    cosine, sine = abs(math.cos(math.radians(angle))), abs(math.sin(math.radians(angle)))
    size = (round(height * sine + width * cosine), round(height * cosine + width * sine))
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    canvas = cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    inside = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    return Turned(np.asarray(canvas, np.uint8), np.asarray(inside) > 0, angle, back)
