"""Whatever the mode, the size and the mask: a sample that the mask does not name comes out as it went in."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from inference.registry import Registry
from inference.stages.dispatch import run_stage
from schemas.pointers import S3Pointer
from schemas.stage import Stage, StageRequest
from tests.unit.inference.files import deep_file, file_of
from tests.unit.inference.stages.conftest import Bench

NO_SHRINKING = (Phase.explicit, Phase.generate)
MODELS = Registry()
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
Levels = NDArray[np.uint8]


def _with_alpha(levels: Levels) -> Levels:
    return np.dstack([levels, levels[..., :1]])


def _palette(levels: Levels) -> bytes:
    return file_of(Image.fromarray(levels).quantize(40), transparency=3)


def _deep(levels: Levels) -> NDArray[np.uint16]:
    return levels.astype(np.uint16) * 256 + levels[..., ::-1]


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    return exif


MODES: dict[str, Callable[[Levels], bytes]] = {
    "1": lambda levels: file_of(Image.fromarray(levels).convert("1")),
    "L": lambda levels: file_of(levels[..., 0]),
    "LA": lambda levels: file_of(Image.fromarray(levels[..., :2], "LA")),
    "P with transparency": _palette,
    "RGB with profile": lambda levels: file_of(levels, icc_profile=PROFILE),
    "RGB turned by EXIF": lambda levels: file_of(levels, "JPEG", exif=_exif(), quality=90),
    "RGBA": lambda levels: file_of(_with_alpha(levels)),
    "RGB as WebP": lambda levels: file_of(levels, "WEBP", lossless=True),
    "RGB as TIFF": lambda levels: file_of(levels, "TIFF"),
    "CMYK": lambda levels: file_of(Image.fromarray(levels).convert("CMYK"), "TIFF"),
    "16-bit grey": lambda levels: deep_file(_deep(levels)[..., 0]),
    "16-bit RGB": lambda levels: deep_file(_deep(levels)),
    "16-bit RGBA": lambda levels: deep_file(_deep(_with_alpha(levels))),
    "16-bit RGB as TIFF": lambda levels: deep_file(_deep(levels), ".tiff"),
}


def _repair(bench: Bench, photo: bytes, mask: bytes) -> tuple[S3Pointer, S3Pointer]:
    """Fill with telea and refine, as the chain does; the finished picture and the mask."""
    models = MODELS
    inputs = {"source": bench.put("photo", photo)}

    def stage(name: Stage, model: str, inputs: dict[str, S3Pointer], **parameters: object) -> dict[str, S3Pointer]:
        request = StageRequest.build(name, model, inputs, dict(parameters), work_bucket="work")
        return run_stage(request, bench.store, models).outputs

    found = stage(Stage.MASK, "supplied-mask", {**inputs, "mask": bench.put("mask", mask)})
    edits = stage(Stage.INPAINT, "telea", {**inputs, **found})
    return stage(Stage.REFINE, "classical-refine", {**inputs, **edits}, format="png")["image"], found["mask"]


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=5, phases=NO_SHRINKING)
@given(seed=st.integers(0, 10_000), height=st.integers(8, 90), width=st.integers(8, 90), at_the_border=st.booleans())
def test_outside_the_mask_nothing_changes(mode: str, seed: int, height: int, width: int, at_the_border: bool) -> None:
    random = np.random.default_rng(seed)
    photo = MODES[mode](random.integers(0, 256, (height, width, 3), np.uint8))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        source = bench.picture(bench.put("source", photo))
        mask = np.zeros((source.height, source.width), np.uint8)
        top, left = (0, 0) if at_the_border else random.integers(0, 6, 2)
        mask[top : top + source.height // 2, left : left + source.width // 3] = 255
        image, _ = _repair(bench, photo, file_of(mask))
        made = bench.picture(image)
    outside = mask == 0
    assert made.pixels.dtype == source.pixels.dtype
    assert np.array_equal(made.pixels[outside], source.pixels[outside])
    assert (made.alpha is None) == (source.alpha is None)
    if source.alpha is not None:
        assert np.array_equal(made.alpha, source.alpha)
    assert (made.icc, made.exif, made.was_gray) == (source.icc, source.exif, source.was_gray)
    if mode != "1":
        assert not np.array_equal(made.pixels, source.pixels), "the mask was not worked on"
