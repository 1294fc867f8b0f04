"""Whether a known mark lies at a pose: the gradients that it would leave, sought in the picture's.

A mark adds ``a (grad(cW) - J grad c)`` to the picture's own gradient. What the picture has by itself is noise whose
strength differs from place to place, so both are divided by the usual gradient nearby, and single strong edges are
bounded: a matched filter in whitened gradients (Turin 1960; bounds after Huber). Unlike directions alone it knows on
which side of an edge the mark is lighter, and adds up marks far too faint to turn any single direction.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.protocols import Mask
from inference.unblending.ink import Plane
from schemas.sighting import Paint

NOISE = 1.0
"""Levels: gradients that rounding and compression leave on a plain ground."""
BOUND = 2.5
"""Gradients count up to this many usual ones."""
NEARBY = 6.0
"""Deviation in pixels of what is nearby, in a picture brought to the size of the search."""
PARTS = 4
"""Parts along each side of a mark that are asked for its opacity ..."""
AGREE, CHANCE = 0.35, 3.0
"""... how far one may be from that of the whole, in opacities, and how much chance may add, in deviations."""
LEVELS = {Paint.WHITE: 255.0, Paint.BLACK: 0.0}


@dataclass(frozen=True, eq=False)
class Field:
    """A picture's gradients, whitened.

    Parameters
    ----------
    gradient
        ``(2, H, W)``: divided by the square of the usual gradient nearby, bounded.
    weight
        ``(H, W)``: one by the square of the usual gradient.
    ground
        ``(H, W)`` levels: luma nearby.
    """

    gradient: Plane
    weight: Plane
    ground: Plane

    def cut(self, rows: slice, columns: slice) -> "Field":
        """Give a window."""
        return Field(self.gradient[:, rows, columns], self.weight[rows, columns], self.ground[rows, columns])


def gradients(values: Plane) -> Plane:
    """``(2, H, W)``: right and down, in units of ``values`` per pixel."""
    both = [
        cv2.Scharr(values, cv2.CV_32F, across, 1 - across, scale=1 / 32, borderType=cv2.BORDER_REPLICATE)
        for across in (1, 0)
    ]
    return np.asarray(np.stack(both), np.float32)


def field_of(luma: Plane, pad: tuple[int, int] = (0, 0)) -> Field:
    """Whiten a picture's gradients; ``pad`` rows and columns around it say nothing."""
    gradient = gradients(luma)
    strength = cv2.magnitude(gradient[0], gradient[1])
    usual = cv2.GaussianBlur(strength, (0, 0), NEARBY, borderType=cv2.BORDER_REFLECT) + NOISE
    bounded = np.minimum(1, BOUND * usual / np.maximum(strength, 1e-3)) / np.square(usual)
    ground = cv2.GaussianBlur(luma, (0, 0), NEARBY, borderType=cv2.BORDER_REFLECT)
    layers = [gradient * bounded, 1 / np.square(usual), ground]
    if any(pad):
        around = ((pad[0], pad[0]), (pad[1], pad[1]))
        layers = [np.pad(layer, (*[(0, 0)] * (layer.ndim - 2), *around)) for layer in layers]
    return Field(*(np.asarray(layer, np.float32) for layer in layers))


@dataclass(frozen=True, eq=False)
class Trace:
    """The gradients that a mark leaves: ``paint - ground * shape``, for a mark drawn at some pose.

    Parameters
    ----------
    paint
        ``(2, h, w)``: of coverage times luma, levels per pixel.
    shape
        ``(2, h, w)``: of coverage.
    level
        Luma of a mark of one ink, which ``paint`` then is a multiple of.
    """

    paint: Plane
    shape: Plane
    level: float | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self.shape.shape[1], self.shape.shape[2]


def trace_of(levels: Plane, coverage: Plane, *, one_ink: bool = False) -> Trace:
    """Take the gradients of a drawn mark: levels times coverage, and coverage."""
    level = float(levels.sum() / max(float(coverage.sum()), 1e-6)) if one_ink else None
    return Trace(gradients(levels), gradients(coverage), level)


@dataclass(frozen=True)
class Evidence:
    """How clearly a mark is seen.

    Parameters
    ----------
    likeness
        Correlation of the whitened gradients with those expected, -1..1.
    clearness
        The same in standard deviations of what chance makes of it, if all pixels were independent.
    opacity
        Estimate.
    """

    likeness: float
    clearness: float
    opacity: float


def evidence(field: Field, trace: Trace, paint: Paint) -> Evidence:
    """Weigh one pose; ``field`` and ``trace`` are of one size."""
    expected, there = _expected(field, trace, paint)
    product = float(np.vdot(field.gradient, expected))
    energy = float(np.vdot(field.weight, np.square(expected).sum(axis=0)))
    own = float(np.vdot(np.square(field.gradient).sum(axis=0)[there], 1 / np.maximum(field.weight[there], 1e-9)))
    if energy <= 0 or own <= 0:
        return Evidence(0.0, 0.0, 0.0)
    likeness = float(np.clip(product / float(np.sqrt(energy * own)), -0.999, 0.999))
    count = 2 * float(there.sum())
    return Evidence(likeness, likeness * float(np.sqrt(count / (1 - likeness**2))), product / energy)


def accord(field: Field, trace: Trace, paint: Paint) -> float:
    """Share of a mark, by what it should leave, whose parts agree on its opacity, 0..1.

    Half of a letter may look like a branch, but then the other half says that nothing is there.
    """
    expected, _ = _expected(field, trace, paint)
    maps = [(field.gradient * expected).sum(axis=0), field.weight * np.square(expected).sum(axis=0)]
    inside = np.argwhere(maps[1] > 0.02 * maps[1].max())
    if not len(inside):
        return 0.0
    (top, left), (bottom, right) = inside.min(axis=0), inside.max(axis=0) + 1
    rows = np.linspace(top, bottom, PARTS + 1).astype(int)
    columns = np.linspace(left, right, PARTS + 1).astype(int)
    pairs = [
        [float(values[rows[i] : rows[i + 1], columns[j] : columns[j + 1]].sum()) for values in maps]
        for i in range(PARTS)
        for j in range(PARTS)
    ]
    products, energies = np.array(pairs).T
    opacity = products.sum() / max(energies.sum(), 1e-9)
    seen = products / np.maximum(energies, 1e-9)
    chance = CHANCE / np.sqrt(np.maximum(energies, 1e-9))
    agree = np.abs(seen - opacity) < AGREE * opacity + np.minimum(chance, AGREE * opacity)
    return float(energies[agree].sum() / max(energies.sum(), 1e-9))


def _expected(field: Field, trace: Trace, paint: Paint) -> tuple[Plane, Mask]:
    """Gradients per opacity that a mark leaves, ``(2, H, W)``, and where it leaves any."""
    level = LEVELS.get(paint)
    there = np.square(trace.shape).sum(axis=0) > 1e-3
    if level is not None:
        return (level - field.ground) * trace.shape, there
    return trace.paint - field.ground * trace.shape, there | (np.square(trace.paint).sum(axis=0) > 50)
