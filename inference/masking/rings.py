"""Rings of one paint: the frame of a logo whose letters no text detector reads."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.masking.drawn import HALF, LETTER_PURE, paint_of, purity
from inference.masking.overlay import Overlay, fitted
from inference.protocols import Mask, Rgb

LOOKED_AT = 480
"""Shorter side, pixels, at which circles are looked for."""
RADII = (0.06, 0.24)
"""Of the picture's shorter side."""
BLUR, EDGE, PERFECT = 1.2, 60, 0.6
"""Standard deviation of the blur before (grain moves centres by pixels), gradient that is an edge (Scharr), and how
much of a circle has to be there, 0..1 (OpenCV's HOUGH_GRADIENT_ALT)."""
MOST = 24
"""Circles that are looked at closely."""
ANGLES = 180
THICKNESS = (0.04, 0.3)
"""Of the outer radius."""
SHARP = 0.5
"""Share of directions in which both edges of the line step the way the others do."""
DRAWN = 0.3
"""Of the outer radius: widest stroke inside of a ring."""
EVEN = 60
"""Per cent of the directions that are fitted: those in which the ground is alike on both sides."""
EXPLAINED, TRANSPARENT = 8.5, 0.85
"""Contrast of the step against what one overlay leaves all around: marks have 11 and more, the most painted ring of 80
photographs 4.6. And the largest opacity: wheels and plates are opaque."""
LIGHT, DARK = 215, 90
"""The paint's strongest channel lies above or below these."""


@dataclass(frozen=True)
class Ring:
    """A ring and its paint; centre and radii in pixels."""

    x: float
    y: float
    inner: float
    outer: float
    overlay: Overlay

    def mask(self, height: int, width: int) -> Mask:
        """Its pixels."""
        rows, columns = np.ogrid[:height, :width]
        distance = np.sqrt((columns - self.x) ** 2 + (rows - self.y) ** 2)
        return np.asarray((distance >= self.inner) & (distance <= self.outer))


def rings(rgb: Rgb) -> list[Ring]:
    """Find rings that one transparent overlay explains all around."""
    shorter = min(rgb.shape[:2])
    scale = min(1.0, LOOKED_AT / shorter)
    small = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), BLUR)
    low, high = (max(6, round(share * shorter * scale)) for share in RADII)
    circles = cv2.HoughCircles(
        small, cv2.HOUGH_GRADIENT_ALT, 1, low, param1=EDGE, param2=PERFECT, minRadius=low, maxRadius=high
    )
    if circles is None:
        return []
    found: list[Ring] = []
    for place in np.asarray(circles, np.float64).reshape(-1, np.shape(circles)[-1])[:MOST, :3] / scale:
        ring = _ring(rgb, *_centred(rgb, *place))
        if ring is not None and all(np.hypot(ring.x - other.x, ring.y - other.y) > ring.outer for other in found):
            found.append(ring)
    return found


def _centred(rgb: Rgb, x: float, y: float, radius: float) -> tuple[float, float, float]:
    """Move a circle onto its edge: ``r(angle) = radius + dx cos(angle) + dy sin(angle)`` by least squares."""
    smooth = _polar(rgb, x, y, radius)
    low = max(0, round(0.9 * radius) - 3)
    nearby = smooth[:, low : round(1.1 * radius) + 3].mean(axis=2)
    if nearby.shape[1] < 4:
        return x, y, radius
    rough = np.abs(nearby[:, 2:] - nearby[:, :-2]).argmax(axis=1) + low + 1.0
    angles = np.arange(ANGLES) * 2 * np.pi / ANGLES
    model = np.column_stack([np.ones(ANGLES), np.cos(angles), np.sin(angles)])
    kept = np.abs(rough - np.median(rough)) <= 4
    if int(kept.sum()) < ANGLES // 3:
        return x, y, radius
    moved, right, down = np.linalg.lstsq(model[kept], rough[kept], rcond=None)[0]
    return x + float(right), y + float(down), float(moved)


def _polar(rgb: Rgb, x: float, y: float, radius: float) -> NDArray[np.float32]:
    """``(ANGLES, radii, 3)``: the surroundings of a centre by direction and distance, as far as the picture goes."""
    inside = min(x, y, rgb.shape[1] - 1 - x, rgb.shape[0] - 1 - y)
    reach = max(1, int(min(1.5 * radius, inside)))
    flags = cv2.INTER_LINEAR | cv2.WARP_POLAR_LINEAR
    polar = cv2.warpPolar(rgb.astype(np.float32), (reach, ANGLES), (x, y), reach, flags)
    return np.asarray(cv2.GaussianBlur(np.asarray(polar), (1, 5), 0), np.float32)


def _ring(rgb: Rgb, x: float, y: float, radius: float) -> Ring | None:
    """The line whose inner or outer edge is a circle, if it is painted."""
    smooth = _polar(rgb, x, y, radius)
    if smooth.shape[1] < 1.05 * radius + 5:
        return None
    step = (smooth[:, 3:] - smooth[:, :-3]).mean(axis=2)
    sign = np.sign(step).mean(axis=0) * (np.median(np.abs(step), axis=0) > 2)
    best: tuple[float, int, int] | None = None
    for inner in np.flatnonzero(np.abs(sign) >= SHARP).tolist():
        narrow, wide = (max(2, round(share * radius)) for share in THICKNESS)
        for outer in range(inner + narrow, min(inner + wide, len(sign) - 6)):
            if sign[inner] * sign[outer] > -(SHARP**2) or not 0.85 * radius <= outer <= 1.35 * radius:
                continue
            value = float(min(abs(np.median(step[:, inner])), abs(np.median(step[:, outer]))))
            if best is None or value > best[0]:
                best = (value, inner, outer)
    if best is None:
        return None
    edges = best[1] + 1.5, best[2] + 1.5
    overlay = _paint(smooth, *edges)
    paint = overlay.colour.max() >= LIGHT or overlay.colour.max() <= DARK
    painted = paint and overlay.contrast >= EXPLAINED and overlay.opacity <= TRANSPARENT
    return Ring(x, y, edges[0] - 0.5, edges[1] + 0.5, overlay) if painted else None


def logo(rgb: Rgb, ring: Ring) -> Mask:
    """A ring and what is drawn inside of it with its paint."""
    height, width = rgb.shape[:2]
    reach = ring.outer + 8
    rows = slice(max(0, int(ring.y - reach)), min(height, int(ring.y + reach) + 1))
    columns = slice(max(0, int(ring.x - reach)), min(width, int(ring.x + reach) + 1))
    share = paint_of(rgb[rows, columns], ring.overlay, DRAWN * ring.outer)
    whole = ring.mask(height, width)
    inside = replace(ring, inner=0, outer=ring.inner - 1).mask(height, width)[rows, columns]
    painted = (share > HALF) & inside
    count, labels = cv2.connectedComponents(painted.astype(np.uint8), connectivity=8)
    kept = purity(share, painted, np.asarray(labels, np.int32), count) >= LETTER_PURE
    kept &= np.bincount(labels.ravel(), minlength=count) >= 0.01 * ring.inner**2
    kept[0] = False
    whole[rows, columns] |= kept[labels]
    return whole


def _paint(polar: NDArray[np.float32], inner: float, outer: float) -> Overlay:
    """Fit the overlay to the line against the mean of what lies inside and outside of it, direction by direction."""
    middle = polar[:, round(inner + 1.5) : max(round(inner + 1.5) + 1, round(outer - 1.5) + 1)].mean(axis=1)
    within = polar[:, max(0, round(inner) - 5) : max(1, round(inner) - 2)].mean(axis=1)
    beyond = polar[:, round(outer) + 2 : round(outer) + 5].mean(axis=1)
    # Where the ground differs on both sides an edge of the scene runs along the line, and its mean is no ground.
    apart = np.abs(within - beyond).max(axis=1)
    even = apart <= np.percentile(apart, EVEN)
    return fitted(middle[even], ((within + beyond) / 2)[even])
