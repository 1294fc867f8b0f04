"""Files for print: the size on paper at the resolution, never more pixels than there are; profile and depth stay."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
from PIL import Image

from handlers.rendering.made import MadeFile
from handlers.rendering.metadata import NOTHING
from handlers.rendering.printing import print_file
from schemas.asset import MediaType
from schemas.delivering import PrintStep
from schemas.errors import PermanentFailure
from tests.unit.handlers.rendering.samples import P3, master, p3_in_srgb, photograph, pixels, saved

MM = 400 / 300 * 25.4
"""Millimetres of the photograph's width at 300 dots an inch."""


def _made(path: Path, kind: MediaType = MediaType.PNG, **step: Any) -> MadeFile:
    wanted = PrintStep.model_validate({"width_mm": MM, **step})
    return print_file(wanted, *master(path, kind=kind), NOTHING, path.parent)


def _deep(folder: Path) -> Path:
    """A picture of 16 bits in Display P3."""
    ramp = np.zeros((64, 256, 3), np.uint16)
    ramp[..., 0] = np.arange(0, 65536, 256)[None]
    image = pyvips.Image.new_from_array(ramp, interpretation="rgb16")
    image.set_type(pyvips.GValue.blob_type, "icc-profile-data", P3)
    image.pngsave(str(folder / "deep.png"))
    return folder / "deep.png"


@pytest.mark.parametrize("kind", ["tiff", "png", "jpeg"])
def test_the_file_says_how_large_it_is_on_paper(tmp_path: Path, kind: str) -> None:
    made = _made(saved(photograph(), tmp_path / "cat.png"), format=kind, width_mm=MM / 2)
    with Image.open(made.path) as picture:
        assert (picture.size, picture.format) == ((200, 150), kind.upper())
        assert [round(float(each)) for each in picture.info["dpi"]] == [300, 300]
    assert (made.name, made.dpi, made.media_type) == (f"print.{kind}", 300, f"image/{kind}")


def test_a_height_is_as_good_as_a_width(tmp_path: Path) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    made = _made(path, width_mm=None, height_mm=150 / 300 * 25.4)
    assert (made.width, made.height) == (200, 150)


def test_nothing_is_enlarged_and_the_true_resolution_is_told(tmp_path: Path) -> None:
    made = _made(saved(photograph(), tmp_path / "cat.png"), width_mm=MM * 2)
    assert (made.width, made.height, made.dpi) == (400, 300, 150)
    with Image.open(made.path) as picture:
        assert round(float(picture.info["dpi"][0])) == 150


def test_what_would_be_too_coarse_is_refused_in_words(tmp_path: Path) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    with pytest.raises(PermanentFailure, match="150 dots an inch") as raised:
        _made(path, width_mm=MM * 2, least_dpi=200)
    assert raised.value.code == "too_coarse_for_print"
    assert _made(path, width_mm=MM * 2, least_dpi=150).dpi == 150


@pytest.mark.parametrize("kind", ["tiff", "png"])
def test_sixteen_bits_and_the_profile_stay(tmp_path: Path, kind: str) -> None:
    made = _made(_deep(tmp_path), format=kind)
    stored = pyvips.Image.new_from_file(str(made.path))
    before = pyvips.Image.new_from_file(str(tmp_path / "deep.png"))
    assert stored.format == "ushort"
    assert (stored - before).abs().max() == 0
    assert bytes(stored.get("icc-profile-data")) == P3
    assert made.icc is not None
    assert "P3" in made.icc


def test_eight_bits_are_made_where_the_recipe_or_the_format_wants_them(tmp_path: Path) -> None:
    for step in ({"format": "tiff", "depth": 8}, {"format": "jpeg"}):
        stored = pyvips.Image.new_from_file(str(_made(_deep(tmp_path), **step).path))
        assert stored.format == "uchar"
        assert abs(stored.getpoint(255, 0)[0] - 254) <= 2


def test_a_conversion_is_relative_colorimetric_and_carries_its_profile(tmp_path: Path) -> None:
    patches = np.array([[255, 255, 255], [128, 128, 128], [200, 60, 40], [40, 70, 160]], np.uint8)
    picture = Image.fromarray(np.repeat(np.repeat(patches[None], 64, 0), 64, 1))
    made = _made(saved(picture, tmp_path / "p3.png", icc_profile=P3), icc="srgb", format="png")
    assert np.abs(pixels(made.path)[32, 32::64] - p3_in_srgb(patches)).max() <= 2
    assert made.icc is not None
    assert "sRGB" in made.icc


def test_cmyk_stays_cmyk_for_a_press_and_becomes_rgb_where_the_format_has_none(tmp_path: Path) -> None:
    path = saved(photograph().convert("CMYK"), tmp_path / "cat.tif", "TIFF")
    with Image.open(_made(path, MediaType.TIFF).path) as picture:
        assert picture.mode == "CMYK"
    with Image.open(_made(path, MediaType.TIFF, format="png").path) as picture:
        assert picture.mode == "RGB"


def test_the_same_order_gives_the_same_bytes(tmp_path: Path) -> None:
    path = saved(photograph(), tmp_path / "cat.png")
    first = _made(path).path.read_bytes()
    assert _made(path).path.read_bytes() == first
