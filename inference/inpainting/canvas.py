"""What a diffusion model is shown of a hole: a crop at the model's own size, nothing of the unwanted thing in it."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inference.inpainting.holes import blank
from inference.inpainting.telea import diffuse
from inference.nets.sizes import LONGEST, fitted
from inference.protocols import Mask, Rgb


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
        known, border = blank(rgb, hole), _border(*hole.shape)
        known = np.asarray(cv2.copyMakeBorder(known, *border, cv2.BORDER_REFLECT))
        around = np.asarray(cv2.copyMakeBorder(hole.astype(np.uint8), *border, cv2.BORDER_REFLECT)).astype(bool)
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

        Parameters
        ----------
        made
            The canvas as the model left it; of any size.
        """
        top, bottom, left, right = self.border
        height, width = hole.shape
        full = resized(made, (top + height + bottom, left + width + right))
        filled = rgb.copy()
        filled[hole] = full[top : top + height, left : left + width][hole]
        return filled


def resized(values: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Bring to height and width: by area where it shrinks; cubic for pictures and linear for masks where it grows."""
    shrinks = size[0] * size[1] < values.shape[0] * values.shape[1]
    growing = cv2.INTER_CUBIC if values.dtype == np.uint8 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, size[::-1], interpolation=cv2.INTER_AREA if shrinks else growing))


def _border(height: int, width: int) -> tuple[int, int, int, int]:
    """How much to mirror around a crop that is longer than models know: top, bottom, left, right."""
    rows = max(0, round(width / LONGEST) - height)
    columns = max(0, round(height / LONGEST) - width)
    return rows // 2, rows - rows // 2, columns // 2, columns - columns // 2


def _whole_cells(mask: Mask, cell: int) -> Mask:
    height, width = mask.shape
    cells = mask.reshape(height // cell, cell, width // cell, cell).any(axis=(1, 3))
    return np.ascontiguousarray(cells.repeat(cell, axis=0).repeat(cell, axis=1))
