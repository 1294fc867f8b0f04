"""Learn a mark's artwork from pictures that carry it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.protocols import Mask
from inference.unblending.ink import Ink, Plane
from inference.unblending.learning.crops import WITHIN, aligned
from inference.unblending.learning.integration import integrated
from inference.unblending.learning.layers import as_rgba, peeled
from inference.unblending.learning.placing import Photo, Placing, Window, smaller
from inference.unblending.learning.proof import share_left
from inference.unblending.learning.sighting import Sighting, sight
from inference.unblending.learning.tile import one_copy
from schemas.errors import BadInput

PLAINLY = 0.08
"""Of the mark's strongest change: what is above is covered."""
FAINTEST = 1.5
"""Levels."""
WIDER = 0.25
"""Of the window's longer side, by which it grows where the mark reaches its border."""
NEAR = 4
"""Pixels from the border."""
TURNS = 3
UNEXPLAINED = 0.25
"""Share of the evidence that may be left of a mark in its own folder, see :func:`~.proof.share_left`. Of 24 folders,
artwork that took its mark off left up to 0.12, and up to 0.23 where the pictures lie a pixel apart; solid plates and
inks taken for each other 0.27 to 0.81, and soft shadows, whose outline stays, 0.31 to 0.37."""
LARGEST = 1_000_000
"""Pixels of the window in which a mark is learned."""


@dataclass(frozen=True, eq=False)
class Learned:
    """A mark that was learned.

    Parameters
    ----------
    rgba
        ``(h, w, 4)`` uint8, colour and opacity, not premultiplied; as large as on a picture of the folder's usual size.
    inks
        What it is painted with.
    placing
        How its place follows from a picture's size.
    used
        Pictures it was learned from.
    """

    rgba: NDArray[np.uint8]
    inks: list[Ink]
    placing: Placing
    used: int

    def as_png(self) -> bytes:
        """Write the artwork as a file that ``marks add`` takes."""
        data = io.BytesIO()
        Image.fromarray(self.rgba).save(data, "PNG", optimize=True)
        return data.getvalue()


def learn(photos: Sequence[Photo]) -> Learned:
    """Learn the mark that all pictures carry.

    Raises
    ------
    BadInput
        ``too_few_pictures``, ``no_common_mark``, ``pictures_alike`` or ``mark_not_understood``.
    """
    photos, sighting = _at_bounded_size(photos, sight(photos))
    for _ in range(TURNS):
        together = aligned(photos, sighting)
        change = integrated(together.steps)
        covered = _plainly(change)
        wider = _wider(sighting, covered)
        if wider == sighting.window:
            break
        sighting = replace(sighting, window=wider)
    artwork = peeled(together.crops, change, covered, together.agreeing) if covered.any() else None
    if artwork is None or not artwork.inks:
        message = (
            "There is something in common to these pictures, but too faint to tell its colour: give more pictures."
        )
        raise BadInput(message, code="no_common_mark")
    left = share_left(together.crops, artwork, WITHIN * sighting.chance)
    if left > UNEXPLAINED:
        message = (
            f"The mark was found in {len(together.crops)} pictures, but what was learned of it does not take it off "
            f"them: {left:.0%} of its edges would still be seen. Give more pictures, of different things and colours, "
            "or bring the mark's own file with `marks add`."
        )
        raise BadInput(message, code="mark_not_understood")
    return Learned(as_rgba(one_copy(artwork)), artwork.inks, sighting.placing, len(together.crops))


def _at_bounded_size(photos: Sequence[Photo], sighting: Sighting) -> tuple[Sequence[Photo], Sighting]:
    """Reduce all pictures alike where the mark is very large: artwork is found at any size anyway."""
    height, width = sighting.window.shape
    factor = (LARGEST / (height * width)) ** 0.5
    if factor >= 1:
        return photos, sighting
    window, frame = sighting.window, sighting.frame
    edges = (window.top, window.left, window.bottom, window.right)
    window = Window(*(int(edge * factor) for edge in edges))
    frame = (round(frame[0] * factor), round(frame[1] * factor))
    return [smaller(photo, factor) for photo in photos], replace(sighting, window=window, frame=frame)


def _plainly(change: Plane) -> Mask:
    """Where a mark plainly changes the mean photograph, ``(h, w)``."""
    strength = np.abs(change).max(axis=2)
    return np.asarray(strength > max(FAINTEST, PLAINLY * float(np.percentile(strength, 99.5))), bool)


def _wider(sighting: Sighting, covered: Mask) -> Window:
    """Widen the window on the sides that the mark reaches, up to the frame."""
    window, (height, width) = sighting.window, sighting.frame
    more = int(WIDER * max(window.shape))
    rows, columns = (np.asarray(covered.any(axis=axis)) for axis in (1, 0))
    return Window(
        max(-NEAR, window.top - more) if rows[:NEAR].any() and window.top > 0 else window.top,
        max(-NEAR, window.left - more) if columns[:NEAR].any() and window.left > 0 else window.left,
        min(height + NEAR, window.bottom + more) if rows[-NEAR:].any() and window.bottom < height else window.bottom,
        min(width + NEAR, window.right + more) if columns[-NEAR:].any() and window.right < width else window.right,
    )
