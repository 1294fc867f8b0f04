"""For each patch to be replaced, the source that is most like it.

Few pairs are all compared, by one matrix product. More are compared for every fourth patch, and neighbours take over
their neighbour's answer where it fits. Still more are searched as in PatchMatch (Barnes et al., SIGGRAPH 2009), but for
all patches at once.
"""

import numpy as np

from inference.inpainting.exemplar.describe import Descriptions
from inference.inpainting.exemplar.layer import Layer, Places
from inference.refinement.bands import Plane

MOST_PAIRS = 30_000_000
"""That are all compared: 0.1 s. More of them close seams no better."""

_AT_ONCE = 2_000_000
"""Pairs, 8 MB: they stay in the cache of the processor."""

_SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))


class Search:
    """Matches of one layer; each call starts from the last one's.

    Parameters
    ----------
    layer, described
        The patches, and their descriptions.
    matches
        ``(len(layer.centres),)``, the sources to start from.
    rng
        For the random tries.
    """

    def __init__(self, layer: Layer, described: Descriptions, matches: Places, rng: np.random.Generator) -> None:
        self._layer, self._described, self._rng = layer, described, rng
        self._rows, self._columns = np.divmod(layer.centres, layer.width)
        self.matches = matches
        self.distances: Plane = np.empty(0, np.float32)
        self._wanted: Plane = np.empty(0, np.float32)

    def improve(self) -> None:
        """Find better matches for the fill as it is now."""
        self._wanted = self._described.of(self._layer.centres)
        pairs = len(self._layer.centres) * len(self._layer.sources)
        if pairs <= 4 * MOST_PAIRS:
            compared = slice(None) if pairs <= MOST_PAIRS else (self._rows % 2 == 0) & (self._columns % 2 == 0)
            self._compare_all(np.arange(len(self.matches))[compared])
        self.distances = self._described.distance(self._wanted, self.matches)
        if pairs > MOST_PAIRS:
            self._ask_neighbours((1, 2, 4, 8))
            self._look_around(2 if pairs <= 4 * MOST_PAIRS else max(self._layer.height, self._layer.width))
        if pairs > 4 * MOST_PAIRS:
            self._ask_neighbours((1, 3))
            self._look_around(max(self._layer.height, self._layer.width))

    def _compare_all(self, some: Places) -> None:
        known = self._described.known
        # |a - b|^2 without |a|^2, which is the same for all b: one product, and the least value is the answer.
        against = np.vstack([-2 * known.T, np.einsum("ij,ij->i", known, known)])
        wanted = np.pad(self._wanted[some], ((0, 0), (0, 1)), constant_values=1)
        step = max(1, _AT_ONCE // len(self._layer.sources))
        for at in range(0, len(some), step):
            best = (wanted[at : at + step] @ against).argmin(axis=1)
            self.matches[some[at : at + step]] = self._layer.sources[best]

    def _ask_neighbours(self, steps: tuple[int, ...]) -> None:
        """Try the source beside the neighbour's source."""
        layer = self._layer
        for step in steps:
            for down, right in _SIDES:
                rows, columns = self._rows + down * step, self._columns + right * step
                inside = (rows >= 0) & (rows < layer.height) & (columns >= 0) & (columns < layer.width)
                neighbour = np.where(inside, layer.number[np.where(inside, rows * layer.width + columns, 0)], -1)
                tried = self.matches[neighbour] - (down * layer.width + right) * step
                self._take(np.where(neighbour >= 0, tried, -1))

    def _look_around(self, reach: int) -> None:
        """Try sources at random around the present one, nearer and nearer."""
        layer, count = self._layer, len(self.matches)
        while reach >= 1:
            rows, columns = np.divmod(self.matches, layer.width)
            rows += self._rng.integers(-reach, reach + 1, count)
            columns += self._rng.integers(-reach, reach + 1, count)
            inside = (rows >= 0) & (rows < layer.height) & (columns >= 0) & (columns < layer.width)
            self._take(np.where(inside, rows * layer.width + columns, -1))
            reach //= 2

    def _take(self, tried: Places) -> None:
        """Keep what is better; -1 and whatever is no source is passed over."""
        possible = np.flatnonzero((tried >= 0) & (tried < self._layer.rank.size))
        possible = possible[self._layer.rank[tried[possible]] >= 0]
        distances = self._described.distance(self._wanted[possible], tried[possible])
        better = distances < self.distances[possible]
        chosen = possible[better]
        self.matches[chosen], self.distances[chosen] = tried[chosen], distances[better]
