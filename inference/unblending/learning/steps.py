"""Steps from pixel to pixel that many pictures have in common: medians, and which of them are more than chance."""

from collections.abc import Callable

import numpy as np

from inference.refinement.bands import blur
from inference.unblending.ink import Plane

STRIP = 32
"""Rows that are taken from all pictures at a time: the medians need them all at once."""
NEARBY = 1.5
"""Deviation in pixels over which steps are averaged before they are judged."""
AVERAGED = 0.35
"""What that leaves of the noise of neighbouring steps, which are not independent."""
SURE = 3.0
"""Standard errors."""
OF_A_MEDIAN = 1.25
"""Standard error of a median in those of a mean."""


def common_steps(
    count: int, shape: tuple[int, int], read: Callable[[int, slice], tuple[Plane, Plane]]
) -> tuple[Plane, Plane]:
    """Take the weighted median of the steps of many pictures.

    Parameters
    ----------
    count
        Number of pictures.
    read
        Gives rows of a picture: ``(rows, w, C)`` values, and ``(rows, w)`` or ``(rows, w, 1)`` variances of its own
        steps there.

    Returns
    -------
    steps, weights
        ``(2, h, w, C)`` and ``(2, h, w, 1)`` float32: downward and rightward to the next pixel, and the inverse
        variance of the photographs' own; 0 where there is no next pixel.
    """
    height, width = shape
    channels = read(0, slice(0, 1))[0].shape[2]
    steps = np.zeros((2, height, width, channels), np.float32)
    weights = np.zeros((2, height, width, 1), np.float32)
    for top in range(0, height, STRIP):
        rows = [read(index, slice(top, min(top + STRIP + 1, height))) for index in range(count)]
        values = np.stack([row[0] for row in rows])
        noise = np.stack([row[1].reshape(*row[0].shape[:2], 1) for row in rows])
        own = min(STRIP, height - top)
        for axis, rest in ((0, values), (1, values[:, :own])):
            if rest.shape[1 + axis] < 2:
                continue
            trust = np.asarray(1 / (_both(noise[:, : rest.shape[1]], axis) + 1e-9), np.float32)
            there = (axis, slice(top, top + trust.shape[1]), slice(0, trust.shape[2]))
            steps[there] = weighted_median(np.diff(rest, axis=1 + axis), trust)
            weights[there] = trust.sum(axis=0)
    return steps, weights


def _both(noise: Plane, axis: int) -> Plane:
    first, second = (noise[:, :-1], noise[:, 1:]) if axis == 0 else (noise[:, :, :-1], noise[:, :, 1:])
    return first + second


def weighted_median(values: Plane, weights: Plane) -> Plane:
    """Take the weighted median along the first axis; ``weights`` may have one channel for all."""
    order = values.argsort(axis=0)
    summed = np.take_along_axis(np.broadcast_to(weights, values.shape), order, axis=0).cumsum(axis=0)
    index = np.minimum((summed < summed[-1] / 2).sum(axis=0), len(values) - 1)[None]
    return np.asarray(np.take_along_axis(np.take_along_axis(values, order, axis=0), index, axis=0)[0], np.float32)


def significant(steps: Plane, weights: Plane) -> Plane:
    """Set steps to 0 where they, and those nearby together, are no more than chance makes of them.

    Most of a mark is plateau, and what noise adds up to over a wide one is seen. The steps of a soft shadow are faint,
    but neighbours agree on them.
    """
    error = OF_A_MEDIAN / np.sqrt(np.maximum(weights, 1e-9))
    kept = np.empty_like(steps)
    for axis in (0, 1):
        mean = blur(steps[axis], NEARBY).reshape(steps[axis].shape)
        sure = np.linalg.norm(mean, axis=2) > SURE * AVERAGED * error[axis, ..., 0]
        sure |= np.linalg.norm(steps[axis], axis=2) > SURE * error[axis, ..., 0]
        kept[axis] = np.where(sure[..., None], steps[axis], 0)
    return kept
