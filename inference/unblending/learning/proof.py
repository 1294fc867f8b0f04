"""Whether learned artwork explains its own folder: taken off, the pictures have nothing in common any more."""

from collections.abc import Sequence

import numpy as np

from inference.protocols import Rgb
from inference.unblending.ground import smooth_ground
from inference.unblending.ink import Plane, grown, unblended
from inference.unblending.learning.evidence import Agreement, edges_of
from inference.unblending.learning.layers import OPAQUE, Artwork
from inference.unblending.learning.sighting import FEWEST


def share_left(crops: Sequence[Rgb], artwork: Artwork, chance: float) -> float:
    """Measure what is left of the evidence that found the mark, once its artwork is taken off: 0 nothing, 1 all of it.

    Wrong opacity, wrong colour and seams between inks all leave edges at the same place in every picture.

    Parameters
    ----------
    crops
        ``(h, w, 3)`` each, with the mark at the same place.
    artwork
        As large as the crops.
    chance
        What edges that have nothing in common reach, see :meth:`~.evidence.Agreement.significance`.
    """
    bare = [_taken_off(crop, artwork) for crop in crops]
    before, after = (float(np.maximum(_evidence(shown) - chance, 0).sum()) for shown in (crops, bare))
    return after / before if before > 0 else 1.0


def _evidence(crops: Sequence[Rgb]) -> Plane:
    laid = Agreement.of((crops[0].shape[0], crops[0].shape[1]))
    for crop in crops:
        laid.add(edges_of(crop), (0, 0))
    return laid.significance(FEWEST)


def _taken_off(crop: Rgb, artwork: Artwork) -> Rgb:
    """Compute what is beneath; where nothing shines through, smooth ground: a fill is all that can come there."""
    bare = unblended(crop.astype(np.float32), artwork.opacity, artwork.paint)
    bare = smooth_ground(bare, grown(artwork.opacity > OPAQUE))
    return np.asarray(np.rint(bare.clip(0, 255)), np.uint8)
