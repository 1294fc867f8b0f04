"""Files for pages and for print, from an upload to what the manifest names."""

import io

import numpy as np
from PIL import Image

from schemas.asset import Status
from tests.e2e import pictures
from tests.e2e.deployment import Deployment

GPS, COPYRIGHT = 0x8825, 0x8298


def test_a_photo_becomes_files_for_pages_that_do_not_say_where_it_was_taken(deployment: Deployment) -> None:
    exif = Image.Exif()
    exif[COPYRIGHT] = "(c) Ada"
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.5)
    photo = pictures.coffee(520, 360)
    key = deployment.key("web-ready", "photo.jpg")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(photo, "JPEG", quality=95, exif=exif)))
    assert asset.status is Status.DELIVERED, asset.outcome
    assert asset.outcome is not None
    assert asset.outcome.reason == "The recipe changes nothing of the picture; delivered untouched."
    manifest = deployment.manifest(key)
    assert manifest is not None
    files = {file["name"]: file for file in manifest["renditions"]}
    web = {f"web-{width}.{kind}" for width in (520, 480) for kind in ("avif", "webp", "jpeg")}
    assert set(files) == {"native", *web}
    for name, file in files.items():
        data = deployment.delivered(key, name)
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == (file["width"], file["height"]) == ((480, 332) if "480" in name else (520, 360))
            told = picture.getexif()
            assert told.get(COPYRIGHT) == "(c) Ada", name
            assert not told.get_ifd(GPS), name
            seen = np.asarray(picture.convert("RGB").resize((60, 40)), float)
        assert np.abs(seen - np.asarray(photo.resize((60, 40)), float)).mean() < 6, name
        assert name == "native" or file["ssim"] >= 0.98


def test_a_photo_is_enlarged_and_becomes_a_file_for_print_that_says_its_true_size(deployment: Deployment) -> None:
    key = deployment.key("print-ready", "photo.png")
    asset = deployment.outcome(deployment.put(key, pictures.encoded(pictures.coffee(240, 160), "PNG")))
    assert asset.status is Status.DELIVERED, asset.outcome
    manifest = deployment.manifest(key)
    assert manifest is not None
    files = {file["name"]: (file["width"], file["height"]) for file in manifest["renditions"]}
    assert files == {"native": (240, 160), "x2": (480, 320), "print.tiff": (480, 320)}
    with Image.open(io.BytesIO(deployment.delivered(key, "print.tiff"))) as picture:
        assert picture.size == (480, 320)
        dpi = 480 / (200 / 25.4)  # too few pixels for 300: all of them are printed, 200 mm wide
        assert abs(float(picture.info["dpi"][0]) - dpi) < 0.1
