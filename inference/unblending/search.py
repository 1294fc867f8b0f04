"""Where a known mark lies in a picture: a search over places and sizes by the directions of edges.

A direction is taken twice over (the angle doubled), so that a white mark is found on dark and on light ground alike
(orientation correlation, after Fitch et al., BMVC 2002). The picture is brought to sizes at which the mark has always
the same, so that one small template serves and large marks cost next to nothing.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from inference.protocols import Mark, Rgb
from inference.unblending.ink import Plane

TEMPLATE = 80
"""Pixels: longer side of the mark in the search. Edges of 1.5 pixels then bear the 4 % from one size to the next."""
SIZES = (0.04, 1.0)
"""Longer side of a mark, in longer sides of the picture."""
STEP = 1.04
LEAST_CONTRAST = 2.0
"""Levels: gradients below this are noise; above, only their direction counts."""
SURE = 0.4
"""Correlation, 0..1, from which a place is looked at closely. Marks of opacity 0.3 have 0.5 to 0.9; texture reaches
that as well, where a mark is simple."""
MOST = 40
"""Places that are looked at closely."""


@dataclass(frozen=True)
class Pose:
    """Where a mark lies: scale of its artwork, and the place of its upper left corner, pixels."""

    scale: float
    left: float
    top: float
    score: float


def poses(rgb: Rgb, mark: Mark) -> list[Pose]:
    """List places and sizes where a mark may be, likeliest first; some pixels and percent off, and mostly wrong.

    :func:`inference.unblending.pose.settled` makes them exact and tells which are right.
    """
    height, width = rgb.shape[:2]
    longer = max(mark.rgba.shape[:2])
    luma = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32)
    template = _template(mark)
    found: list[Pose] = []
    share = SIZES[0]
    while share <= SIZES[1]:
        size = TEMPLATE / (share * max(height, width))
        found += _at_size(luma, template, size, share * max(height, width) / longer)
        share *= STEP
    found.sort(key=lambda pose: -pose.score)
    return _distinct(found, mark)


def coverage_of(mark: Mark) -> Plane:
    """Opacity of the artwork, 0..1; of artwork without transparency, what differs from the colour of its corner."""
    alpha = mark.rgba[..., 3]
    if alpha.min() < 255:
        return np.asarray(alpha / np.float32(255), np.float32)
    colours = mark.rgba[..., :3].astype(np.float32)
    apart = np.abs(colours - colours[0, 0]).max(axis=2)
    return np.asarray(apart / max(float(apart.max()), 1.0), np.float32)


def _template(mark: Mark) -> np.ndarray:
    shape = coverage_of(mark) * 255
    factor = TEMPLATE / max(shape.shape)
    size = (max(2, round(shape.shape[1] * factor)), max(2, round(shape.shape[0] * factor)))
    margin = cv2.copyMakeBorder(cv2.resize(shape, size, interpolation=cv2.INTER_AREA), 2, 2, 2, 2, cv2.BORDER_CONSTANT)
    return _directions(np.asarray(margin, np.float32), LEAST_CONTRAST)


def _directions(luma: Plane, least: float) -> np.ndarray:
    """Complex ``(H, W)``: twice the angle of the gradient, of length 0..1."""
    gradient = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.25) + 1j * cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.25)
    strength = np.abs(gradient)
    return gradient**2 / np.maximum(strength * (strength + least), 1e-6)


def _at_size(luma: Plane, template: np.ndarray, factor: float, scale: float) -> list[Pose]:
    """Look with the picture brought to ``factor`` of its size, where the artwork's scale would be ``scale``."""
    size = (round(luma.shape[1] * factor), round(luma.shape[0] * factor))
    if size[0] < template.shape[1] - 4 or size[1] < template.shape[0] - 4 or factor > 1.5:
        return []
    small = cv2.resize(luma, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    small = cv2.copyMakeBorder(small, 4, 4, 4, 4, cv2.BORDER_REPLICATE)
    field = _directions(np.asarray(small, np.float32), LEAST_CONTRAST)
    shape = [cv2.getOptimalDFTSize(field.shape[axis] + template.shape[axis]) for axis in (0, 1)]
    support = (np.abs(template) > 0.2).astype(np.float32)
    product = np.fft.ifft2(np.fft.fft2(field, shape) * np.conj(np.fft.fft2(template * support, shape))).real
    energy = np.fft.irfft2(np.fft.rfft2(np.abs(field) ** 2, shape) * np.conj(np.fft.rfft2(support, shape)), shape)
    own = float((np.abs(template * support) ** 2).sum())
    valid = (slice(field.shape[0] - template.shape[0] + 1), slice(field.shape[1] - template.shape[1] + 1))
    scores = np.asarray(product[valid] / np.sqrt(own * np.maximum(energy[valid], own / 16)), np.float32)
    peaks = (scores == cv2.dilate(scores, np.ones((9, 9), np.uint8))) & (scores > SURE / 2)
    step = (luma.shape[1] / size[0], luma.shape[0] / size[1])
    rows, columns = np.nonzero(peaks)
    return [
        Pose(scale, (column - 2) * step[0], (row - 2) * step[1], float(scores[row, column]))
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]


def _distinct(found: list[Pose], mark: Mark) -> list[Pose]:
    """Keep the best of those that overlap."""
    height, width = mark.rgba.shape[:2]
    kept: list[Pose] = []
    for pose in found:
        free = all(
            abs(pose.left - other.left) > 0.3 * width * other.scale
            or abs(pose.top - other.top) > 0.3 * height * other.scale
            or abs(pose.scale / other.scale - 1) > 0.3
            for other in kept
        )
        if free and pose.score >= SURE and len(kept) < MOST:
            kept.append(pose)
    return kept
