"""A mark ink by ink: what colour it has, and the opacity of every pixel.

``I - W = (1 - a) (J - W)``, so the logarithm of a pixel's distance from the ink's colour is by ``log (1 - a)`` greater
than without the mark. Steps of that logarithm between neighbours are the mark's, the same in all pictures, and the
photograph's, which are 0 on the median.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask, Rgb
from inference.unblending.colour import fit_ink
from inference.unblending.edges import pairs_across
from inference.unblending.ground import roughness, smooth_ground
from inference.unblending.ink import Ink, Plane, eroded, grown, unblended
from inference.unblending.learning.inks import inks_apart
from inference.unblending.learning.integration import integrated_within
from inference.unblending.learning.steps import common_steps, significant

FULLY = 0.6
"""Of an ink's strongest change: what is above is taken for covered as far as that ink covers."""
REACH = 10.0
"""Pixels between the two of a pair, within and beside an ink."""
RIM = 3
"""Pixels around what is plainly covered in which opacity is sought as well."""
CALM = 1.0
"""Levels added to a picture's usual step: rounding and compression."""
NEAREST = 4.0
"""Levels from the ink's colour below which a distance is noise."""
VISIBLE = 0.02
"""Opacity below which nothing is claimed."""
OPAQUE = 0.9
"""Opacity from which what shines through is less than compression leaves, so that pairs across edges know better."""


@dataclass(frozen=True, eq=False)
class Artwork:
    """A mark: ``opacity`` is ``(h, w)`` float32, 0..1, and ``paint`` its colours, ``(h, w, 3)`` levels."""

    opacity: Plane
    paint: Plane
    inks: list[Ink]


def peeled(crops: Sequence[Rgb], change: Plane, covered: Mask, agreeing: Mask) -> Artwork:
    """Understand a mark one ink after the other, those beside bare ground first, and take each off before the next.

    Parameters
    ----------
    crops
        ``(h, w, 3)`` each, with the mark at the same place.
    change
        ``(h, w, 3)`` levels, by how much the mark changes the mean photograph.
    covered
        ``(h, w)``, where that is plain.
    agreeing
        ``(h, w)``, where there may be steps of opacity.
    """
    labels = inks_apart(change, covered)
    left = sorted(set(labels[covered].tolist()), key=lambda label: -_contact(labels == label, covered))
    through, premultiplied = np.ones(covered.shape, np.float32), np.zeros(change.shape, np.float32)
    inks: list[Ink] = []
    owned: list[Mask] = []
    while left:
        own = covered & (labels == left.pop(0))
        others = covered & np.isin(labels, left)
        ink = _ink_of(crops, np.linalg.norm(change, axis=2), own, ~grown(covered & (own | others), 1))
        if ink is None:
            continue
        others = grown(others, 1) if left else others  # the pixels between two inks are of neither
        opacity = _opacity(crops, ink, grown(own, RIM) & ~others, others, agreeing)
        opacity = _as_opaque(opacity, ink, own)
        crops = [_taken_off(crop, opacity, ink) for crop in crops] if left else crops
        premultiplied = opacity[..., None] * ink.colour + (1 - opacity[..., None]) * premultiplied
        through *= 1 - opacity
        covered = covered & ~own
        inks.append(ink)
        owned.append(own)
    premultiplied, through = _without_gaps(premultiplied, through, owned)
    paint = premultiplied / np.maximum(1 - through, 1e-3)[..., None]
    return Artwork(1 - through, np.asarray(paint.clip(0, 255), np.float32), inks)


def _without_gaps(premultiplied: Plane, through: Plane, owned: list[Mask]) -> tuple[Plane, Plane]:
    """Close the seam between two inks well within the mark: its pixels are of neither, so neither knows them."""
    if len(owned) < 2:
        return premultiplied, through
    seam = (np.sum([grown(own, 1) for own in owned], axis=0) > 1) & eroded(np.any(owned, axis=0), 2)
    layers = smooth_ground(np.dstack([premultiplied, through]), np.asarray(seam, bool))
    gap = seam & (through > layers[..., 3])
    return np.where(gap[..., None], layers[..., :3], premultiplied), np.where(gap, layers[..., 3], through)


def _contact(own: Mask, covered: Mask) -> int:
    """Count an ink's pixels beside bare ground."""
    return int((own & covered & grown(~covered, 1)).sum())


def _ink_of(crops: Sequence[Rgb], strength: Plane, own: Mask, bare: Mask) -> Ink | None:
    """Fit an ink to pairs from all pictures; ``None`` where too few pixels lie beside bare ground."""
    core = own & (strength > FULLY * np.percentile(strength[own], 90))
    inner = eroded(core)
    core = inner if inner.sum() > 0.2 * core.sum() else core
    pairs = [pairs_across(crop.astype(np.float32), core, bare, REACH) for crop in crops]
    within, beside = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return fit_ink(within, beside)


def _opacity(crops: Sequence[Rgb], ink: Ink, area: Mask, others: Mask, agreeing: Mask) -> Plane:
    """Measure an ink's opacity in ``area``; what leads to ``others``, of another ink, is unknown."""

    def read(index: int, rows: slice) -> tuple[Plane, Plane]:
        away = np.linalg.norm(crops[index][rows].astype(np.float32) - ink.colour, axis=2)
        noise = np.square(usual[index][rows] / np.maximum(away, NEAREST))
        return np.log(np.maximum(away, 1))[..., None], noise[..., None]

    hidden = area | others
    usual = [roughness(crop.astype(np.float32), hidden)[..., 0] + CALM for crop in crops]
    steps, weights = common_steps(len(crops), (area.shape[0], area.shape[1]), read)
    steps = significant(steps, weights)[..., 0] * agreeing
    weights = weights[..., 0]
    for axis, ends in ((0, others[1:] | others[:-1]), (1, others[:, 1:] | others[:, :-1])):
        weights[axis, : ends.shape[0], : ends.shape[1]][ends] = 0
    opacity = 1 - np.exp(integrated_within(steps, weights, area))
    return np.asarray(np.where(opacity > VISIBLE, opacity.clip(0, 1), 0), np.float32)


def _as_opaque(opacity: Plane, ink: Ink, own: Mask) -> Plane:
    """Raise what is nearly opaque to what the pairs say: compression adds noise, which seems to shine through."""
    middle = float(np.median(opacity[own & (opacity > FULLY * opacity.max())])) if opacity.any() else 0.0
    if ink.opacity < OPAQUE or not 0 < middle < ink.opacity:
        return opacity
    power = np.log(1 - ink.opacity) / np.log(1 - middle)
    return np.asarray(1 - (1 - opacity) ** power, np.float32)


def _taken_off(crop: Rgb, opacity: Plane, ink: Ink) -> Rgb:
    bare = unblended(crop.astype(np.float32), opacity, ink.colour)
    return np.asarray(np.rint(bare.clip(0, 255)), np.uint8)


def as_rgba(artwork: Artwork) -> NDArray[np.uint8]:
    """Round to ``(h, w, 4)`` uint8, colour and opacity, not premultiplied, without empty borders but one pixel."""
    alpha = np.rint(255 * artwork.opacity)
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    part = (slice(max(0, rows[0] - 1), rows[-1] + 2), slice(max(0, columns[0] - 1), columns[-1] + 2))
    return np.dstack([np.rint(artwork.paint), alpha]).astype(np.uint8)[part]
