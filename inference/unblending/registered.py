"""Marks whose artwork is registered: all of their copies in a picture, as one overlay."""

import cv2
import numpy as np

from inference.protocols import Mark, Mask, Rgb
from inference.unblending.ground import TO_YCC
from inference.unblending.handed import settled_again
from inference.unblending.ink import Plane
from inference.unblending.looked import Looked
from inference.unblending.pose import Settled, moved
from inference.unblending.removal import Overlay
from inference.unblending.sightings import sightings
from inference.unblending.windows import Window

COVERED = 0.5
"""Share of a found mark that has to lie in the mask, where one was given: another copy may be meant to stay."""
SHARP = 0.15
"""Step of opacity around a pixel, in that of the mark, from which it lies on an edge."""


def find_marks(rgb: Rgb, marks: list[Mark], within: Window | None = None) -> list[Settled]:
    """Find all copies of all marks, best first, none over another; those that were sighted are where they were.

    Parameters
    ----------
    within
        Rows and columns in which the others are looked for; the whole picture unless given.
    """
    rows, columns = within or (slice(0, rgb.shape[0]), slice(0, rgb.shape[1]))
    luma = Looked(rgb[rows, columns], TO_YCC[0], rgb.shape[0] * rgb.shape[1])
    sought = [mark for mark in marks if mark.sighted is None]
    looked = sightings(luma, sought) if sought else []
    found = [moved(place, columns.start, rows.start) for place in looked]
    found += [place for mark in marks if mark.sighted is not None for place in settled_again(rgb, mark)]
    found.sort(key=lambda place: -place.explained)
    taken, kept = np.zeros(rgb.shape[:2], bool), []
    for place in found:
        rows, columns = where(place)
        own = place.covers
        if own.any() and (taken[rows, columns] & own).sum() < 0.2 * own.sum():
            taken[rows, columns] |= own
            kept.append(place)
    return kept


def where(place: Settled) -> tuple[slice, slice]:
    """Rows and columns of a settled mark's window."""
    height, width = place.opacity.shape
    return slice(place.top, place.top + height), slice(place.left, place.left + width)


def support(places: list[Settled], shape: tuple[int, ...]) -> Mask:
    """``(H, W)``: every pixel that any of the marks changes."""
    area = np.zeros(shape[:2], bool)
    for place in places:
        area[where(place)] |= place.covers
    return area


def meant(places: list[Settled], hole: Mask) -> list[Settled]:
    """Choose the marks that are to be removed: those that lie in the hole for the most part."""
    return [place for place in places if (hole[where(place)] & place.covers).sum() >= COVERED * place.covers.sum()]


def as_overlay(places: list[Settled], window: Window) -> Overlay:
    """Lay marks together, all of which lie in the window."""
    rows, columns = window
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    opacity, doubt, paint = np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros((*shape, 3), np.float32)
    for place in places:
        there = where(moved(place, -columns.start, -rows.start))
        own = place.covers
        opacity[there][own] = place.opacity[own]
        paint[there][own] = place.paint[own]
        edges = _steps(place.opacity)
        sharp = own & (edges > SHARP * place.opacity.max())
        doubt[there][sharp] = (place.doubt / place.opacity.max() * edges)[sharp]
    return Overlay(opacity, doubt, paint)


def _steps(opacity: Plane) -> Plane:
    """How far opacity goes up and down around each pixel: a soft shadow is in no doubt, whatever its opacity."""
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(opacity, kernel) - cv2.erode(opacity, kernel), np.float32)
