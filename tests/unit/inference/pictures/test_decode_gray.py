"""A grey file in one channel holds what it holds in three, and anything else is left to the general way."""

import numpy as np
import pytest
from PIL import Image

from inference.compositing.masks import mask_values
from inference.pictures import decode, decode_gray
from schemas.asset import Limits
from schemas.errors import BadInput
from tests.unit.inference.files import file_of


def _gray(width: int = 37, height: int = 21) -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (height, width), dtype=np.uint8))


@pytest.mark.parametrize(
    ("image", "kind"),
    [(_gray(), "PNG"), (_gray(), "JPEG"), (_gray(), "TIFF"), (_gray(8, 700), "PNG"), (_gray().convert("1"), "PNG")],
)
def test_one_channel_holds_what_three_hold(image: Image.Image, kind: str) -> None:
    data = file_of(image, kind)
    values = decode_gray(data)
    assert values is not None
    assert np.array_equal(values, mask_values(decode(data)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_upright_like_any_picture(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file_of(_gray(), "JPEG", exif=exif)
    assert np.array_equal(np.asarray(decode_gray(data)), decode(data).pixels[..., 0])


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P", "I;16"])
def test_other_pictures_go_the_general_way(mode: str) -> None:
    image = Image.fromarray(np.zeros((8, 8), np.uint16)) if mode == "I;16" else _gray().convert(mode)
    assert decode_gray(file_of(image)) is None


def test_what_is_refused_is_refused_here_too() -> None:
    with pytest.raises(BadInput, match="too early"):
        decode_gray(file_of(_gray(300, 300))[:-400])
    with pytest.raises(BadInput, match="megapixels"):
        decode_gray(file_of(_gray()), Limits(max_pixels=100))
