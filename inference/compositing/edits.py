"""Edit layers: what was changed, as patches.

The layer itself is kept as an artifact, because a seed does not give the same picture on another machine.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.compositing.regions import as_slices
from inference.protocols import Mask, Rgb
from schemas.pointers import Box


@dataclass(frozen=True, eq=False)
class Patch:
    """One changed place.

    Parameters
    ----------
    box
        Where it lies in the upright picture; the crop that the model saw.
    fill
        ``(h, w, 3)`` uint8. Zero where ``alpha`` is 0: what a model left there is nobody's business.
    alpha
        ``(h, w)`` uint8, the composite mask: share of the fill in 255ths.
    hole
        ``(h, w)`` bool, the generation mask.
    model
        Name of the model that made the fill.
    measured
        Whether the fill was computed from what shows through an overlay, and not invented.
    """

    box: Box
    fill: Rgb
    alpha: NDArray[np.uint8]
    hole: Mask
    model: str
    measured: bool = False

    def __post_init__(self) -> None:
        size = (self.box.height, self.box.width)
        shapes = (self.fill.shape, self.alpha.shape, self.hole.shape)
        if shapes != ((*size, 3), size, size):
            raise ValueError(f"a patch of {size} has arrays of {shapes}")

    @classmethod
    def of(
        cls, box: Box, fill: Rgb, alpha: NDArray[np.floating], hole: Mask, model: str, *, measured: bool = False
    ) -> "Patch":
        """Make a patch from a composite mask in 0..1."""
        share = np.rint(np.clip(alpha, 0, 1) * 255).astype(np.uint8)
        return cls(box, np.where(share[..., None] > 0, fill, np.uint8(0)), share, hole, model, measured)


@dataclass(frozen=True, eq=False)
class EditLayer:
    """All patches of one picture, in the order in which they are laid on.

    Parameters
    ----------
    width, height
        Size of the upright picture, pixels.
    patches
        Each lies inside the picture.
    """

    width: int
    height: int
    patches: list[Patch]

    def __post_init__(self) -> None:
        for patch in self.patches:
            box = patch.box
            if box.x + box.width > self.width or box.y + box.height > self.height:
                raise ValueError(f"the patch {box} lies outside of {self.width} x {self.height}")

    def support(self) -> Mask:
        """``(H, W)`` bool: where anything may differ from the source."""
        return self.alpha() > 0

    def alpha(self) -> NDArray[np.uint8]:
        """``(H, W)`` uint8: the largest alpha of all patches."""
        alpha = np.zeros((self.height, self.width), np.uint8)
        for patch in self.patches:
            place = as_slices(patch.box)
            alpha[place] = np.maximum(alpha[place], patch.alpha)
        return alpha

    def hole(self) -> Mask:
        """``(H, W)`` bool: the union of the generation masks."""
        return self._union(self.patches)

    def measured(self) -> Mask:
        """``(H, W)`` bool: the part of the hole that was not invented."""
        return self._union([patch for patch in self.patches if patch.measured])

    def _union(self, patches: list[Patch]) -> Mask:
        hole = np.zeros((self.height, self.width), bool)
        for patch in patches:
            hole[as_slices(patch.box)] |= patch.hole
        return hole
