"""An inpainter at work: the seed, the parameters, and a check of what it makes."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from inference.compositing.regions import as_slices, regions
from inference.parameters import whole
from inference.protocols import Inpainter, Mask, Rgb
from inference.stages.job import checked_rgb
from schemas.stage import LARGEST_SEED


class Filling:
    """An inpainter with its parameters.

    Parameters
    ----------
    name
        What is written down as having filled.
    adapter
        What fills.
    parameters
        Its own, resolved; ``seed`` among them.
    gray
        Whether fills come out grey, as the picture is.
    """

    def __init__(self, name: str, adapter: Inpainter, parameters: Mapping[str, Any], *, gray: bool) -> None:
        self.name = name
        self._adapter = adapter
        self._parameters = parameters
        self._seed = whole(parameters, "seed", 0, low=0, high=LARGEST_SEED)
        self._gray = gray

    def crop(self, rgb: Rgb, hole: Mask) -> Rgb:
        """Fill one crop, which the adapter may change."""
        made = self._adapter.fill(rgb, np.ascontiguousarray(hole), seed=self._seed, parameters=self._parameters)
        fill = checked_rgb(self.name, made, rgb.shape)
        return as_gray(fill) if self._gray else fill

    def picture(self, rgb: Rgb, hole: Mask) -> Rgb:
        """Fill a whole picture region by region: a :data:`inference.protocols.Fill`."""
        filled = rgb.copy()
        for region in regions(hole):
            place = as_slices(region.crop)
            filled[place][region.hole] = self.crop(rgb[place].copy(), hole[place])[region.hole]
        return filled


def as_gray(rgb: Rgb) -> Rgb:
    """Luminance (Rec. 601) in three equal channels."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))
