"""How opaque a known mark is, and how well a way of drawing it matches: held to the part of a picture where it lies."""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.protocols import Rgb
from inference.unblending.artwork import Artwork
from inference.unblending.closer import Close
from inference.unblending.evidence import CHANCE, LEVELS, NEARBY, NOISE, gradients
from inference.unblending.ink import Plane, eroded, unblended
from inference.unblending.rendering import Drawing, softened
from schemas.sighting import Paint

ROUNDS = 6
SOFTEST = 1.5
STIFF = 0.004
"""Softness costs this much of a mark's energy: where edges are soft by themselves, it changes nothing but the fit."""
THINNEST = 1e-3
GROUND = 2.0
"""Deviation in pixels over which the ground beside an edge is averaged."""
CLEAR_CHANNEL = 0.15
"""Share of what a mark leaves that a channel must have to be asked for its opacity ..."""
CHANNELS_AGREE = 0.3
"""... and how far it may be from that of all, in opacities."""
SURELY = 0.9
"""Share of its opacity that a mark has for sure."""
BEYOND, IMPOSSIBLE = 10.0, 0.05
"""Levels beyond what a mark can leave, as compression may bring them about, and the share of its pixels that may be."""
LEAST_DOUBT, MOST_DOUBT = 0.003, 0.03
"""Of an opacity of one: what rounding the artwork to 8 bits leaves, and what a wrong kernel does."""


@dataclass(frozen=True)
class Fit:
    """What was found of a drawn mark: opacity, softness, deviation of the opacity on edges, likeness 0..1."""

    opacity: float
    softness: float
    doubt: float
    likeness: float


class Probe:
    """Weighs drawings of one mark against the part of the picture where it lies."""

    def __init__(self, rgb: Rgb, artwork: Artwork, close: Close, box: tuple[int, int, int, int]) -> None:
        self._artwork, self.paint = artwork, close.paint
        self._opacity = close.seen.opacity if close.seen else 0.5
        self._top, self._left, bottom, right = box
        self._crop = rgb[self._top : bottom, self._left : right].astype(np.float32)
        self._size = (self._crop.shape[0], self._crop.shape[1])
        self._slopes = _slopes(self._crop)
        self._known: tuple[Plane, Plane] | None = None

    def likeness(self, drawing: Drawing) -> float:
        """Correlate what a drawing leaves with what is seen, on the ground that the first drawing showed."""
        if self._known is None:
            self.fitted(drawing, rounds=3, soft=False)
        ground, weight = self._known or (self._crop, self._crop)
        layers = drawing.layers(self._artwork, *self._size, self._left, self._top)
        leaves = _leaves(layers, self.paint, ground)
        weighed = leaves * weight
        energy = float(np.vdot(weighed, leaves)) * float(np.vdot(self._slopes * weight, self._slopes))
        return float(np.vdot(weighed, self._slopes)) / float(np.sqrt(max(energy, 1e-9)))

    def fitted(self, drawing: Drawing, rounds: int = ROUNDS, *, soft: bool = True) -> Fit:
        """Fit opacity and softness by reweighted least squares on gradients (weights after Cauchy).

        The ground is what taking the mark off leaves, smoothed; so both are found in turn.
        """
        layers = drawing.layers(self._artwork, *self._size, self._left, self._top)
        changes = [layers, softened(layers, 1.0) - layers] if soft else [layers]
        opacity, softness, residual = self._opacity, 0.0, np.zeros(self._size, np.float32)
        there = (layers[..., 3] > THINNEST) | (cv2.dilate(layers[..., 3], np.ones((3, 3))) > THINNEST)
        for _ in range(rounds):
            current = softened(layers, softness) if softness else layers
            ground, usual = self._ground(current, opacity)
            weight = np.asarray(there / (np.square(usual) + residual), np.float32)
            leave = [_leaves(change, self.paint, ground) for change in changes]
            solved = _least_squares(leave, self._slopes, weight)
            opacity = float(np.clip(solved[0], 0.01, 1.1))
            softness = float(np.clip(solved[1] / opacity, -SOFTEST, SOFTEST)) if soft else 0.0
            rest = self._slopes - sum(np.float32(k) * one for k, one in zip(solved, leave, strict=True))
            residual = np.asarray(np.square(rest).mean(axis=0), np.float32)
        self._known = (ground, weight)
        own = float((weight * np.square(self._slopes)).sum())
        left = float((weight * np.square(rest)).sum())
        likeness = float(np.sqrt(max(0.0, 1 - left / max(own, 1e-9))))
        return Fit(opacity, softness, opacity * _misfit(leave[0], opacity, residual, usual), likeness)

    def agrees(self, drawing: Drawing, opacity: float) -> bool:
        """Whether all channels show the mark at this opacity, and no pixel is lighter or darker than it can be.

        Things that happen to have a mark's outline, an eye that of a ring, fail one or the other.
        """
        layers = drawing.layers(self._artwork, *self._size, self._left, self._top)
        ground, weight = self._known or (self._crop, np.ones(self._size, np.float32))
        leaves = _leaves(layers, self.paint, ground)
        energies = (weight * np.square(leaves)).sum(axis=(1, 2)).reshape(3, 2).sum(axis=1)
        products = (weight * leaves * self._slopes).sum(axis=(1, 2)).reshape(3, 2).sum(axis=1)
        clear = energies > CLEAR_CHANNEL * energies.sum()
        chance = CHANCE / np.sqrt(energies[clear])
        if (np.abs(products[clear] / energies[clear] - opacity) > CHANNELS_AGREE * opacity + chance).any():
            return False
        least = np.float32(SURELY * min(opacity, 1.0))
        rest = self._crop - least * painted(layers, self.paint)
        beyond = np.maximum(-rest, rest - (1 - least * layers[..., 3:]) * 255).max(axis=2)
        covered = eroded(layers[..., 3] > 0.5 * layers[..., 3].max())
        return not covered.any() or float((beyond[covered] > BEYOND).mean()) < IMPOSSIBLE

    def _ground(self, layers: Plane, opacity: float) -> tuple[Plane, Plane]:
        """Take the mark off: the smooth ground, ``(H, W, 3)``, and the usual gradient nearby.

        Each pixel counts by what shines through it, so that beneath an edge the ground is that beside the mark: what
        is computed under an opaque mark depends on the opacity that is sought, and would swing with it.
        """
        paint = painted(layers, self.paint) / np.maximum(layers[..., 3:], THINNEST)
        share = (layers[..., 3] * np.float32(opacity)).clip(0, 0.98)
        bare = unblended(self._crop, share, np.asarray(paint, np.float32)).clip(0, 255)
        sure = np.square(1 - share) + np.float32(1e-4)
        slope = np.sqrt(np.square(_slopes(bare)).mean(axis=0)) * sure
        usual = cv2.GaussianBlur(slope, (0, 0), NEARBY) / cv2.GaussianBlur(sure, (0, 0), NEARBY)
        near = cv2.GaussianBlur(sure, (0, 0), GROUND)[..., None]
        smooth = cv2.GaussianBlur(bare * sure[..., None], (0, 0), GROUND) / near
        return np.asarray(smooth, np.float32), np.asarray(usual + NOISE, np.float32)


def painted(layers: Plane, paint: Paint) -> Plane:
    """Colours times coverage, ``(h, w, 3)``, in a paint."""
    level = LEVELS.get(paint)
    laid = layers[..., :3] if level is None else np.repeat(layers[..., 3:] * np.float32(level), 3, axis=2)
    return np.asarray(laid, np.float32)


def _misfit(leaves: Plane, opacity: float, residual: Plane, usual: Plane) -> float:
    """How far a mark's edges are from those drawn, relative to them: what remains there beyond the usual gradient."""
    energy = np.square(leaves * np.float32(opacity)).mean(axis=0)
    beyond = float((energy * (residual - np.square(usual))).sum()) / max(float(np.square(energy).sum()), 1e-9)
    return float(np.clip(np.sqrt(max(beyond, 0.0)), LEAST_DOUBT, MOST_DOUBT))


def _slopes(picture: Plane) -> Plane:
    """``(6, H, W)``: right and down, of each channel."""
    return np.concatenate([gradients(np.asarray(channel, np.float32)) for channel in cv2.split(picture)])


def _leaves(change: Plane, paint: Paint, ground: Plane) -> Plane:
    """Gradients per opacity that drawn layers leave on a ground, ``(6, H, W)``."""
    shape = gradients(np.ascontiguousarray(change[..., 3]))
    hidden = np.concatenate([channel * shape for channel in cv2.split(ground)])
    return np.asarray(_slopes(painted(change, paint)) - hidden, np.float32)


def _least_squares(leave: list[Plane], slopes: Plane, weight: Plane) -> list[float]:
    weighed = [one * weight for one in leave]
    normal = np.array([[float(np.vdot(a, b)) for b in leave] for a in weighed])
    right = np.array([float(np.vdot(a, slopes)) for a in weighed])
    normal[np.diag_indices(len(leave))] += 1e-6 + STIFF * normal[0, 0] * np.arange(len(leave))
    return list(np.linalg.solve(normal, right))
