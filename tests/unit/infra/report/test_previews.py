import base64
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from infra.report.previews import crop_pair, mask_preview, open_upright, preview
from schemas.pointers import Box

sides = st.integers(1, 1200)


def shown(address: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))


@given(sides, sides, st.data())
def test_a_crop_lies_in_the_picture_at_its_true_size(width: int, height: int, data: st.DataObject):
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = Box(x=x, y=y, width=data.draw(st.integers(1, width - x)), height=data.draw(st.integers(1, height - y)))
    picture = Image.new("RGB", (width, height))
    crop = crop_pair(picture, picture, box, "fsr")
    assert shown(crop.before).size == shown(crop.after).size == (crop.width, crop.height)
    assert crop.width <= min(width, 440)
    assert crop.height <= min(height, 440)


def test_a_crop_shows_the_middle_of_its_area():
    picture = Image.new("RGB", (300, 200))
    picture.paste("white", (250, 150, 260, 160))
    crop = shown(crop_pair(picture, picture, Box(x=250, y=150, width=10, height=10), "fsr").before)
    bright = np.argwhere(np.asarray(crop.convert("L")) > 128)
    assert np.abs(bright.mean(axis=0) - np.array([crop.height, crop.width]) / 2).max() < 2


def test_a_preview_is_bounded_and_leaves_its_picture_alone():
    picture = Image.new("RGB", (4000, 100))
    assert max(shown(preview(picture)).size) == 900
    assert picture.size == (4000, 100)


def test_the_mask_is_shown_in_colour_where_it_lies():
    mask = Image.new("L", (60, 40))
    mask.paste(255, (0, 0, 30, 40))
    seen = np.asarray(shown(mask_preview(Image.new("RGB", (60, 40), "navy"), mask))).astype(int)
    colourful = seen.max(axis=2) - seen.min(axis=2)
    assert colourful[:, :25].min() > 80
    assert colourful[:, 35:].max() < 40


def test_pictures_are_turned_upright_and_lie_on_white(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(tmp_path / "p.png", exif=exif)
    seen = open_upright(tmp_path / "p.png")
    assert seen.size == (20, 30)
    assert seen.getpixel((5, 5)) == (255, 255, 255)
