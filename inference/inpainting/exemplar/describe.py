"""Short descriptions of patches, so that two are compared by 18 numbers instead of 147."""

import numpy as np

from inference.inpainting.exemplar.layer import Layer, Places
from inference.refinement.bands import Plane

KEPT = 16
"""Principal components of the colours of a patch; 24 gave no better fills."""

_SAMPLE, _AT_ONCE = 4000, 20_000
"""Patches from which the components are learnt, and patches that are unrolled at a time (12 MB)."""


class Descriptions:
    """Describes patches of one layer by principal components of their colour, and by how busy they are.

    The components come from the sources, whose descriptions are made once; those of the hole change with the fill.
    """

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        few = layer.sources[:: max(1, len(layer.sources) // _SAMPLE)]
        unrolled = self._unrolled(few)
        self._mean = unrolled.mean(axis=0)
        unrolled -= self._mean
        _, vectors = np.linalg.eigh(unrolled.T @ unrolled)
        self._axes = np.ascontiguousarray(vectors[:, ::-1][:, :KEPT])
        self.known = self.of(layer.sources)
        """``(len(layer.sources), 18)`` float32."""

    def of(self, places: Places) -> Plane:
        """Describe the patches around ``places`` as they are now: ``(N, 18)`` float32."""
        parts = [self._components(places[at : at + _AT_ONCE]) for at in range(0, len(places), _AT_ONCE)]
        busy = self._layer.pixels[places][:, 3:] * np.float32(len(self._layer.window) ** 0.5)
        return np.hstack([np.concatenate(parts), busy])

    def distance(self, wanted: Plane, sources: Places) -> Plane:
        """Compare row by row: squared levels summed over a patch, ``(N,)``."""
        difference = wanted - self.known[self._layer.rank[sources]]
        return np.asarray(np.einsum("ij,ij->i", difference, difference))

    def _components(self, places: Places) -> Plane:
        return np.asarray((self._unrolled(places) - self._mean) @ self._axes)

    def _unrolled(self, places: Places) -> Plane:
        colours = np.ascontiguousarray(self._layer.pixels[:, :3])
        return np.asarray(colours[places[:, None] + self._layer.window].reshape(len(places), -1))
