"""The least quality at which a file still looks as much like its picture as a recipe wants.

Encoding is what takes time, so the search runs on a sample: patches from all over the picture, side by side. What it
finds is then held against the whole picture, and corrected where the sample misled it.
"""

from collections.abc import Callable
from functools import cache
from math import log
from typing import NamedTuple

import pyvips

from handlers.rendering.encoders import Encoder
from handlers.rendering.likeness import luma, ssim
from handlers.rendering.metadata import NOTHING, Metadata

_PATCH = 128
_PATCHES = 6
"""Patches a side: 768 x 768 pixels altogether, 0.6 megapixels."""
_ROUNDS = 3
_NEARLY = 0.0008
"""What a sample may be better than was asked for; a step of quality is about as much."""
_FARTHER = 1.5
"""A whole picture that fell short is not to do so again."""
_MOST = 0.9999
_STEP = 8
_TOO_GOOD = 0.006
"""Above the wanted likeness by which a file is worth another, smaller one."""


class Encoded(NamedTuple):
    """A file, the quality that it was encoded with, and how like the whole picture it is."""

    data: bytes
    quality: int
    ssim: float


def encoded(image: "pyvips.Image", encoder: Encoder, wanted: float, told: Metadata) -> Encoded:
    """Encode a picture, sRGB of 8 bits, so that its luma SSIM reaches ``wanted``; as high as it gets if none does.

    The likeness that is told is that of the whole file, decoded, to ``image``.
    """
    true = luma(image).copy_memory()

    @cache
    def whole(quality: int) -> Encoded:
        data = encoder.encode(image, quality, told)
        return Encoded(data, quality, ssim(true, luma(encoder.decode(data))))

    sample = _searched(image, encoder)
    aim = min(_MOST, wanted + _NEARLY)
    found = whole(least(sample, encoder, aim))
    for _ in range(_ROUNDS):
        error = found.ssim - wanted
        if 0 <= error <= _TOO_GOOD:
            break
        aim = min(_MOST, aim - error * (_FARTHER if error < 0 else 1))
        quality = least(sample, encoder, aim)
        # Below, it has to move on; above, it may come down.
        quality = max(quality, found.quality + 1) if error < 0 else min(quality, found.quality)
        if quality == found.quality or quality > encoder.highest:
            break
        another = whole(quality)
        if error >= 0 and another.ssim < wanted:
            break
        found = another
    return found if found.ssim >= wanted else max(found, whole(encoder.highest), key=lambda each: each.ssim)


def least(likeness: Callable[[int], float], encoder: Encoder, wanted: float) -> int:
    """Find the least quality that reaches a likeness, or one that is hardly better; the highest where none does.

    Likeness grows with quality. From where most pictures end up it is sought between two qualities, one on each side,
    by the straight line through what is lost at both (on a scale of magnitudes, where it nearly is one).
    """
    low, high = encoder.lowest - 1, encoder.highest
    quality, step = encoder.usual, _STEP
    while low + 1 < high:
        reached = likeness(quality)
        if wanted <= reached <= wanted + _NEARLY:
            return quality
        if reached >= wanted:
            high = quality
        else:
            low = quality
        if low < encoder.lowest:
            quality, step = max(encoder.lowest, high - step), 2 * step
        elif high == encoder.highest:
            quality, step = min(encoder.highest - 1, low + step), 2 * step
        else:
            below, sought, above = (_lost(value) for value in (likeness(low), wanted, likeness(high)))
            share = (sought - below) / (above - below) if above != below else 0.5
            quality = low + round(share * (high - low))
        quality = min(max(quality, low + 1), high - 1)
    return high


def _lost(likeness: float) -> float:
    return -log(max(1e-6, 1 - likeness))


def _searched(image: "pyvips.Image", encoder: Encoder) -> Callable[[int], float]:
    """Give the likeness of a picture's sample by quality."""
    sample = sampled(image)
    true = luma(sample).copy_memory()

    @cache
    def likeness(quality: int) -> float:
        return ssim(true, luma(encoder.decode(encoder.encode(sample, quality, NOTHING))))

    return likeness


def sampled(image: "pyvips.Image") -> "pyvips.Image":
    """Cut patches out of a picture, evenly over it, and lay them side by side; a small picture is its own sample."""
    side = _PATCH * _PATCHES
    if image.width * image.height <= side * side or min(image.width, image.height) < side:
        return image.copy_memory()
    across = [(image.width - _PATCH) * number // (_PATCHES - 1) for number in range(_PATCHES)]
    down = [(image.height - _PATCH) * number // (_PATCHES - 1) for number in range(_PATCHES)]
    patches = [image.crop(x, y, _PATCH, _PATCH) for y in down for x in across]
    return pyvips.Image.arrayjoin(patches, across=_PATCHES).copy_memory()
