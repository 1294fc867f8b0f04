"""A mark's artwork as what it lays on a picture: how far it covers each pixel, and with which colours."""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.protocols import Mark, Rgb
from inference.unblending.ground import TO_YCC
from inference.unblending.ink import Plane
from inference.unblending.looked import Looked
from schemas.sighting import Paint

FAINT = 0.02
"""Coverage below this is taken for none where artwork is cut to size."""


COLOURFUL = 40.0
"""Levels from grey from which inks are looked for by their colour as well."""


@dataclass(frozen=True)
class Pose:
    """Where a mark lies, in pixels of the picture it is sought in.

    Parameters
    ----------
    x, y
        Its middle; ``(0, 0)`` is the corner of the picture, not the middle of the first pixel.
    width, height
        Of the whole artwork, before it is turned.
    turn
        Degrees, counter-clockwise.
    """

    x: float
    y: float
    width: float
    height: float
    turn: float = 0.0

    def resized(self, factor: float) -> "Pose":
        """Give the pose in the picture at ``factor`` of its size."""
        return Pose(self.x * factor, self.y * factor, self.width * factor, self.height * factor, self.turn)

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the upright box around the turned artwork."""
        angle = np.deg2rad(self.turn)
        cosine, sine = abs(float(np.cos(angle))), abs(float(np.sin(angle)))
        return self.width * cosine + self.height * sine, self.width * sine + self.height * cosine


class Artwork:
    """A mark's coverage and colours, drawn at any pose.

    Parameters
    ----------
    mark
        Artwork without transparency is taken off its ground, the median colour of its four corners.
    by_colour
        Look at the difference of colour in which its inks stand out, instead of at luma.
    """

    def __init__(self, mark: Mark, *, by_colour: bool = False) -> None:
        share, colours = _laid_on(mark)
        self.name = mark.name
        self.layers = np.dstack([colours * share[..., None], share]).astype(np.float32)
        """``(h, w, 4)``: colours times coverage, and coverage 0..1."""
        self.size = share.shape
        weight = share > 0.5 * share.max()
        spread = np.ptp(np.percentile(colours[weight], (5, 95), axis=0), axis=0) if weight.any() else np.zeros(3)
        self.one_ink = float(spread.max()) < 12
        chroma, self.colourful = _main_chroma(colours, share)
        self.look = chroma if by_colour else TO_YCC[0]
        """``(3,)``: makes of a colour the level that is looked at."""
        self.inks = self._inks(colours[weight])
        """Paints in which it may be laid on ..."""
        self.paints = [Paint.OWN] if by_colour else self.inks
        """... and those that differ in what is looked at."""
        self._seen = np.dstack([self.layers[..., :3] @ self.look, share]).astype(np.float32)
        self._range = [255 * float(self.look[self.look < 0].sum()), 255 * float(self.look[self.look > 0].sum())]
        self._reduced: dict[tuple[int, int], Plane] = {}

    def _inks(self, colours: Plane) -> list[Paint]:
        mean = colours.mean(axis=0) if len(colours) else np.full(3, 255.0)
        paints = [Paint.OWN]
        if not (self.one_ink and mean.min() > 235):
            paints.append(Paint.WHITE)
        if not (self.one_ink and mean.max() < 30):
            paints.append(Paint.BLACK)
        return paints

    def seen(self, rgb: Rgb, pixels: int | None = None) -> Looked:
        """Give the levels of a picture that are looked at; see :class:`Looked`."""
        return Looked(rgb, self.look, pixels)

    def drawn(self, pose: Pose, height: int, width: int) -> tuple[Plane, Plane]:
        """Draw what is looked at: ``(height, width)`` levels times coverage, and coverage.

        Reduced by areas to the nearest whole size first; the rest is a turn, a shift and a scale near one.
        """
        small = self._at_size(max(1, round(pose.height)), max(1, round(pose.width)))
        levels, coverage = cv2.split(_warped(small, pose, height, width))
        coverage = coverage.clip(0, 1)
        low, high = (np.float32(level) * coverage for level in self._range)
        return np.asarray(levels.clip(low, high), np.float32), np.asarray(coverage, np.float32)

    def _at_size(self, height: int, width: int) -> Plane:
        """Bring what is looked at to a size, by areas where it shrinks; the latest sizes are kept."""
        key = (height, width)
        if key not in self._reduced:
            if len(self._reduced) > 32:
                self._reduced.clear()
            self._reduced[key] = _resized(self._seen, height, width)
        return self._reduced[key]


def placed(layers: Plane, pose: Pose, height: int, width: int, left: int = 0, top: int = 0) -> Plane:
    """Lay layers that have nearly the pose's size onto its place in a window."""
    return within_bounds(_warped(layers, pose, height, width, left, top))


def _warped(layers: Plane, pose: Pose, height: int, width: int, left: int = 0, top: int = 0) -> Plane:
    own_height, own_width = layers.shape[:2]
    angle = np.deg2rad(pose.turn)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    matrix = turn * [pose.width / own_width, pose.height / own_height]
    middle = np.array([pose.x - left - 0.5, pose.y - top - 0.5])
    shift = middle - matrix @ [(own_width - 1) / 2, (own_height - 1) / 2]
    affine = np.column_stack([matrix, shift])
    return np.asarray(cv2.warpAffine(layers, affine, (width, height), flags=cv2.INTER_CUBIC), np.float32)


def within_bounds(layers: Plane) -> Plane:
    """Clip what a kernel's ringing brought beyond coverage 0..1 and levels 0..255, in place."""
    layers[..., 3].clip(0, 1, out=layers[..., 3])
    layers[..., :3].clip(0, 255 * layers[..., 3:], out=layers[..., :3])
    return layers


def _resized(layers: Plane, height: int, width: int) -> Plane:
    if (height, width) == layers.shape[:2]:
        return layers
    shrinks = height < layers.shape[0]
    flags = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(layers, (width, height), interpolation=flags), np.float32)


def _laid_on(mark: Mark) -> tuple[Plane, Plane]:
    """Coverage ``(h, w)`` 0..1 and colours ``(h, w, 3)`` of artwork, with or without transparency."""
    colours, alpha = mark.rgba[..., :3].astype(np.float32), mark.rgba[..., 3]
    if alpha.min() < 255:
        return np.asarray(alpha / np.float32(255), np.float32), colours
    ground = np.median(np.stack([colours[0, 0], colours[0, -1], colours[-1, 0], colours[-1, -1]]), axis=0)
    apart = colours - ground
    # As far as each channel can go from the ground: what went all the way in one of them covers wholly.
    room = np.where(apart > 0, 255 - ground, ground)
    share = (np.abs(apart) / np.maximum(room, 24)).max(axis=2).clip(0, 1)
    share = np.asarray(np.where(share > FAINT, share, 0), np.float32)
    inks = (ground + apart / np.maximum(share[..., None], FAINT)).clip(0, 255)
    return share, np.asarray(inks, np.float32)


def _main_chroma(colours: Plane, share: Plane) -> tuple[Plane, bool]:
    """Find the difference of colour in which inks stand out from greys, ``(3,)`` of length one, and whether they do."""
    weight = share.ravel() / max(float(share.sum()), 1e-6)
    chroma = colours.reshape(-1, 3) - (colours.reshape(-1, 3) @ TO_YCC[0])[:, None]
    values, vectors = np.linalg.eigh((chroma * weight[:, None]).T @ chroma)
    return np.asarray(vectors[:, -1], np.float32), float(np.sqrt(max(values[-1], 0))) > COLOURFUL
