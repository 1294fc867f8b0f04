from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from infra.cli.results import convert

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(picture: Image.Image, path: Path) -> Path:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    picture.save(path, icc_profile=PROFILE, exif=exif)
    return path


@pytest.mark.parametrize(("source", "target"), [("a.png", "b.jpg"), ("a.jpg", "b.png"), ("a.png", "b.JPEG")])
def test_a_conversion_keeps_profile_and_exif(tmp_path: Path, source: str, target: str):
    convert(saved(Image.new("RGB", (16, 12), "teal"), tmp_path / source), tmp_path / target)
    with Image.open(tmp_path / target) as found:
        assert found.info["icc_profile"] == PROFILE
        assert found.getexif()[0x010F] == "Maker"
        assert found.size == (16, 12)


def test_what_is_transparent_lies_on_white_in_a_jpeg(tmp_path: Path):
    convert(saved(Image.new("RGBA", (16, 16), (0, 0, 0, 0)), tmp_path / "a.png"), tmp_path / "b.jpg")
    with Image.open(tmp_path / "b.jpg") as found:
        assert np.asarray(found).min() > 250


def test_a_deep_grey_picture_is_scaled_and_not_cut_off(tmp_path: Path):
    deep = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(1, -1).repeat(16, axis=0)
    convert(saved(Image.fromarray(deep), tmp_path / "a.png"), tmp_path / "b.jpg")
    with Image.open(tmp_path / "b.jpg") as found:
        assert np.abs(np.asarray(found).astype(int)[8] - np.arange(256)).max() < 6
