"""Short descriptions of patches, so that two are compared by 20 numbers instead of 147."""

import numpy as np

from inference.inpainting.exemplar.layer import Layer, Places
from inference.refinement.bands import Plane

KEPT = 16
"""Principal components of the colours of a patch; 24 gave no better fills."""

_NARROWEST = 8.0
"""Pixels by which distances are measured in holes that are narrower."""

_SAMPLE, _AT_ONCE = 4000, 20_000
"""Patches from which the components are learnt, and patches that are unrolled at a time (12 MB)."""


class Descriptions:
    """Describes patches of one layer by principal components of their colour, by how busy they are, and where.

    The components come from the sources, whose descriptions are made once; those of the hole change with the fill.

    Parameters
    ----------
    nearness
        Levels a pixel by which a patch must be more alike to be taken from a width of the hole further away.
    """

    def __init__(self, layer: Layer, nearness: float = 0.0) -> None:
        self._layer = layer
        width = max(_NARROWEST, 2 * float(layer.depth.max(initial=0)))
        self._step = np.float32(nearness * (3 * len(layer.window)) ** 0.5 / width)
        self._centre = np.array([layer.height / 2, layer.width / 2])  # small numbers keep float32 exact
        few = layer.sources[:: max(1, len(layer.sources) // _SAMPLE)]
        unrolled = self._unrolled(few)
        self._mean = unrolled.mean(axis=0)
        unrolled -= self._mean
        _, vectors = np.linalg.eigh(unrolled.T @ unrolled)
        self._axes = np.ascontiguousarray(vectors[:, ::-1][:, :KEPT])
        self.known = self.of(layer.sources)
        """``(len(layer.sources), 20)`` float32."""

    def of(self, places: Places) -> Plane:
        """Describe the patches around ``places`` as they are now: ``(N, 20)`` float32."""
        parts = [self._components(places[at : at + _AT_ONCE]) for at in range(0, len(places), _AT_ONCE)]
        busy = self._layer.pixels[places][:, 3:] * np.float32(len(self._layer.window) ** 0.5)
        where = np.stack(np.divmod(places, self._layer.width), axis=1) - self._centre
        return np.hstack([np.concatenate(parts), busy, where.astype(np.float32) * self._step])

    def distance(self, wanted: Plane, sources: Places) -> Plane:
        """Compare row by row: squared levels summed over a patch, ``(N,)``."""
        difference = wanted - self.known[self._layer.rank[sources]]
        return np.asarray(np.einsum("ij,ij->i", difference, difference))

    def _components(self, places: Places) -> Plane:
        return np.asarray((self._unrolled(places) - self._mean) @ self._axes)

    def _unrolled(self, places: Places) -> Plane:
        colours = np.ascontiguousarray(self._layer.pixels[:, :3])
        return np.asarray(colours[places[:, None] + self._layer.window].reshape(len(places), -1))
