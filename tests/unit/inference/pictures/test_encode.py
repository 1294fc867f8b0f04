"""What was in the file is in the delivered file."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from inference.pictures import Picture, decode, delivery_format, encode
from inference.pictures.exif import neutralise
from schemas.asset import MediaType
from schemas.errors import BadInput
from tests.unit.inference.files import deep_file, deep_photograph, file_of, photograph

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def reopened(picture: Picture, media_type: MediaType, *, keep_metadata: bool = True) -> Image.Image:
    return Image.open(io.BytesIO(encode(picture, media_type, keep_metadata=keep_metadata)))


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("alpha", [False, True])
def test_png_keeps_every_sample(deep: bool, gray: bool, alpha: bool) -> None:
    pixels = deep_photograph() if deep else photograph()
    if gray:
        pixels = np.repeat(pixels[..., :1], 3, axis=2)
    picture = Picture(pixels, pixels[..., 1] if alpha else None, was_gray=gray)
    again = decode(encode(picture, MediaType.PNG))
    assert again.pixels.dtype == pixels.dtype
    np.testing.assert_array_equal(again.pixels, pixels)
    assert (again.alpha is not None) == alpha
    if alpha:
        np.testing.assert_array_equal(again.alpha, picture.alpha)


@pytest.mark.parametrize("media_type", [MediaType.PNG, MediaType.JPEG])
@pytest.mark.parametrize("deep", [False, True])
def test_profile_and_exif_travel_on(media_type: MediaType, deep: bool) -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    source = decode(file_of(photograph(), "JPEG", exif=exif, icc_profile=SRGB))
    picture = source.with_pixels(deep_photograph() if deep else source.pixels, None)
    image = reopened(picture, media_type)
    assert image.info["icc_profile"] == SRGB
    assert image.getexif()[0x010F] == "A camera"


def test_without_metadata_the_exif_is_gone_and_the_profile_stays() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    picture = decode(file_of(photograph(), "JPEG", exif=exif, icc_profile=SRGB))
    image = reopened(picture, MediaType.JPEG, keep_metadata=False)
    assert not image.getexif()
    assert image.info["icc_profile"] == SRGB


def test_gray_stays_gray_until_something_coloured_is_added() -> None:
    picture = decode(file_of(Image.fromarray(photograph()).convert("L")))
    assert reopened(picture, MediaType.PNG).mode == "L"
    assert reopened(picture, MediaType.JPEG).mode == "L"
    coloured = picture.pixels.copy()
    coloured[3, 3] = (255, 0, 0)
    assert reopened(picture.with_pixels(coloured, None), MediaType.PNG).mode == "RGB"


def test_a_colour_picture_with_equal_channels_stays_colour() -> None:
    pixels = np.repeat(photograph()[..., :1], 3, axis=2)
    assert reopened(Picture(pixels), MediaType.PNG).mode == "RGB"


def test_jpeg_is_written_without_chroma_subsampling() -> None:
    image = reopened(Picture(photograph()), MediaType.JPEG)
    assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3


def test_jpeg_shows_transparent_pixels_on_white() -> None:
    picture = Picture(photograph(), np.zeros(photograph().shape[:2], np.uint8))
    assert np.asarray(reopened(picture, MediaType.JPEG)).min() == 255


@pytest.mark.parametrize(
    ("wanted", "source", "expected"),
    [
        ("source", MediaType.JPEG, MediaType.JPEG),
        ("source", MediaType.PNG, MediaType.PNG),
        ("source", MediaType.WEBP, MediaType.PNG),
        ("source", MediaType.TIFF, MediaType.PNG),
        ("jpeg", MediaType.PNG, MediaType.JPEG),
        ("png", MediaType.JPEG, MediaType.PNG),
    ],
)
def test_delivery_format(wanted: str, source: MediaType, expected: MediaType) -> None:
    assert delivery_format(wanted, source) is expected


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(BadInput, match="source, png or jpeg"):
        delivery_format("exe", MediaType.PNG)


def test_the_thumbnail_that_shows_the_unedited_picture_is_unlinked() -> None:
    #                 header            1 entry: orientation 6                 -> thumbnail directory at 26
    block = b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x1a\x00\x00\x00"
    out = neutralise(block + b"\x00\x00")
    assert out is not None
    assert out[18:20] == b"\x01\x00"
    assert out[22:26] == b"\x00\x00\x00\x00"
    assert len(out) == len(block) + 2


@pytest.mark.parametrize(
    "block", [b"", b"II*\x00", b"II*\x00\xff\xff\xff\xff", b"junkjunkjunk", b"MM\x00*\x00\x00\x00\x08\xff\xff"]
)
def test_a_broken_exif_block_is_dropped(block: bytes) -> None:
    assert neutralise(block) is None


def test_deep_png_reads_back_through_pillow_too() -> None:
    picture = decode(deep_file(deep_photograph()))
    image = reopened(picture, MediaType.PNG)
    image.load()
    assert image.size == (picture.width, picture.height)
