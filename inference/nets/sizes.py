"""The size at which a net works, and the way there and back."""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.parameters import number
from inference.protocols import Parameters

LONGEST = 4.0
"""Longer to shorter side, at most: diffusion models were trained on pictures of up to about this shape."""


def budget(parameters: Parameters, default: float) -> int:
    """Pixels at which a model works: the parameter ``megapixels``, 0.004 to 4.2.

    Raises
    ------
    BadInput
        ``parameter``.
    """
    return round(number(parameters, "megapixels", default, low=0.004, high=4.2) * 1e6)


def fitted(height: int, width: int, pixels: int, multiple: int) -> tuple[int, int]:
    """Choose a size of nearly the same shape, of at most ``pixels`` pixels, whose sides are multiples.

    Parameters
    ----------
    height, width
        The shape to keep; beyond ``LONGEST`` to 1 the shorter side is given more.
    pixels
        Area to work at, whether that is larger or smaller than the original's.
    multiple
        Of both sides, pixels.

    Returns
    -------
    tuple of int
        Height and width, each at least ``multiple``.
    """
    aspect = min(max(width / height, 1 / LONGEST), LONGEST)
    tall, wide = math.sqrt(pixels / aspect), math.sqrt(pixels * aspect)
    return max(1, int(tall / multiple)) * multiple, max(1, int(wide / multiple)) * multiple


def resized(values: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Bring to height and width: by area where it shrinks; cubic for pictures and linear for masks where it grows."""
    shrinks = size[0] * size[1] < values.shape[0] * values.shape[1]
    growing = cv2.INTER_CUBIC if values.dtype == np.uint8 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, size[::-1], interpolation=cv2.INTER_AREA if shrinks else growing))
