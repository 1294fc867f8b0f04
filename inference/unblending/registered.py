"""Marks whose artwork is registered: all of their copies in a picture, as one overlay."""

import cv2
import numpy as np

from inference.protocols import Mark, Mask, Rgb
from inference.unblending.ink import Plane
from inference.unblending.pose import Settled
from inference.unblending.removal import Overlay
from inference.unblending.sightings import sightings

COVERED = 0.5
"""Share of a found mark that has to lie in the mask, where one was given: another copy may be meant to stay."""
SHARP = 0.15
"""Step of opacity around a pixel, in that of the mark, from which it lies on an edge."""
VISIBLE = 0.004
"""Opacity: one level of 255."""


def find_marks(rgb: Rgb, marks: list[Mark]) -> list[Settled]:
    """Find all copies of all marks, best first, none over another."""
    found = [place for mark in marks for place in sightings(rgb, mark)]
    found.sort(key=lambda place: -place.explained)
    taken, kept = np.zeros(rgb.shape[:2], bool), []
    for place in found:
        rows, columns = where(place)
        own = place.opacity > VISIBLE
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
        area[where(place)] |= place.opacity > VISIBLE
    return area


def as_overlay(places: list[Settled], hole: Mask) -> Overlay:
    """Lay the marks that are to be removed together: those that lie in the hole for the most part."""
    opacity, doubt = np.zeros(hole.shape, np.float32), np.zeros(hole.shape, np.float32)
    paint = np.zeros((*hole.shape, 3), np.float32)
    for place in places:
        own = place.opacity > VISIBLE
        if (hole[where(place)] & own).sum() < COVERED * own.sum():
            continue
        opacity[where(place)][own] = place.opacity[own]
        paint[where(place)][own] = place.paint[own]
        edges = _steps(place.opacity)
        sharp = own & (edges > SHARP * place.opacity.max())
        doubt[where(place)][sharp] = (place.doubt / place.opacity.max() * edges)[sharp]
    return Overlay(opacity, doubt, paint)


def _steps(opacity: Plane) -> Plane:
    """How far opacity goes up and down around each pixel: a soft shadow is in no doubt, whatever its opacity."""
    kernel = np.ones((3, 3), np.uint8)
    return np.asarray(cv2.dilate(opacity, kernel) - cv2.erode(opacity, kernel), np.float32)
