"""The evidence for a known mark at all places of a picture at once: a matched filter in two or three correlations."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.unblending.evidence import LEVELS, Field, Trace
from inference.unblending.ink import Plane
from schemas.sighting import Paint

LEAST_CONTRAST = 12.0
"""Levels between a mark and its ground below which nothing is seen."""


@dataclass(frozen=True, eq=False)
class Sought:
    """A field prepared for marks of one size, whatever their turn: see :func:`evidence_map`.

    Parameters
    ----------
    gradient
        ``(H, W, 2)``, in usual ones.
    darkened
        ``(H, W, 2)``: times the ground.
    ground
        ``(H, W, 2)`` levels: the ground, and its square; 0 where nothing is known.
    """

    gradient: Plane
    darkened: Plane
    ground: Plane

    @classmethod
    def of(cls, field: Field) -> "Sought":
        """Take the whitening once instead of twice: then every pixel has the same weight, and one sum serves all."""
        known = field.weight > 0
        gradient = field.gradient / np.sqrt(np.where(known, field.weight, 1))[..., None]
        ground = np.where(known, field.ground, float(field.ground[known].mean()))
        layers = [gradient, gradient * ground[..., None], np.dstack([ground, np.square(ground)])]
        return cls(*(np.asarray(layer, np.float32) for layer in layers))


def evidence_map(sought: Sought, trace: Trace, paints: list[Paint]) -> tuple[Plane, NDArray[np.uint8]]:
    """Weigh a mark of one size and turn at all places where it fits into the field.

    ``paints`` has either one entry, or a mark's own first.

    Returns
    -------
    tuple of ndarray
        ``(H - h + 1, W - w + 1)``: the matched filter's answer, in units of the usual gradient times the root of the
        energy; and which paint it is for, as an index into ``paints``.
    """
    tall, wide = trace.shape.shape[:2]
    dark = _correlated(sought.darkened, trace.shape)
    nearby = cv2.blur(sought.ground, (wide, tall), borderType=cv2.BORDER_REFLECT)
    nearby = nearby[tall // 2 : tall // 2 + dark.shape[0], wide // 2 : wide // 2 + dark.shape[1]]
    ground, square = nearby[..., 0], nearby[..., 1]
    shape = float(np.vdot(trace.shape, trace.shape))
    of_one_level = trace.level is not None or len(paints) > 1
    plain = _correlated(sought.gradient, trace.shape) if of_one_level else dark
    best, which = np.full_like(dark, -np.inf), np.zeros(dark.shape, np.uint8)
    for index, paint in enumerate(paints):
        level = LEVELS.get(paint, trace.level)
        if level is None:
            product = _correlated(sought.gradient, trace.paint) - dark
            own, cross = float(np.vdot(trace.paint, trace.paint)), float(np.vdot(trace.paint, trace.shape))
            energy = np.maximum(own - 2 * cross * ground + shape * square, 0.05 * own)
        else:
            product = level * plain - dark
            energy = shape * (level**2 - 2 * level * ground + square)
        answer = product / np.sqrt(energy + shape * LEAST_CONTRAST**2)
        better = answer > best
        best[better], which[better] = answer[better], index
    return best, which


def _correlated(values: Plane, template: Plane) -> Plane:
    return np.asarray(cv2.matchTemplate(values, template, cv2.TM_CCORR), np.float32)
