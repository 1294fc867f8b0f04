"""Which of several fills of one hole to take, without knowing the truth."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.assessment.agreement import disagreements
from inference.assessment.native import busyness_ratios, luminance, ring_colour_delta, seam_ratio
from inference.assessment.window import window
from inference.inpainting.holes import widths
from inference.protocols import Mask, Rgb
from schemas.errors import BadInput

_BY_CHANCE = 0.05
"""Log of the seam that says nothing. What goes beyond counts four times as much as it did: of patches that could not be
joined, FSR being 5.6 dB nearer to the truth, nothing else told. In 26 thin holes and marks that is the one choice of
two that changed; the mean rank (0 or 1) went from 0.385 to 0.374, with 0.247 for who knows the truth."""


@dataclass(frozen=True)
class Choice:
    """The fill to take, and why.

    Parameters
    ----------
    index
        Of the candidate with the least cost; the first of equals.
    costs
        One a candidate. They compare candidates of one hole and mean nothing between holes.
    """

    index: int
    costs: tuple[float, ...]


def judge(rgb: Rgb, candidates: Sequence[Rgb], hole: Mask) -> Choice:
    """Choose among fills of one hole: the one that fits its surroundings and that the others bear out.

    Put the candidate first that you would take blindly: it wins where nothing speaks for another one. Judge each
    region by itself, on its crop: one picture may want a different fill at each place. Candidates may come from
    anywhere, an inpainter or a watermark's un-blending; two need no third, but agreement says nothing of two.

    Parameters
    ----------
    rgb
        ``(H, W, 3)`` uint8, the source; what it shows under ``hole`` is not looked at.
    candidates
        Fills, each of the size of ``rgb``; only their pixels inside ``hole`` are looked at.
    hole
        ``(H, W)`` bool.

    Raises
    ------
    BadInput
        ``no_candidates`` for an empty list; ``mask_size`` if sizes differ.
    """
    if not candidates:
        raise BadInput("There is no fill to choose from.", code="no_candidates")
    if any(candidate.shape != rgb.shape for candidate in candidates) or hole.shape != rgb.shape[:2]:
        raise BadInput("The fills and the mask must have the size of the picture.", code="mask_size")
    if len(candidates) == 1 or not hole.any() or hole.all():
        return Choice(0, (0.0,) * len(candidates))
    near = window(hole, widths(hole))
    inside = np.ascontiguousarray(hole[near])
    shown = [np.where(inside[..., None], candidate[near], rgb[near]) for candidate in candidates]
    apart = disagreements(shown, inside)
    costs = tuple(_misfit(fill, inside) + _oddness(*others) for fill, others in zip(shown, apart, strict=True))
    return Choice(int(np.argmin(costs)), costs)


def _misfit(fill: Rgb, hole: Mask) -> float:
    """How badly the fill belongs to its surroundings.

    These weights and those of :func:`_oddness` were set by hand after regressions on 17 holes with known truth, six
    measures together. On 27 holes of other sizes, 17 of which had a say in which fills are candidates, the mean rank is
    1.52 of 0 to 4, with 1.87 for the best fill on its own, 1.28 for a judge who knows the truth, 1.88 by misfit alone
    and 1.56 by oddness alone. Noise told nothing, and is the refiner's to continue.
    """
    luma = luminance(fill)
    fine, coarse = (np.abs(part).mean() for part in np.split(np.log(busyness_ratios(luma, hole)), 2))
    seam = max(math.log(seam_ratio(luma, hole) or 1) - _BY_CHANCE, 0)
    tint = math.sqrt(ring_colour_delta(fill, hole) or 0)
    return float(1.2 * seam + 0.05 * tint + 0.6 * fine + 0.15 * coarse)


def _oddness(colour: float, lines: float) -> float:
    """How alone the fill stands among the others."""
    return 0.7 * math.log(colour + 0.5) + 0.35 * math.log(lines + 0.05)
