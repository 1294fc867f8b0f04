"""Values from their steps: Poisson's equation."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.fft import dstn, idstn
from scipy.sparse.linalg import splu

from inference.protocols import Mask
from inference.unblending.ink import Plane

FAINT = 1e-6
"""Of the mean weight, added to each pixel: one with no certain step to a neighbour is 0."""


def integrated(steps: Plane) -> Plane:
    """Find the picture whose steps are nearest to given ones in the least squares, and which is 0 all around.

    By a sine transform, as in Dekel et al. 2017, section 3.1.

    Parameters
    ----------
    steps
        ``(2, h, w, C)`` float32: to the next pixel downward and rightward.
    """
    down, right = steps
    divergence = down + right
    divergence[1:] -= down[:-1]
    divergence[:, 1:] -= right[:, :-1]
    height, width = divergence.shape[:2]
    rows = 2 * np.cos(np.pi * np.arange(1, height + 1) / (height + 1)) - 2
    columns = 2 * np.cos(np.pi * np.arange(1, width + 1) / (width + 1)) - 2
    spectrum = dstn(divergence, type=1, axes=(0, 1)) / (rows[:, None, None] + columns[None, :, None])
    return np.asarray(idstn(spectrum, type=1, axes=(0, 1)), np.float32)


def integrated_within(steps: Plane, weights: Plane, area: Mask) -> Plane:
    """Find values that are 0 outside of ``area`` and whose steps are nearest to given ones, each by its weight.

    Parameters
    ----------
    steps, weights
        ``(2, h, w)`` float32. A step of weight 0 is unknown.
    """
    pixels = np.flatnonzero(area)
    place = np.full(area.shape, -1, np.int64)
    place.ravel()[pixels] = np.arange(len(pixels))
    right, diagonal = np.zeros(len(pixels)), np.zeros(len(pixels))
    links: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    for axis in (0, 1):
        ends = (place[:-1], place[1:]) if axis == 0 else (place[:, :-1], place[:, 1:])
        part = (axis, slice(ends[0].shape[0]), slice(ends[0].shape[1]))
        weight, step = weights[part].astype(np.float64), steps[part].astype(np.float64)
        for here, there, sign in ((*ends, -1), (*ends[::-1], 1)):
            own = here >= 0  # no index comes twice: a pixel has one neighbour in each direction
            diagonal[here[own]] += weight[own]
            right[here[own]] += sign * (weight * step)[own]
            both = own & (there >= 0)
            links.append((here[both], there[both], -weight[both]))
    rows, columns, entries = (np.concatenate(part) for part in zip(*links, strict=True))
    matrix = sparse.coo_matrix((entries, (rows, columns)), (len(pixels), len(pixels)))
    diagonal += FAINT * max(float(diagonal.mean()), 1e-12)
    result = np.zeros(area.size, np.float32)
    result[pixels] = splu((matrix + sparse.diags(diagonal)).tocsc()).solve(right)
    return result.reshape(area.shape)
