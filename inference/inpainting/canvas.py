"""What a diffusion model is shown of a hole: a crop at the model's own size, nothing of the unwanted thing in it."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image

from inference.inpainting.detail import borrowed_detail
from inference.inpainting.holes import blank
from inference.inpainting.telea import diffuse
from inference.nets.sizes import LONGEST, fitted, resized
from inference.protocols import Mask, Rgb

FINER = 1.3
"""Times the canvas's pixels from which a crop holds detail that the canvas does not."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """A crop as a model works at it.

    Parameters
    ----------
    image
        ``(h, w, 3)`` uint8; under the mask a smooth continuation of the surroundings.
    mask
        ``(h, w)`` bool in whole latent cells; it covers every pixel into which something of the hole was mixed.
    border
        Rows above and below, and columns left and right, that were mirrored around the crop; native pixels.
    """

    image: Rgb
    mask: Mask
    border: tuple[int, int, int, int]

    @classmethod
    def of(cls, rgb: Rgb, hole: Mask, *, pixels: int, cell: int, multiple: int) -> "Canvas":
        """Prepare a crop.

        Parameters
        ----------
        rgb, hole
            The crop and what is to be filled in it.
        pixels
            Area at which the model works best.
        cell
            Side of the square that one value of the model's mask stands for. Pipelines sample the mask at one point a
            cell: a stroke between those points would be left standing, hence whole cells.
        multiple
            Of both sides.

        Raises
        ------
        BadInput
            ``mask_size`` or ``mask_covers_everything``.
        """
        border = _border(*hole.shape)
        known, around = _mirrored(blank(rgb, hole), hole, border)
        height, width = fitted(around.shape[0], around.shape[1], pixels, multiple)
        grows = height * width > around.size
        # The cheap fill costs time by the pixel, so it is made at whichever size is smaller.
        image = resized(diffuse(known, around) if grows else known, (height, width))
        touched = resized(around.astype(np.float32), (height, width)) > 0
        if not grows and not touched.all():
            image = diffuse(image, touched)
        return cls(image, _whole_cells(touched, cell), border)

    def arguments(self) -> dict[str, Any]:
        """Image, mask (255 = fill) and size, as inpainting pipelines take them."""
        height, width = self.mask.shape
        mask = Image.fromarray(self.mask.astype(np.uint8) * 255)
        return {"image": Image.fromarray(self.image), "mask_image": mask, "height": height, "width": width}

    def native(self, made: Rgb, rgb: Rgb, hole: Mask) -> Rgb:
        """Bring what a model made back to the crop: its pixels inside the hole, the crop's own outside.

        Where the crop is larger than the model's own size, what is finer than that is borrowed from known places that
        look like the fill: a fill that was only enlarged would be soft beside a sharp picture.

        Parameters
        ----------
        made
            The canvas as the model left it; of any size.
        """
        known, around = _mirrored(blank(rgb, hole), hole, self.border)
        full = resized(made, around.shape)
        if around.size > FINER * self.mask.size:
            small = np.where(self.mask[..., None], resized(made, self.mask.shape), self.image)
            detail = borrowed_detail(known, around, small, self.mask)
            full = np.rint(full + detail).clip(0, 255).astype(np.uint8)
        filled = rgb.copy()
        top, _, left, _ = self.border
        filled[hole] = full[top : top + hole.shape[0], left : left + hole.shape[1]][hole]
        return filled


def _border(height: int, width: int) -> tuple[int, int, int, int]:
    """How much to mirror around a crop that is longer than models know: top, bottom, left, right."""
    rows = max(0, round(width / LONGEST) - height)
    columns = max(0, round(height / LONGEST) - width)
    return rows // 2, rows - rows // 2, columns // 2, columns - columns // 2


def _mirrored(rgb: Rgb, hole: Mask, border: tuple[int, int, int, int]) -> tuple[Rgb, Mask]:
    around = cv2.copyMakeBorder(hole.astype(np.uint8), *border, cv2.BORDER_REFLECT)
    return np.asarray(cv2.copyMakeBorder(rgb, *border, cv2.BORDER_REFLECT)), np.asarray(around).astype(bool)


def _whole_cells(mask: Mask, cell: int) -> Mask:
    height, width = mask.shape
    cells = mask.reshape(height // cell, cell, width // cell, cell).any(axis=(1, 3))
    return np.ascontiguousarray(cells.repeat(cell, axis=0).repeat(cell, axis=1))
