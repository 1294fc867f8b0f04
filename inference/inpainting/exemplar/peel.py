"""The first guess, at the smallest size: from the rim inwards, each ring continuing the one before."""

import cv2
import numpy as np

from inference.inpainting.exemplar.layer import Layer, Places
from inference.protocols import Mask
from inference.refinement.bands import Plane

MOST_SOURCES = 6000
"""Compared with each pixel; an even choice of them beyond that."""


def peel(layer: Layer, hole: Mask) -> None:
    """Fill the hole of the smallest layer, comparing only what is known of each patch."""
    sources = layer.sources[:: max(1, len(layer.sources) // MOST_SOURCES)]
    shown = layer.pixels[:, :3][sources[:, None] + layer.window]
    squares, unrolled = (shown**2).sum(axis=2).T, shown.reshape(len(sources), -1).T
    known = ~hole
    while not known.all():
        rim = cv2.dilate(known.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~known
        places = np.flatnonzero(rim)
        patch = _whole_patch(layer, places)
        around = patch[:, None] + layer.window
        counts = known.ravel()[around].astype(np.float32)
        wanted: Plane = layer.pixels[:, :3][around] * counts[..., None]
        # |a - b|^2 over the known pixels, without |a|^2, which is the same for all sources b.
        costs = counts @ squares - 2 * wanted.reshape(len(places), -1) @ unrolled
        layer.pixels[places] = layer.pixels[sources[costs.argmin(axis=1)] + places - patch]
        known |= rim


def _whole_patch(layer: Layer, places: Places) -> Places:
    """Centre of a patch in the picture that covers the pixel: its own, except at the border."""
    rows, columns = np.divmod(places, layer.width)
    rows = np.clip(rows, layer.radius, layer.height - 1 - layer.radius)
    columns = np.clip(columns, layer.radius, layer.width - 1 - layer.radius)
    return np.asarray(rows * layer.width + columns)
