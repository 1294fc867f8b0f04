"""The restorer: understand the mark, take it off, and let a fill invent the rest."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from inference.compositing.masks import check_something_is_left
from inference.compositing.regions import as_slices, regions
from inference.protocols import Fill, Mark, Mask, Parameters, Restored, Rgb, Weights
from inference.refinement.bands import around
from inference.unblending.choice import better_invented, expected_fill_error, left_over
from inference.unblending.compression import compression_noise
from inference.unblending.copies import agreed
from inference.unblending.coverage import CALM, find_coverage
from inference.unblending.ground import roughness, smooth_ground
from inference.unblending.handed import sighting_of
from inference.unblending.ink import Plane, grown
from inference.unblending.misfit import misfit
from inference.unblending.parts import parts_left, unseen
from inference.unblending.pose import Settled
from inference.unblending.registered import as_overlay, find_marks, meant
from inference.unblending.removal import ROUNDING, Overlay, take_off
from inference.unblending.standing import LEFT_AT_RIM, islands_left, left_at_the_rim
from inference.unblending.tint import left_tint
from inference.unblending.windows import Window, inward, pieces, reach, together
from schemas.model_card import ModelCard

CONTEXT = 48
"""Pixels around the mask that tell how rough the picture is: four deviations of that average."""
LARGEST = 3_000_000
"""Pixels in which an unknown mark is understood at once: about 150 bytes each."""
UNDERSTOOD = 0.01
"""Mean opacity under a mask; below it nothing was found there. Faint marks in masks twice their size have 0.05."""
AGREEMENT = 0.52
"""See :class:`~inference.unblending.coverage.Coverage`; below it the mark would stay and be called removed."""
COMPRESSED = 0.5
"""Of the noise that compression can have left: most of a photograph is smooth, and has less."""
AFTER_JPEG = 0.7
"""How much worse than in other pictures a fill has to be there: a strong mark is worn in colour as well."""
KNOWN = 1.5
"""How much worse than expected a fill is taken to be beside a registered mark: that is computed back exactly, while a
fill's error has a long tail, where the mark hides an end of something."""
BESIDE = 4
"""Pixels around a registered mark in which a mask is taken to mean that mark."""


class Unblend:
    """Computes back what a half-transparent mark covers; see :class:`inference.protocols.Restorer`."""

    def __init__(self, card: ModelCard, weights: Weights) -> None:
        self.card = card

    def restore(
        self, rgb: Rgb, hole: Mask, marks: list[Mark], *, fill: Fill, seed: int, parameters: Parameters
    ) -> Restored:
        """Repair ``hole``; what cannot be computed back is filled.

        Raises
        ------
        BadInput
            ``mask_covers_everything``, or what the fill refuses.
        """
        check_something_is_left(hole)
        result, measured, rest, sighted = rgb.copy(), np.zeros_like(hole), hole, []
        noise = compression_noise(rgb) if hole.any() else 0.0
        if marks and hole.any():
            rest, places = hole.copy(), meant(find_marks(rgb, marks, reach(hole)), hole)
            sighted = [sighting_of(place) for place in places]
            for near, overlay in _windows(rgb, places, ROUNDING + noise):
                known = hole[near] & grown(overlay.opacity > 0, BESIDE)
                result[near], measured[near] = _removed(result[near], known, measured[near], overlay)
                rest[near] &= ~known
        if rest.any():
            _understand(rgb, result, rest, measured, noise)
        invented = hole & ~measured
        if invented.any():
            np.copyto(result, fill(result, invented), where=invented[..., None])
        return Restored(result, measured, sighted)


def _understand(rgb: Rgb, result: Rgb, rest: Mask, measured: Mask, noise: float) -> None:
    """Take off marks of which nothing is known, in place.

    Piece by piece where the mask spans a large picture: in one go, 60 megapixels would take 9 GB. Each piece is seen
    as it was before the others were done.
    """
    shown = result.copy()
    for near, own in pieces(around(rest, 0), (rest.shape[0], rest.shape[1]), LARGEST, CONTEXT):
        if rest[own].any() and not rest[near].all():  # beneath what has no ground beside it, nothing is understood
            bare, sure = _removed(shown[near].copy(), rest[near], measured[near].copy(), noise)
            bare, sure = _part_by_part(rgb[near], bare, rest[near], sure, noise)
            result[own], measured[own] = bare[inward(own, near)], sure[inward(own, near)]


def _windows(rgb: Rgb, places: list[Settled], noise: float) -> Iterator[tuple[Window, Overlay]]:
    """Give registered marks window by window: planes of 60 megapixels would hold 1.2 GB."""
    for near, own in together(places, rgb.shape, CONTEXT):
        yield near, replace(as_overlay(own, near), noise=noise)


def _part_by_part(rgb: Rgb, result: Rgb, area: Mask, measured: Mask, noise: float) -> tuple[Rgb, Mask]:
    """Look again at parts of an unknown mark that one ink did not explain: each may have an ink of its own."""
    for part in parts_left(area & ~measured, area):
        near = around(part, CONTEXT)
        others = area[near] & ~measured[near] & ~part[near]
        seen = np.where(part[near][..., None], rgb[near], result[near]).astype(np.float32)
        shown = np.rint(smooth_ground(seen, others)).astype(np.uint8)
        bare, sure = _removed(shown, part[near], measured[near], noise)
        result[near] = np.where((part[near] & sure)[..., None], bare, result[near])
        measured[near] |= sure
    return result, measured


def _removed(rgb: Rgb, area: Mask, measured: Mask, mark: Overlay | float) -> tuple[Rgb, Mask]:
    """Take one mark off a crop, and say which pixels are measured by then. Of an unknown one, the noise is known."""
    picture = rgb.astype(np.float32)
    steps = roughness(picture, area)
    step = steps[..., 0]
    known = isinstance(mark, Overlay)
    overlay = mark if isinstance(mark, Overlay) else _understood(picture, area, step, mark)
    if overlay is None:
        return rgb, measured
    bare, error = take_off(picture, overlay, area, step)
    unsure = _unsure(bare, error, overlay, area, steps, known=known)
    if not known:
        unsure |= _standing((picture, bare), overlay.opacity, area & ~unsure, area, step)
    sure = area & ~unsure
    return np.where(area[..., None], np.rint(bare), rgb).astype(np.uint8), measured | sure


def _understood(picture: Plane, area: Mask, step: Plane, noise: float) -> Overlay | None:
    """Find out what an unknown mark laid on a crop; ``None`` where it would stay and be called removed."""
    coverage = find_coverage(picture, area, noise)
    if coverage.agreement < AGREEMENT:
        return None
    found = agreed(picture, area, coverage, step)
    opacity, doubt = found.share * found.ink.opacity, found.doubt * found.ink.opacity
    return Overlay(opacity, doubt, found.ink.colour, ROUNDING + COMPRESSED * noise)


def _standing(pictures: tuple[Plane, Plane], opacity: Plane, sure: Mask, hole: Mask, step: Plane) -> Mask:
    """Find where a mark is still to be seen, region by region, in pictures with it and without."""
    picture, bare = pictures
    standing = np.zeros_like(hole)
    for region in regions(sure):
        near, own = as_slices(region.crop), region.hole
        if left_at_the_rim(picture[near], bare[near], step[near], own, hole[near]) > LEFT_AT_RIM:
            standing[near] |= own
        else:
            standing[near] |= islands_left(picture[near], bare[near], opacity[near], own)
    return standing


def _unsure(bare: Plane, error: Plane, overlay: Overlay, hole: Mask, steps: Plane, *, known: bool) -> Mask:
    """Choose region by region what is invented.

    Of a known mark, what still looks like an edge is the picture's, unless it follows the mark's edges all along: then
    the artwork is off, as learned artwork may be.
    """
    fill_error = expected_fill_error(hole, steps[..., 0])
    trust = AFTER_JPEG if overlay.noise > ROUNDING else 1
    unsure = np.zeros_like(hole) if known else unseen(overlay.opacity, hole)
    for region in regions(hole):
        near, own = as_slices(region.crop), region.hole
        if overlay.opacity[near][own].mean() < UNDERSTOOD:
            unsure[near] |= own  # somebody saw a mark here: what was not found cannot be called removed
            continue
        if known:
            off = misfit(bare[near], overlay.opacity[near], overlay.paint[near], own)
            unsure[near] |= better_invented(error[near], off, own, fill_error[near] * KNOWN)
            continue
        left = left_over(bare[near], overlay.opacity[near], steps[near] + CALM, own)
        tinted = np.hypot(error[near], left_tint(bare[near], overlay.opacity[near], own))
        unsure[near] |= better_invented(tinted, left, own, fill_error[near] * trust)
    return unsure
