"""Bring a known mark exactly onto its place: to hundredths of a pixel, and to the opacity at which it lies there."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from inference.protocols import Mark
from inference.unblending.edges import pairs_across
from inference.unblending.ground import smooth_ground
from inference.unblending.ink import Plane, grown, opacity_seen
from inference.unblending.search import Pose, coverage_of

EXPLAINED = 0.55
"""Share of what stands out from the smooth ground that a mark has to explain, or it is not there. Marks in place had
0.64 to 0.97, texture up to 0.29, a mark at a wrong size 0.5."""
OPACITIES = (0.03, 1.05)
FINEST = 0.01
"""Pixels, where the search for the place ends."""


@dataclass(frozen=True, eq=False)
class Settled:
    """A mark on its place.

    Parameters
    ----------
    name
        Of the mark.
    left, top
        Whole pixels where ``opacity`` begins in the picture; may be negative.
    opacity
        ``(h, w)`` float32: of the artwork there, times the factor at which it was laid on.
    paint
        ``(h, w, 3)`` float32 levels.
    explained
        0..1.
    """

    name: str
    left: int
    top: int
    opacity: Plane
    paint: Plane
    explained: float


class _Artwork:
    """A mark's coverage and premultiplied colours, drawn at any pose."""

    def __init__(self, mark: Mark) -> None:
        shape = coverage_of(mark)
        self._layers = np.dstack([mark.rgba[..., :3].astype(np.float32) * shape[..., None], shape])
        self.size = shape.shape

    def drawn(self, pose: Pose, left: int, top: int, height: int, width: int) -> Plane:
        """Draw into a window: ``(height, width, 4)``, colours premultiplied.

        Reduced by areas to the nearest whole size first; the rest is a shift and a scale near one.
        """
        whole = [max(1, round(side * pose.scale)) for side in self.size]
        shrink = cv2.INTER_AREA if pose.scale < 1 else cv2.INTER_CUBIC
        small = cv2.resize(self._layers, (whole[1], whole[0]), interpolation=shrink)
        rest = [side * pose.scale / pixels for side, pixels in zip(self.size, whole, strict=True)]
        # Pixel centres: the middle of the first pixel lies half a pixel from the corner.
        shift = (pose.left - left + (rest[1] - 1) / 2, pose.top - top + (rest[0] - 1) / 2)
        matrix = np.array([[rest[1], 0, shift[0]], [0, rest[0], shift[1]]], np.float32)
        drawn = cv2.warpAffine(small, matrix, (width, height), flags=cv2.INTER_CUBIC)
        drawn[..., 3] = drawn[..., 3].clip(0, 1)
        return np.asarray(drawn, np.float32)


def settled(picture: Plane, mark: Mark, pose: Pose) -> Settled | None:
    """Settle a mark near a pose; ``None`` if it is not there.

    The place, size and opacity are those that explain most of what stands out from the smooth ground: least squares
    for the opacity, a pattern search (Hooke & Jeeves 1961) for the rest.
    """
    artwork = _Artwork(mark)
    height, width = (side * pose.scale for side in artwork.size)
    margin = int(4 + 0.06 * max(height, width))
    left, top = max(0, int(pose.left) - margin), max(0, int(pose.top) - margin)
    right = min(picture.shape[1], int(pose.left + width) + margin)
    bottom = min(picture.shape[0], int(pose.top + height) + margin)
    if right - left < 8 or bottom - top < 8:
        return None
    crop = picture[top:bottom, left:right]
    hidden = grown(artwork.drawn(pose, left, top, *crop.shape[:2])[..., 3] > 0.02, margin // 2)
    if hidden.all() or not hidden.any():
        return None
    ground = smooth_ground(crop, hidden)
    change = crop - ground

    def fit(tried: Pose) -> tuple[float, float]:
        return _fit(artwork.drawn(tried, left, top, *crop.shape[:2]), change, ground)

    best = _searched(pose, fit, max(height, width))
    explained, factor = fit(best)
    if explained < EXPLAINED or not OPACITIES[0] <= factor <= OPACITIES[1]:
        return None
    layers = artwork.drawn(best, left, top, *crop.shape[:2])
    paint = (layers[..., :3] / np.maximum(layers[..., 3:], 1e-3)).clip(0, 255)
    factor = min(_factor(crop, layers[..., 3], paint) or factor, 1.0)
    return Settled(mark.name, left, top, layers[..., 3] * np.float32(factor), np.asarray(paint, np.float32), explained)


def _factor(crop: Plane, share: Plane, paint: Plane) -> float | None:
    """Fit the opacity to pairs across the edges: beside them the ground is known better than any smooth guess."""
    stacked = np.dstack([crop, paint, share])
    inside, beside = pairs_across(stacked, share > 0.5, share < 0.004)
    if len(inside) < 50:
        return None
    seen, contrast = opacity_seen(inside[:, :3], beside[:, :3], inside[:, 3:6])
    order = np.argsort(seen / inside[:, 6])
    weight = np.cumsum((np.sqrt(contrast) * inside[:, 6])[order])
    return float((seen / inside[:, 6])[order][np.searchsorted(weight, weight[-1] / 2)])


def _fit(layers: Plane, change: Plane, ground: Plane) -> tuple[float, float]:
    """How much of the change a drawn mark explains, 0..1, and at which opacity."""
    effect = layers[..., :3] - layers[..., 3:] * ground
    energy, product = float(np.square(effect).sum()), float((effect * change).sum())
    if energy <= 0 or product <= 0:
        return 0.0, 0.0
    return product**2 / (energy * max(float(np.square(change).sum()), 1e-6)), product / energy


def _searched(pose: Pose, fit: Callable[[Pose], tuple[float, float]], size: float) -> Pose:
    """Walk downhill along place and size with ever smaller steps."""
    best, value = pose, fit(pose)[0]
    step = max(1.0, 0.02 * size)
    while step > FINEST:
        moved = False
        for move in _moves(best, step, size):
            found = fit(move)[0]
            if found > value:
                best, value, moved = move, found, True
        if not moved:
            step /= 2
    return best


def _moves(pose: Pose, step: float, size: float) -> list[Pose]:
    """Step left, right, up and down, and grow and shrink about the middle."""
    moves = [replace(pose, left=pose.left + step * sign) for sign in (-1, 1)]
    moves += [replace(pose, top=pose.top + step * sign) for sign in (-1, 1)]
    for sign in (-1, 1):
        factor = 1 + sign * step / size
        half = size * (factor - 1) / 2
        moves.append(replace(pose, scale=pose.scale * factor, left=pose.left - half, top=pose.top - half))
        moves.append(replace(pose, scale=pose.scale * factor))
    return moves
