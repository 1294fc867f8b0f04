"""A photograph of 60 megapixels with a small mask: what it costs where the mask is small and the photograph is not."""

import io
from collections.abc import Iterator
from multiprocessing import get_context

import numpy as np
from PIL import Image, ImageDraw

from infra.bench.figures import Figure
from infra.bench.quality.memory import PeakMemory
from infra.bench.quality.repair import recipe, repair

_WIDTH, _HEIGHT = 9504, 6336
_LIMIT_MB = 1536
_SPOTS = ((5000, 3000, 5300, 3300), (200, 100, 500, 160))
"""Left, top, right, bottom: 0.15 % of the photograph."""


def large_figures() -> Iterator[Figure]:
    """Measure in processes of their own, so that nothing but this work is counted."""
    for kind in ("JPEG", "PNG"):
        with get_context("spawn").Pool(1) as pool:
            megabytes, changed = pool.apply(_measured, (kind,))
        yield Figure(
            f"60 MP {kind}, small mask: peak memory", megabytes, _LIMIT_MB, "MB", "mask to assess, weights too"
        )
        if kind == "PNG":
            yield Figure("60 MP PNG: pixels changed outside the mask", changed, 0, "px")


def _measured(kind: str) -> tuple[float, int]:
    """Peak of the chain in megabytes on top of an empty process, and pixels changed outside the mask."""
    photo, mask = _photo(kind), _mask()
    with PeakMemory() as peak:
        done = repair(photo, recipe("remove-object"), mask=mask)
    before = np.asarray(Image.open(io.BytesIO(photo)))
    outside = np.asarray(Image.open(io.BytesIO(mask))) == 0
    return peak.megabytes, int(((before != done.image).any(axis=2) & outside).sum())


def _photo(kind: str) -> bytes:
    """Clouds with noise, the same everywhere."""
    random = np.random.default_rng(1)
    clouds = Image.fromarray(random.integers(0, 256, (66, 99, 3), np.uint8)).resize(
        (_WIDTH, _HEIGHT), Image.Resampling.BICUBIC
    )
    noise = np.tile(random.normal(0, 4, (792, 792, 3)).astype(np.int8), (8, 12, 1))
    out = io.BytesIO()
    noisy = np.clip(np.asarray(clouds, np.int16) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(out, kind, **({"quality": 92} if kind == "JPEG" else {"compress_level": 1}))
    return out.getvalue()


def _mask() -> bytes:
    mask = Image.new("L", (_WIDTH, _HEIGHT))
    for spot in _SPOTS:
        ImageDraw.Draw(mask).ellipse(spot, fill=255)
    out = io.BytesIO()
    mask.save(out, "PNG")
    return out.getvalue()
