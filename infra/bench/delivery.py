"""What it takes to render a photograph of 12 megapixels: libvips as we use it, and Pillow at the same work."""

import io
import os
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from PIL import Image, ImageCms, ImageOps

from infra.bench.figures import Figure
from infra.bench.quality.memory import PeakMemory
from infra.demo.photographs import load
from schemas.asset import MediaType
from schemas.delivering import DeliverStep, WebStep
from schemas.pointers import S3Pointer
from schemas.renditions import Master

if TYPE_CHECKING:
    import pyvips

_WIDTH, _HEIGHT = 4000, 3000
_PHOTOGRAPHS = ("coffee.png", "chelsea.png", "rocket.jpg", "astronaut.png")
_GRAIN = 2.0
"""Standard deviation: about that of a camera at ISO 400, so that there is something to encode at this size."""
_STEP = DeliverStep(web=WebStep(widths=[2048]))
_PLAIN_QUALITY = 80
_LIKENESS = 0.98
_PILLOW: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "speed": 6},
    "webp": {"format": "WEBP", "method": 4},
    "jpeg": {"format": "JPEG", "progressive": True, "optimize": True},
}
"""What Pillow is asked for: its own defaults, and for JPEG what everybody adds."""
_SECONDS, _MEGABYTES = 6.0, 1024.0


class _Measured(NamedTuple):
    seconds: float
    cores: float
    megabytes: float


def delivery_figures() -> Iterator[Figure]:
    """Measure each in a process of its own, so that nothing but this work is counted."""
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder, "photo.jpg")
        photo.write_bytes(photograph())
        found = {}
        for work in (_ours, _vips_reduces, _pillow_reduces, _vips_encodes, _pillow_encodes):
            with get_context("spawn").Pool(1) as pool:
                found[work.__name__] = pool.apply(_measured, (work, photo))
    ours, vips, pillow = found["_ours"], found["_vips_reduces"], found["_pillow_reduces"]
    busy = f"{ours.cores:.1f} s of computing; the picture itself and AVIF, WebP, JPEG 2,048 wide at SSIM 0.98"
    yield Figure("12 MP photograph, 4 renditions", ours.seconds, _SECONDS, "s", busy)
    yield Figure("the same: peak memory beyond an empty process", ours.megabytes, _MEGABYTES, "MB")
    told = (
        f"libvips {vips.cores:.2f} s of computing, {vips.megabytes:.0f} MB; "
        f"Pillow {pillow.cores:.2f} s, {pillow.megabytes:.0f} MB"
    )
    yield Figure(
        "decode, reduce, to sRGB: libvips' computing, of Pillow's", 100 * vips.cores / pillow.cores, 100, "%", told
    )
    both = [found[name].cores - part.cores for name, part in (("_vips_encodes", vips), ("_pillow_encodes", pillow))]
    told = f"once, at quality {_PLAIN_QUALITY}: libvips {both[0]:.1f}, Pillow {both[1]:.1f} s of computing"
    yield Figure("encode AVIF, WebP, JPEG: libvips' computing, of Pillow's", 100 * both[0] / both[1], 150, "%", told)
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder, "photo.jpg")
        photo.write_bytes(photograph())
        yield from _sizes(photo)


def _sizes(photo: Path) -> Iterator[Figure]:
    """Hold our files against Pillow's smallest that look at least as much like the picture."""
    from handlers.rendering.encoders import ENCODERS
    from handlers.rendering.metadata import NOTHING
    from handlers.rendering.quality import encoded

    image = _vips_reduces(photo)
    plain = Image.fromarray(image.numpy())
    for name, encoder in ENCODERS.items():
        ours = encoded(image, encoder, _LIKENESS, NOTHING)
        theirs = _smallest_of_pillow(plain, name, ours.ssim, encoder.decode)
        told = f"{len(ours.data) / 1e3:.0f} of {theirs / 1e3:.0f} kB, luma SSIM {ours.ssim:.4f}"
        yield Figure(
            f"{name}: libvips' bytes, of Pillow's at that likeness", 100 * len(ours.data) / theirs, 110, "%", told
        )


def _smallest_of_pillow(image: Image.Image, name: str, wanted: float, decode: "Callable[[bytes], pyvips.Image]") -> int:
    """Bytes of the file of the least quality that is as alike; that of the highest where none is."""
    import pyvips

    from handlers.rendering.likeness import luma, ssim

    true = luma(pyvips.Image.new_from_array(np.asarray(image))).copy_memory()
    files: dict[int, bytes] = {}

    def reaches(quality: int) -> bool:
        file = io.BytesIO()
        image.save(file, **_PILLOW[name], quality=quality)
        files[quality] = file.getvalue()
        return ssim(true, luma(decode(files[quality]))) >= wanted

    least = bisect_left(range(101), True, lo=1, hi=100, key=reaches)
    reaches(least)
    return len(files[least])


def photograph() -> bytes:
    """Four of the demo's photographs side by side, enlarged, with grain: a JPEG of 12 megapixels."""
    random = np.random.default_rng(1)
    whole = Image.new("RGB", (_WIDTH, _HEIGHT))
    size = (_WIDTH // 2, _HEIGHT // 2)
    for number, name in enumerate(_PHOTOGRAPHS):
        part = ImageOps.fit(load(name), size, Image.Resampling.LANCZOS)
        whole.paste(part, (number % 2 * size[0], number // 2 * size[1]))
    grain = random.normal(0, _GRAIN, (_HEIGHT, _WIDTH, 1))
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noisy = Image.fromarray(np.clip(np.asarray(whole) + grain, 0, 255).astype(np.uint8))
    noisy.save(out, "JPEG", quality=92, icc_profile=profile)
    return out.getvalue()


def _measured(work: Callable[[Path], object], photo: Path) -> _Measured:
    started, before = time.perf_counter(), os.times()
    with PeakMemory() as peak:
        made = work(photo)
    after = os.times()
    computed = after.user - before.user + after.system - before.system
    del made
    return _Measured(time.perf_counter() - started, computed, peak.megabytes)


def _ours(photo: Path) -> None:
    from handlers.rendering.further import further_files, told_by

    place = S3Pointer(bucket="bench", key=photo.name)
    kind = MediaType.JPEG
    master = Master(name="native", purpose="native", source=place, media_type=kind, width=_WIDTH, height=_HEIGHT)
    told = {"native": told_by(photo, kind, "keep")}
    further_files(_STEP, {"native": (master, photo)}, told, photo.parent)


def _vips_reduces(photo: Path) -> "pyvips.Image":
    from handlers.rendering.colour import to_srgb
    from handlers.rendering.opening import opened

    return to_srgb(opened(photo, MediaType.JPEG, width=2048)).copy_memory()


def _vips_encodes(photo: Path) -> None:
    from handlers.rendering.encoders import ENCODERS
    from handlers.rendering.metadata import NOTHING

    image = _vips_reduces(photo)
    for encoder in ENCODERS.values():
        encoder.encode(image, _PLAIN_QUALITY, NOTHING)


def _pillow_reduces(photo: Path) -> Image.Image:
    with Image.open(photo) as stored:
        own = ImageCms.ImageCmsProfile(io.BytesIO(stored.info["icc_profile"]))
        image = ImageOps.exif_transpose(stored).resize((2048, 1536), Image.Resampling.LANCZOS)
    srgb, how = ImageCms.createProfile("sRGB"), ImageCms.Intent.RELATIVE_COLORIMETRIC
    return cast(Image.Image, ImageCms.profileToProfile(image, own, srgb, how))


def _pillow_encodes(photo: Path) -> None:
    image = _pillow_reduces(photo)
    for options in _PILLOW.values():
        image.save(io.BytesIO(), **options, quality=_PLAIN_QUALITY)
