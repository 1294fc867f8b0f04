"""Settle a known mark: exactly how it was drawn, in which paint, and how opaque."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inference.protocols import Mask, Rgb
from inference.unblending.artwork import Artwork
from inference.unblending.closer import Close
from inference.unblending.evidence import gradients
from inference.unblending.ink import Plane
from inference.unblending.probe import THINNEST, Probe, painted
from inference.unblending.rendering import Drawing, best_drawing, moved_to
from schemas.sighting import Paint

LARGEST = 300_000
"""Pixels of a mark to which its opacity is fitted: of larger ones, the part around what shows most."""
LARGEST_TRIED = 60_000
"""Pixels to which ways of drawing are held."""
MARGIN = 6
NEARLY = 0.06
"""Likeness by which the paint of a whole mark may be behind one that only a part of it shows."""
OPACITIES = (0.02, 1.1)
VISIBLE = 0.004
"""Opacity: one level of 255."""


@dataclass(frozen=True, eq=False)
class Settled:
    """A mark on its place.

    Parameters
    ----------
    name
        Of the mark.
    left, top
        Whole pixels where ``opacity`` begins in the picture.
    opacity
        ``(h, w)`` float32: of the artwork there, times the factor at which it was laid on.
    paint
        ``(h, w, 3)`` float32 levels.
    doubt
        Deviation of the opacity on the mark's edges.
    explained
        Correlation of the gradients with the mark's, 0..1.
    drawing
        Where it lies, and how it came there.
    inked
        The paint that it was laid on in.
    factor
        By which the artwork's own opacity is multiplied.
    """

    name: str
    left: int
    top: int
    opacity: Plane
    paint: Plane
    doubt: float
    explained: float
    drawing: Drawing
    inked: Paint
    factor: float

    @property
    def covers(self) -> Mask:
        """``(h, w)``: pixels that the mark changes."""
        return self.opacity > VISIBLE


def settled(rgb: Rgb, artwork: Artwork, close: Close, like: Drawing | None = None) -> Settled | None:
    """Settle a mark that was brought close; ``None`` where no opacity explains it, or none of it is in the picture.

    Parameters
    ----------
    like
        How another copy of it was drawn, in the paint of ``close``.
    """
    box = _box(rgb.shape, close)
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    if like is not None:
        return _fitted(rgb, artwork, close, replace(moved_to(like, close.pose), softness=0.0), box)
    part = _busiest(artwork, close, box, LARGEST_TRIED)
    trials = [Probe(rgb, artwork, replace(close, paint=paint), part) for paint in artwork.inks]
    likely = [trial.likeness(Drawing.at(close.pose)) for trial in trials]
    for index in np.argsort(likely)[::-1].tolist():
        if likely[index] < max(likely) - NEARLY:
            break
        own = replace(close, paint=trials[index].paint)
        place = _fitted(rgb, artwork, own, best_drawing(artwork, close.pose, trials[index].likeness), box)
        if place is not None:
            return place
    return None


def _fitted(
    rgb: Rgb, artwork: Artwork, close: Close, drawing: Drawing, box: tuple[int, int, int, int]
) -> Settled | None:
    probe = Probe(rgb, artwork, close, _busiest(artwork, close, box, LARGEST))
    fit = probe.fitted(drawing)
    if not OPACITIES[0] <= fit.opacity <= OPACITIES[1] or not probe.agrees(drawing, fit.opacity):
        return None
    drawing = replace(drawing, softness=fit.softness)
    top, left, bottom, right = box
    layers = drawing.layers(artwork, bottom - top, right - left, left, top)
    paint = (painted(layers, close.paint) / np.maximum(layers[..., 3:], THINNEST)).clip(0, 255)
    opacity = (layers[..., 3] * np.float32(fit.opacity)).clip(0, 1)
    laid = (opacity, np.asarray(paint, np.float32))
    return Settled(artwork.name, left, top, *laid, fit.doubt, fit.likeness, drawing, close.paint, fit.opacity)


def moved(place: Settled, right: int, down: int) -> Settled:
    """Give a settled mark as it lies in a picture whose corner is elsewhere."""
    pose = place.drawing.pose
    drawing = replace(place.drawing, pose=replace(pose, x=pose.x + right, y=pose.y + down))
    return replace(place, left=place.left + right, top=place.top + down, drawing=drawing)


def _box(shape: tuple[int, ...], close: Close) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of what a mark may change."""
    pose = close.pose
    wide, tall = pose.extent
    top, left = max(0, int(pose.y - tall / 2) - MARGIN), max(0, int(pose.x - wide / 2) - MARGIN)
    bottom = min(shape[0], int(pose.y + tall / 2) + MARGIN + 1)
    return top, left, bottom, min(shape[1], int(pose.x + wide / 2) + MARGIN + 1)


def _busiest(artwork: Artwork, close: Close, box: tuple[int, int, int, int], largest: int) -> tuple[int, int, int, int]:
    """Cut a box down to ``largest`` pixels around most of the mark's edges."""
    top, left, bottom, right = box
    height, width = bottom - top, right - left
    if height * width <= largest:
        return box
    shrunk = 160 / max(height, width)
    size = (max(2, round(height * shrunk)), max(2, round(width * shrunk)))
    moved = replace(close.pose, x=close.pose.x - left, y=close.pose.y - top).resized(shrunk)
    edges = np.square(gradients(artwork.drawn(moved, *size)[1])).sum(axis=0)
    part = float(np.sqrt(largest / (height * width)))
    tall, wide = round(height * part), round(width * part)
    window = (max(1, round(wide * shrunk)), max(1, round(tall * shrunk)))
    sums = cv2.boxFilter(edges, cv2.CV_32F, window, normalize=False, borderType=cv2.BORDER_CONSTANT)
    row, column = np.unravel_index(int(sums.argmax()), sums.shape)
    first = min(max(top + round(row / shrunk - tall / 2), top), bottom - tall)
    second = min(max(left + round(column / shrunk - wide / 2), left), right - wide)
    return first, second, first + tall, second + wide
