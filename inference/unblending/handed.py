"""Registered marks as they travel from the stage that found them to the one that takes them off."""

import cv2
import numpy as np

from inference.protocols import Mark, Rgb
from inference.unblending.artwork import Artwork, Pose
from inference.unblending.closer import Close
from inference.unblending.evidence import Evidence
from inference.unblending.pose import Settled, settled
from inference.unblending.rendering import Drawing
from schemas.pointers import Box
from schemas.sighting import Sighting


def sighting_of(place: Settled) -> Sighting:
    """Tell where a mark lies and how it was drawn."""
    pose = place.drawing.pose
    x, y, width, height = cv2.boundingRect(place.covers.astype(np.uint8))
    return Sighting(
        name=place.name,
        x=pose.x,
        y=pose.y,
        width=pose.width,
        height=pose.height,
        turn=(pose.turn + 180) % 360 - 180,
        paint=place.inked,
        kernel=place.drawing.kernel,
        opacity=place.factor,
        likeness=min(place.explained, 1.0),
        box=Box(x=place.left + x, y=place.top + y, width=width, height=height),
    )


def settled_again(rgb: Rgb, mark: Mark) -> list[Settled]:
    """Settle a mark where it was sighted.

    Places and ways of drawing are taken at their word; opacity and sharpness are fitted once more, so that what does
    not show the mark is left alone, whoever says that it does.
    """
    artwork = Artwork(mark)
    places = (_settled(rgb, artwork, sighting) for sighting in mark.sighted or [])
    return [place for place in places if place is not None]


def _settled(rgb: Rgb, artwork: Artwork, seen: Sighting) -> Settled | None:
    pose = Pose(seen.x, seen.y, seen.width, seen.height, seen.turn)
    close = Close(pose, seen.paint, Evidence(seen.likeness, 0.0, seen.opacity))
    return settled(rgb, artwork, close, Drawing.at(pose, seen.kernel))
