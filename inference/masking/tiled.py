"""A mark that is repeated over a whole picture."""

import numpy as np

from inference.compositing.regions import as_slices
from inference.masking.families import common_angle
from inference.masking.line import Line
from inference.masking.overlay import Overlay, evidence, fitted
from inference.masking.pairs import WIDEST_STROKE, Pairs, readings
from inference.masking.repeats import Copies, copies, painted
from inference.masking.turning import Turned, turned
from inference.protocols import Mask, Rgb

FEWEST_LINES, MANY_LINES = 4, 10
"""Lines that may be copies, and lines of which one can expect it: those are looked at from several angles."""
SAMPLED = 40
"""Lines that are looked at for the overlay's colour and opacity."""
ASIDE = (0.0, 1.5, -1.5, 3.0, -3.0)
"""Degrees beside the lines' common angle that are tried until copies fit: over busy ground lines are seen askew."""
SEEDS = 3
"""Lines that are tried as the first copy."""
MARGIN_ALONG, MARGIN_ACROSS = 1.0, 0.35
"""In line heights, around a line: the text detector likes to lose first and last letters."""


def tiled_mark(rgb: Rgb, lines: list[Line]) -> Mask | None:
    """Strokes of all copies of a mark, without a halo.

    Parameters
    ----------
    lines
        Of one family.

    Returns
    -------
    Mask or None
        ``None`` where the lines are no copies of each other.
    """
    if len(lines) < FEWEST_LINES:
        return None
    angle = common_angle(lines)
    for aside in ASIDE if len(lines) >= MANY_LINES else ASIDE[:1]:
        area = _at_angle(rgb, lines, angle + aside, SEEDS if aside == 0 else 1)
        if area is not None:
            return area
    return None


def _at_angle(rgb: Rgb, lines: list[Line], angle: float, seeds: int) -> Mask | None:
    """The copies as seen in the picture turned by an angle."""
    canvas = turned(rgb, angle)
    level = [canvas.line_forth(line) for line in lines]
    height = float(np.median([line.height for line in level]))
    overlay = common_overlay(canvas, level)
    if overlay is None:
        return None
    share, told = evidence(canvas.rgb, overlay, max(5, round(height * WIDEST_STROKE) | 1))
    told &= canvas.inside
    found = [copies(share, told, _window(seed, height), height) for seed in _seeds(level)[:seeds]]
    patterns = [pattern for pattern in found if pattern is not None]
    if not patterns:
        return None
    best = max(patterns, key=_explained)
    return canvas.mask_back(painted(best, share.shape), *rgb.shape[:2])


def common_overlay(canvas: Turned, level: list[Line]) -> Overlay | None:
    """The overlay that explains most lines together."""
    best_first = sorted(level, key=lambda line: -line.score)[:SAMPLED]
    found: dict[bool, list[Pairs]] = {True: [], False: []}
    for line in best_first:
        window = canvas.rgb[as_slices(line.bounds(*canvas.rgb.shape[:2]))]
        if min(window.shape[:2]) < 5:
            continue
        for pairs in readings(np.ascontiguousarray(window))[:1]:
            found[bool((pairs.inside.mean() - pairs.ground.mean()) > 0)].append(pairs)
    chosen = max(found.values(), key=lambda group: sum(pairs.clearness for pairs in group))
    if not chosen:
        return None
    inside, ground = (np.concatenate([getattr(pairs, name) for pairs in chosen]) for name in ("inside", "ground"))
    return fitted(inside, ground)


def _seeds(level: list[Line]) -> list[Line]:
    """Lines of usual length: a long one may be two copies, a short one a part of one."""
    usual = float(np.percentile([line.length for line in level], 65))
    return sorted(level, key=lambda line: (round(abs(line.length / usual - 1), 1), -line.score))[:SEEDS]


def _window(line: Line, height: float) -> tuple[int, int, int, int]:
    along, across = line.length / 2 + MARGIN_ALONG * height, line.height / 2 + MARGIN_ACROSS * height
    return round(line.x - along), round(line.y - across), round(2 * along), round(2 * across)


def _explained(pattern: Copies) -> int:
    return len(pattern.places) * int(pattern.strokes.sum())
