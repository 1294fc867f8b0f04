"""The figures of a table: where each comes from, how it is written, and which of two values is the worse."""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import NamedTuple

from infra.bench.quality.measure import Row


class Column(NamedTuple):
    """One figure of a method on a kind of task."""

    title: str
    value: Callable[[Row], float | None]
    digits: int
    badness: Callable[[float], float] | None = None
    """Larger for worse; None where the worst is not written."""
    middle: Callable[[Sequence[float]], float] = statistics.median


def _field(name: str) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        found: float | None = row.get(name)
        return found

    return value


def _per_mask_megapixel(row: Row) -> float | None:
    return float(row["cpu_seconds"] / row["mask_mp"]) if row.get("mask_mp") else None


def _per_megapixel(row: Row) -> float | None:
    return float(row["cpu_seconds"] / row["mp"])


def _low(value: float) -> float:
    return -value


def _high(value: float) -> float:
    return value


def _far_from_one(value: float) -> float:
    return abs(math.log(max(value, 1e-6)))


PSNR = Column("PSNR in the hole, dB", _field("psnr_hole"), 1, _low)
GAIN = Column("gain, dB", _field("gain_db"), 1, _low)
SSIM = Column("SSIM", _field("ssim_hole"), 3, _low)
MGD = Column("mgd", _field("mgd"), 3, _high)
TEXD = Column("texd", _field("texd"), 3, _high)
COLOUR = Column("dE", _field("dE"), 1, _high)
SEAM = Column("seam", _field("seam"), 2, _far_from_one)
NOISE = Column("noise", _field("noise_vs_gt"), 2, _far_from_one)
OUTSIDE = Column("changed outside", _field("out_max"), 0, _high)
RECALL = Column("recall", _field("mask_recall"), 2, _low)
PRECISION = Column("precision", _field("mask_precision"), 2, _low)
UNTOUCHED = Column("share left untouched", _field("untouched"), 3, middle=statistics.fmean)
PSNR_Y = Column("PSNR of Y, dB", _field("psnr_y"), 2, _low)
SSIM_Y = Column("SSIM of Y", _field("ssim_y"), 3, _low)
SPEED = Column("CPU s per MP of mask", _per_mask_megapixel, 1)
PICTURE_SPEED = Column("CPU s per MP", _per_megapixel, 1)
MEMORY = Column("peak MB", _field("megabytes"), 0, _high)

FILLS = (PSNR, SSIM, MGD, TEXD, COLOUR, SEAM, NOISE, OUTSIDE, SPEED, MEMORY)
MARKS = (PSNR, GAIN, SSIM, MGD, TEXD, SEAM, OUTSIDE, SPEED, MEMORY)
FOUND = (RECALL, PRECISION, GAIN, PICTURE_SPEED, MEMORY)
CLEAN = (UNTOUCHED, PICTURE_SPEED, MEMORY)
ENLARGED = (PSNR_Y, SSIM_Y, MGD, PICTURE_SPEED, MEMORY)
"""Columns by what is measured; OUTSIDE has its place only where a mask was given."""
