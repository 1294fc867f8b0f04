"""How much of each pixel an unknown mark covers, and what it is painted with, from one picture and a mask."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.refinement.bands import blur
from inference.unblending.colour import first_ink, fit_ink, unexplained
from inference.unblending.edges import pairs_across
from inference.unblending.ground import roughness, smooth_ground
from inference.unblending.ink import Ink, Plane, eroded, opacity_seen
from inference.unblending.labelling import LEVELS, Graph, label_costs

ROUNDS = 3
"""Turns at most; the third changes little."""
CALM = 1.0
"""Levels added to every usual step: rounding alone makes half of one."""
LEAST_NOISE = 0.1
"""Levels: rounding, and what it does to colours."""
DEEPEST = 40
"""Pixels of depth in the mask that are told apart."""
COLOUR_WEIGHT = 0.2
"""Of what single pixels say against the smooth ground: neighbours repeat each other's errors."""
DEPTH_WEIGHT = 0.7
DRIFT = 1.25
"""Times worse a refitted ink may explain what colour alone took for the mark, against a ground that is a guess."""
LEAST_THROUGH_OF_FIRST = 0.5
"""Share of what shines through by colour alone that has to shine through still: on plain ground a paint like that
ground, nearly opaque, explains a faint white plate as well (24 dB where the fill had 32)."""
INNER = 0.1
"""Share of the covered pixels that must lie within strokes for those to speak alone."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """An unknown mark, as far as it was understood.

    Parameters
    ----------
    share
        ``(H, W)`` float32, 0..1: covered part of each pixel, its expectation.
    doubt
        ``(H, W)`` float32: standard deviation of that.
    ink
        What it is painted with.
    agreement
        Covered part of the mask, in what colour alone took for covered. On 18 marks it was 0.56 to 0.99 where
        the mark was understood, and 0.08 to 0.48 where labels had given way to the ground's own structure.
    """

    share: Plane
    doubt: Plane
    ink: Ink
    agreement: float


def find_coverage(picture: Plane, mask: Mask, noise: float = LEAST_NOISE) -> Coverage:
    """Understand what lies under a mask as a mark of one colour and opacity.

    Labelling and ink are found in turns. A wrong ink makes labels that confirm it, so an ink is only taken over if it
    explains what colour alone took for the mark about as well as the one before.

    Parameters
    ----------
    picture
        ``(H, W, 3)`` levels.
    mask
        ``(H, W)``; holds the mark wholly, and may hold more.
    noise
        Deviation in levels of what else changed the picture since the mark was laid on.
    """
    ground = smooth_ground(picture, mask)
    ink, covered = first_ink(picture, ground, mask)
    share = np.zeros(mask.shape, np.float32)
    share[mask] = covered
    problem = _Problem(picture, mask, ground, (ink, share > 0), max(noise, LEAST_NOISE))
    for round_ in range(ROUNDS):
        ink = problem.refitted(ink, share)
        costs = problem.solve(ink, share, first=round_ == 0)
        share = problem.labelled(costs)
    share, doubt = problem.expected(costs)
    agreement = float(share[mask].mean() / max(covered.mean(), 1 / covered.size))
    return Coverage(share, doubt, problem.refitted(ink, problem.labelled(costs)), agreement)


class _Problem:
    """A picture and its pixels in question."""

    def __init__(self, picture: Plane, mask: Mask, ground: Plane, first: tuple[Ink, Mask], noise: float) -> None:
        self._first, covered = first
        self._picture, self._shape = picture, mask.shape
        self._graph, self._evidence = Graph.of(mask), _Evidence(picture, mask, ground)
        self._seen, self._under = picture[covered], ground[covered]
        self._step, self._noise = roughness(picture, mask) + np.float32(CALM), noise

    def solve(self, ink: Ink, share: Plane, *, first: bool) -> Plane:
        """Find the costs of all labels, given an ink and the labelling before."""
        prior = self._evidence.of(self._graph, ink, share, first=first)
        return label_costs(self._graph, self._picture, ink, self._step, self._noise, prior)

    def labelled(self, costs: Plane) -> Plane:
        """Give each pixel its best label, ``(H, W)``."""
        return self._spread(LEVELS[costs.argmin(axis=0)])

    def refitted(self, ink: Ink, share: Plane) -> Ink:
        """Fit the ink to pairs across the edges; hairlines have no inner pixels, so theirs are taken whole."""
        full, none = share > 0.9, share < 0.1
        inside = eroded(full) if np.count_nonzero(eroded(full)) > INNER * np.count_nonzero(full) else full
        better = fit_ink(*pairs_across(self._picture, inside, eroded(none)))
        if better is None:
            return ink
        before, after = (unexplained(each, self._seen, self._under) for each in (ink, better))
        through = (1 - better.opacity) / (1 - self._first.opacity)
        return better if after <= DRIFT * before and through > LEAST_THROUGH_OF_FIRST else ink

    def expected(self, costs: Plane) -> tuple[Plane, Plane]:
        """Average over all labels by their chances: ``(H, W)`` share, and its standard deviation."""
        chances = np.exp(costs.min(axis=0) - costs)
        chances /= chances.sum(axis=0)
        mean = (chances * LEVELS[:, None]).sum(axis=0)
        variance = (chances * LEVELS[:, None] ** 2).sum(axis=0) - mean**2
        return self._spread(mean), self._spread(np.sqrt(np.maximum(variance, 0)))

    def _spread(self, values: Plane) -> Plane:
        whole = np.zeros(self._shape, np.float32)
        whole.ravel()[self._graph.pixels] = values
        return whole


class _Evidence:
    """What single pixels say: their colour against the smooth ground, and how deep in the mask they lie."""

    def __init__(self, picture: Plane, mask: Mask, ground: Plane) -> None:
        depth = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
        self._picture, self._ground = picture, ground
        self._depth = np.minimum(np.rint(depth), DEEPEST).astype(np.int64)
        # A smooth fill errs by the roughness nearby, and by more the farther it is from what is known.
        self._error = 2 * roughness(picture, mask)[..., 0] * np.sqrt(np.maximum(depth, 1)) + 5

    def of(self, graph: Graph, ink: Ink, share: Plane, *, first: bool) -> Plane:
        """``(5, N)`` costs, in nats."""
        seen, contrast = opacity_seen(self._picture, self._ground, ink.colour)
        seen = blur(np.asarray(seen, np.float32), 0.7).ravel()[graph.pixels]
        error = (self._error / np.sqrt(np.maximum(contrast, 1))).ravel()[graph.pixels]
        off = (seen - LEVELS[:, None] * np.float32(ink.opacity)) / error
        colour = np.minimum(off**2 / 2, 8)
        depth = self._depth.ravel()[graph.pixels]
        return COLOUR_WEIGHT * colour + DEPTH_WEIGHT * _depth_costs(depth, share.ravel()[graph.pixels], first)


def _depth_costs(depth: NDArray[np.int64], share: Plane, first: bool) -> Plane:
    """Learn from the last labelling how likely each label is at each depth in the mask.

    A mask that follows the strokes is nearly as good as the strokes; one that is a box says nothing, by itself.
    """
    labels = np.abs(share[None] - LEVELS[:, None]).argmin(axis=0)
    found = [np.bincount(depth[labels == label], minlength=DEEPEST + 1) for label in range(len(LEVELS))]
    counts = np.stack(found) + 0.5
    if first:  # told by colour alone, where nothing is partly covered yet
        counts[1:-1] = 0.15 * (counts[0] + counts[-1])
    costs = -np.log(counts / counts.sum(axis=0))
    costs[:, DEEPEST] = costs[:, DEEPEST].mean()
    return np.asarray(costs[:, depth], np.float32)
