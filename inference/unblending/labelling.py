"""Which pixels a mark covers, and how much of each: a labelling of the pixels in question.

Taking a mark off with the wrong coverage leaves edges that photographs do not have. So neighbours are labelled
together: a pair of labels costs what the step between the two repaired pixels costs, in units of the steps nearby, and
a change of coverage costs a little itself. Minimised by min-sum belief propagation (Felzenszwalb & Huttenlocher,
IJCV 2006).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.protocols import Mask
from inference.unblending.ground import TO_YCC
from inference.unblending.ink import Ink, Plane, unblended

LEVELS = np.array([0, 0.25, 0.5, 0.75, 1], np.float32)
"""Coverages that are told apart. With two, antialiased edges fit neither: 26 dB on small letters instead of 31."""

STEP_WEIGHT = 0.5
"""Of the three channels' steps, which are not independent of each other."""
LARGEST_STEP = 12.0
"""In steps nearby: photographs have edges of their own."""
CHANGE = 1.0
"""Cost of a change from bare to covered, in nats. At 2, thin lines and small letters were not worth their edges, and
labels gave way to the ground: 22.8 dB on lines where 34.6 can be had, 20.7 on tiled letters instead of 30.3."""
NOISE = np.array([1, 2, 2], np.float32)[:, None]
"""Of the picture's noise, in luma and colour differences: compression keeps half of the colour."""
PARTLY = 0.5
"""Cost of a partial coverage: only edges have it."""
DAMPING = 0.3
SWEEPS = 15
"""Evidence travels a pixel a sweep: half of a stroke is to be crossed."""

Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Graph:
    """The pixels in question and their four neighbours.

    Parameters
    ----------
    pixels
        ``(N,)`` flat indices into the picture.
    links
        Two pairs (rightward, downward) of equally long index arrays into ``pixels``: the neighbours in question.
    rim
        Four pairs: index into ``pixels``, and flat index of a neighbour that is not in question.
    """

    pixels: Index
    links: list[tuple[Index, Index]]
    rim: list[tuple[Index, Index]]

    @classmethod
    def of(cls, area: Mask) -> "Graph":
        """Make the graph of all True pixels."""
        height, width = area.shape
        pixels = np.flatnonzero(area)
        place = np.full(area.size, -1, np.int64)
        place[pixels] = np.arange(len(pixels))
        rows, columns = np.divmod(pixels, width)
        links, rim = [], []
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            y, x = rows + down, columns + right
            inside = np.flatnonzero((y >= 0) & (y < height) & (x >= 0) & (x < width))
            there = y[inside] * width + x[inside]
            asked = place[there] >= 0
            if down + right > 0:
                links.append((inside[asked], place[there[asked]]))
            rim.append((inside[~asked], there[~asked]))
        return cls(pixels, links, rim)


def label_costs(graph: Graph, picture: Plane, ink: Ink, step: Plane, noise: float, prior: Plane) -> Plane:
    """Label the pixels of a graph.

    Parameters
    ----------
    picture
        ``(H, W, 3)``, with the mark; right beyond the rim of the graph.
    step
        ``(H, W, 3)``, usual step between neighbours, in luma and colour differences.
    noise
        Deviation in levels of rounding or compression, which is divided by what shines through.
    prior
        ``(5, N)``, cost of each label from what else is known.

    Returns
    -------
    ndarray
        ``(5, N)`` float32, cost of the best labelling in which the pixel has this label; nats.
    """
    repaired, own = _repaired(graph, picture, ink)
    steps = _usual(step.reshape(-1, 3)[graph.pixels].T, ink, noise)
    outside = (picture.reshape(-1, 3) @ TO_YCC.T).T
    for pixel, neighbour in graph.rim:
        for label, coverage in enumerate(LEVELS):
            jump = _jump(repaired[label][:, pixel] - outside[:, neighbour], steps[label][:, pixel])
            own[label][pixel] += jump + CHANGE * coverage
    pairs = [_pair_costs(repaired, steps, link) for link in graph.links]
    return _propagate(graph, own + prior, pairs)


def _repaired(graph: Graph, picture: Plane, ink: Ink) -> tuple[Plane, Plane]:
    """Take the ink off under each label: ``(5, 3, N)`` in luma and colour differences, and what that alone costs.

    Covering compresses contrast by ``1 - a``; the logarithm is the price of the same density of probability before
    and after. Colours that no picture has (beyond 0..255) cost one nat for three levels.
    """
    values = picture.reshape(-1, 3)[graph.pixels]
    repaired = np.empty((len(LEVELS), 3, len(values)), np.float32)
    own = np.empty((len(LEVELS), len(values)), np.float32)
    for label, coverage in enumerate(LEVELS):
        opacity = np.float32(min(coverage * ink.opacity, 0.98))
        bare = unblended(values, np.full(len(values), opacity, np.float32), ink.colour)
        beyond = np.maximum(np.maximum(-bare, bare - 255) - 3, 0).max(axis=1)
        repaired[label] = (bare @ TO_YCC.T).T
        own[label] = beyond / 3 + np.log1p(-opacity) + (PARTLY if 0 < coverage < 1 else 0)
    return repaired, own


def _usual(steps: Plane, ink: Ink, noise: float) -> list[Plane]:
    """Give the usual step under each label, ``(3, N)`` each: the more is taken off, the noisier what remains."""
    through = 1 - np.minimum(LEVELS * np.float32(ink.opacity), 0.98)
    return [np.asarray(steps + NOISE * noise * (1 / share - 1), np.float32) for share in through]


def _jump(difference: Plane, usual: Plane) -> Plane:
    """Cost of a step, ``(3, N)`` to ``(N,)``."""
    return np.asarray(STEP_WEIGHT * np.minimum(np.abs(difference) / usual, LARGEST_STEP).sum(axis=0), np.float32)


def _pair_costs(repaired: Plane, steps: list[Plane], link: tuple[Index, Index]) -> Plane:
    """``(5, 5, M)``: cost of each pair of labels for each link."""
    first, second = link
    costs = np.empty((len(LEVELS), len(LEVELS), len(first)), np.float32)
    for a, before in enumerate(LEVELS):
        for b, after in enumerate(LEVELS):
            usual = np.asarray((steps[a][:, first] + steps[b][:, second]) / 2, np.float32)
            jump = _jump(repaired[a][:, first] - repaired[b][:, second], usual)
            costs[a, b] = jump + CHANGE * abs(before - after)
    return costs


def _propagate(graph: Graph, own: Plane, pairs: list[Plane]) -> Plane:
    """Pass messages along all links at once, ``SWEEPS`` times."""
    forth = [np.zeros((len(LEVELS), len(first)), np.float32) for first, _ in graph.links]
    back = [message.copy() for message in forth]
    total = own
    for sweep in range(SWEEPS + 1):
        total = own.copy()
        for (first, second), ahead, behind in zip(graph.links, forth, back, strict=True):
            total[:, second] += ahead  # a pixel has one link of a kind in each direction: no index comes twice
            total[:, first] += behind
        if sweep == SWEEPS:
            break
        for axis, ((first, second), costs) in enumerate(zip(graph.links, pairs, strict=True)):
            ahead = ((total[:, first] - back[axis])[:, None] + costs).min(axis=0)
            behind = ((total[:, second] - forth[axis])[None] + costs).min(axis=1)
            forth[axis] = DAMPING * forth[axis] + (1 - DAMPING) * (ahead - ahead.min(axis=0))
            back[axis] = DAMPING * back[axis] + (1 - DAMPING) * (behind - behind.min(axis=0))
    return total
