"""Lay an edit layer on a picture. Where the composite mask is 0, every sample stays as it was."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from inference.compositing.deepening import deepened
from inference.compositing.edits import EditLayer
from inference.compositing.regions import as_slices
from inference.pictures import Picture
from inference.pictures.picture import WIDEN
from inference.pictures.strips import strips
from inference.protocols import Samples
from schemas.errors import BadInput
from schemas.pointers import Box


def compose(picture: Picture, layer: EditLayer) -> Picture:
    """Return the picture with all patches laid on, one over the other.

    16-bit pictures stay 16-bit: the fill gets lower bits where it is smooth, the rest keeps its own. Transparency is
    not touched.

    Raises
    ------
    BadInput
        ``edits_size`` when the layer belongs to a picture of another size.
    """
    check_size(picture, layer)
    pixels = picture.pixels.copy()
    lay_on(pixels, layer)
    return picture.with_pixels(pixels, picture.alpha)


def lay_on(pixels: Samples, layer: EditLayer) -> None:
    """Lay all patches on ``(H, W, 3)`` samples of the layer's size, in place; in 16 bits without the bands of 8."""
    for patch in layer.patches:
        place = pixels[as_slices(patch.box)]
        deep = place.dtype == np.uint16
        _lay(place, deepened(patch.fill, patch.alpha > 0, place) if deep else patch.fill, patch.alpha)


def composed_crop(pixels: Samples, layer: EditLayer, box: Box) -> Samples:
    """Give a copy of one place of the composition, for the price of that place.

    Parameters
    ----------
    pixels
        ``(H, W, 3)`` of the source, of the layer's size.
    box
        The place, inside the picture.
    """
    crop = pixels[as_slices(box)].copy()
    for patch in layer.patches:
        left, top = max(box.x, patch.box.x), max(box.y, patch.box.y)
        right = min(box.x + box.width, patch.box.x + patch.box.width)
        bottom = min(box.y + box.height, patch.box.y + patch.box.height)
        if left < right and top < bottom:
            place = crop[top - box.y : bottom - box.y, left - box.x : right - box.x]
            own = (slice(top - patch.box.y, bottom - patch.box.y), slice(left - patch.box.x, right - patch.box.x))
            _lay(place, patch.fill[own], patch.alpha[own])
    return crop


def _lay(place: Samples, fill: Samples, alpha: NDArray[np.uint8]) -> None:
    """Blend in place, by strips: the sums are wider than the samples."""
    for rows in strips(place.shape[0]):
        place[rows] = blend(place[rows], fill[rows], alpha[rows])


def check_size(picture: Picture, layer: EditLayer) -> None:
    """Refuse a layer that belongs to another picture.

    Raises
    ------
    BadInput
        ``edits_size``, naming both sizes.
    """
    if (layer.width, layer.height) != (picture.width, picture.height):
        message = (
            f"The edits are for {layer.width} x {layer.height}, but the picture is {picture.width} x {picture.height}."
        )
        raise BadInput(message, code="edits_size")


def blend(source: Samples, fill: Samples, alpha: NDArray[np.uint8]) -> Samples:
    """``(alpha * fill + (255 - alpha) * source) / 255``, rounded.

    The integer form is exact at both ends: alpha 0 gives the source and alpha 255 the fill, in either depth.

    Parameters
    ----------
    source
        ``(h, w, 3)`` uint8 or uint16.
    fill
        ``(h, w, 3)`` of the source's depth, or uint8, which is widened by 257 for a 16-bit source.
    alpha
        ``(h, w)`` uint8, share of the fill in 255ths.
    """
    wide: Any = np.uint32 if source.dtype == np.uint16 else np.uint16  # 255 * 255 + 127 fits 16, 255 * 65535 + 127 32
    share, new = alpha[..., None].astype(wide), fill.astype(wide)
    if fill.dtype != source.dtype:
        new *= wide(WIDEN)
    mixed = (share * new + (wide(255) - share) * source.astype(wide) + wide(127)) // wide(255)
    return cast(Samples, mixed.astype(source.dtype))
