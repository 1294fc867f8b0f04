"""Where a mark repeats inside one picture: the shifts that bring its copies onto each other."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.refinement.bands import blur
from inference.unblending.ink import Plane

MOST = 40
"""Shifts that are used; the error falls with the root of their number."""
LIKE_THE_BEST = 0.8
"""Of the best correlation. Within a word letters are like each other to two thirds."""
LEAST = 0.6
STROKES = 10.0
"""Deviation in pixels of the average that is taken off first, or what is solid is like itself: of a plate with
cut-out letters 0.87, of which 0.50 remain, of words 0.35 instead of 0.55. Copies keep 0.95 to 0.99."""
OVERLAP = 0.04
"""Share of the mark that has to lie on itself."""
NEAREST = 10
"""Pixels, in both directions together: nearer is the mark itself."""
_APART = 9
LARGEST = 4_000_000
"""Pixels in which peaks are looked for. In a larger map they are found reduced, and settled at native size."""
SETTLED_IN = 1024
"""Pixels: sides of the part in which a shift is settled."""


@dataclass(frozen=True)
class Shift:
    """Pixels from a copy to another."""

    down: float
    right: float


def repetitions(share: Plane) -> list[Shift]:
    """Find the shifts under which a map of coverage is like itself, most useful first.

    Peaks of the autocorrelation, divided by what overlaps, to a fraction of a pixel. No lattice is assumed: rows may
    be staggered, and the pattern may be turned.

    Parameters
    ----------
    share
        ``(H, W)`` float32, covered part of each pixel.
    """
    factor = (LARGEST / share.size) ** 0.5
    if factor >= 1:
        return _peaks(share)
    size = (round(share.shape[1] * factor), round(share.shape[0] * factor))
    small = np.asarray(cv2.resize(share, size, interpolation=cv2.INTER_AREA), np.float32)
    scale = (share.shape[0] / size[1], share.shape[1] / size[0])
    found = [Shift(shift.down * scale[0], shift.right * scale[1]) for shift in _peaks(small)]
    return [settled for shift in found if (settled := _settled(share, shift, reach=int(2 * max(scale)) + 1))]


def _settled(share: Plane, near: Shift, reach: int) -> Shift | None:
    """Find the exact shift within ``reach`` pixels of one, by the part of the map where most of the mark is."""
    down, right = round(near.down), round(near.right)
    spans = [
        (max(0, -by) + reach, min(side, side - by) - reach) for by, side in zip((down, right), share.shape, strict=True)
    ]
    if min(end - start for start, end in spans) < 2 * reach:
        return None
    here = _fullest(share, spans)
    there = tuple(
        slice(part.start + by - reach, part.stop + by + reach) for part, by in zip(here, (down, right), strict=True)
    )
    field, part = (np.ascontiguousarray(share[place]) for place in (there, here))
    likeness = np.asarray(cv2.matchTemplate(field, part, cv2.TM_CCORR_NORMED), np.float32)
    row, column = (int(index) for index in np.unravel_index(likeness.argmax(), likeness.shape))
    if not (0 < row < 2 * reach and 0 < column < 2 * reach):
        return None
    return _refined(likeness, row, column, (reach - down, reach - right))


def _fullest(share: Plane, spans: list[tuple[int, int]]) -> tuple[slice, slice]:
    """Choose the part, of at most ``SETTLED_IN`` pixels a side, in which the map is fullest."""
    (top, bottom), (left, right) = spans
    counts = [-(-(end - start) // SETTLED_IN) for start, end in spans]
    sums = cv2.resize(share[top:bottom, left:right], (counts[1], counts[0]), interpolation=cv2.INTER_AREA)
    index = np.unravel_index(int(sums.argmax()), (counts[0], counts[1]))
    edges = [np.linspace(start, end, count + 1).astype(int) for (start, end), count in zip(spans, counts, strict=True)]
    rows, columns = (slice(int(edge[at]), int(edge[at + 1])) for edge, at in zip(edges, index, strict=True))
    return rows, columns


def _peaks(share: Plane) -> list[Shift]:
    energy = float(np.square(share, dtype=np.float64).sum())
    if energy == 0:
        return []
    likeness, overlap = _autocorrelation(share - blur(share, STROKES))
    likeness = np.where(_laid_on_itself(share) > OVERLAP * energy, likeness, np.float32(0))
    centre = (likeness.shape[0] // 2, likeness.shape[1] // 2)
    highest = cv2.dilate(likeness, np.ones((_APART, _APART), np.uint8))
    rows, columns = np.nonzero((likeness == highest) & (likeness > LEAST))
    far = np.abs(rows - centre[0]) + np.abs(columns - centre[1]) > NEAREST
    inner = (rows > 0) & (columns > 0) & (rows < likeness.shape[0] - 1) & (columns < likeness.shape[1] - 1)
    rows, columns = rows[far & inner], columns[far & inner]
    found = likeness[rows, columns]
    if len(found) == 0:
        return []
    rank = np.where(found >= LIKE_THE_BEST * found.max(), found**2 * overlap[rows, columns], 0)
    order = [int(index) for index in np.argsort(-rank)[:MOST] if rank[index] > 0]
    return [_refined(likeness, int(rows[index]), int(columns[index]), centre) for index in order]


def _autocorrelation(share: Plane) -> tuple[Plane, NDArray[np.float64]]:
    """Likeness -1..1 and overlapping energy for all shifts; no shift is in the middle."""
    size = _padded(share)
    spectrum, power = (np.fft.rfft2(values, size) for values in (share, share * share))
    inside = np.fft.rfft2(np.ones_like(share), size)
    product = np.fft.irfft2(np.abs(spectrum) ** 2, size)
    ahead, behind = (np.fft.irfft2(values, size) for values in (np.conj(power) * inside, np.conj(inside) * power))
    ahead, behind = np.maximum(ahead, 1), np.maximum(behind, 1)
    likeness = np.asarray(product / np.sqrt(ahead * behind), np.float32)
    return np.fft.fftshift(likeness), np.fft.fftshift(np.minimum(ahead, behind))


def _laid_on_itself(share: Plane) -> NDArray[np.float64]:
    """Sum of the products for all shifts: 0 where a mark lies beside itself, however alike its ends are."""
    size = _padded(share)
    return np.asarray(np.fft.fftshift(np.fft.irfft2(np.abs(np.fft.rfft2(share, size)) ** 2, size)))


def _padded(share: Plane) -> list[int]:
    return [cv2.getOptimalDFTSize(2 * side) for side in share.shape]


def _refined(likeness: Plane, row: int, column: int, centre: tuple[int, int]) -> Shift:
    """Take the top of the parabola through a peak and its neighbours."""
    down = _top(*likeness[row - 1 : row + 2, column])
    right = _top(*likeness[row, column - 1 : column + 2])
    return Shift(row - centre[0] + down, column - centre[1] + right)


def _top(before: float, peak: float, after: float) -> float:
    curvature = before - 2 * peak + after
    return float((before - after) / (2 * curvature)) if curvature < 0 else 0.0
