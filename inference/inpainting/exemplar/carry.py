"""Matches of one size as a start for the next larger one."""

import cv2
import numpy as np

from inference.inpainting.exemplar.layer import Layer, Places
from inference.protocols import Mask
from inference.refinement.bands import Plane


def enlarged(small: Layer, matches: Places, distances: Plane, large: Layer) -> tuple[Places, Plane]:
    """Give each patch of the larger layer the match that its place has in the smaller one.

    Where a place or its source is none at one of the two sizes (halved holes are smaller), the nearest is taken.

    Returns
    -------
    matches
        ``(len(large.centres),)``, sources of ``large``.
    distances
        ``(len(large.centres),)``, as they were at the smaller size.
    """
    rows, columns = np.divmod(large.centres, large.width)
    below = np.minimum(rows // 2, small.height - 1) * small.width + np.minimum(columns // 2, small.width - 1)
    number = small.number[nearest_of(small.number.reshape(small.height, small.width) >= 0)[below]]
    small_rows, small_columns = np.divmod(small.centres[number], small.width)
    source_rows, source_columns = np.divmod(matches[number], small.width)
    rows = np.clip(rows + 2 * (source_rows - small_rows), 0, large.height - 1)
    columns = np.clip(columns + 2 * (source_columns - small_columns), 0, large.width - 1)
    nearest = nearest_of(large.rank.reshape(large.height, large.width) >= 0)
    return nearest[rows * large.width + columns], distances[number]


def nearest_of(wanted: Mask) -> Places:
    """Find the True pixel that is nearest to each pixel: ``(H * W,)`` positions."""
    _, labels = cv2.distanceTransformWithLabels(
        (~wanted).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    flat = labels.ravel()
    places = np.flatnonzero(wanted)
    place_of = np.zeros(flat.max() + 1, np.int64)
    place_of[flat[places]] = places
    return np.asarray(place_of[flat])
