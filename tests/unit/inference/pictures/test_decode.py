"""Bytes become upright pictures, or a refusal a person can act on."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps

from inference.pictures import decode
from schemas.asset import Limits, MediaType
from schemas.errors import BadInput
from tests.unit.inference.files import deep_file, deep_photograph, file_of, photograph


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(BadInput) as caught:
        decode(data, limits)
    return caught.value.code


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_a_lossless_file_gives_its_exact_pixels(kind: str) -> None:
    picture = decode(file_of(photograph(), kind))
    np.testing.assert_array_equal(picture.pixels, photograph())
    assert picture.media_type is MediaType[kind]
    assert picture.alpha is None
    assert picture.pixels.flags.c_contiguous


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("deep", [False, True])
def test_every_orientation_comes_out_upright(turn: int, deep: bool) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    stored = Image.fromarray(photograph())
    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(file_of(stored, exif=exif)))))
    if deep:
        data = file_of(stored, exif=exif)
        start = data.index(b"eXIf") - 4
        chunk = data[start : start + 12 + struct.unpack(">I", data[start : start + 4])[0]]
        png = deep_file(photograph().astype(np.uint16) * 257)
        picture = decode(png[:33] + chunk + png[33:])
        np.testing.assert_array_equal(picture.rgb8(), expected)
    else:
        picture = decode(file_of(stored, exif=exif))
        np.testing.assert_array_equal(picture.pixels, expected)
    assert picture.exif is not None
    kept = Image.Exif()
    kept.load(picture.exif)
    assert kept[0x0112] == 1


@pytest.mark.parametrize("ending", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_stay_sixteen_bits(ending: str, channels: int) -> None:
    pixels = deep_photograph()
    stored = {1: pixels[..., 0], 3: pixels, 4: np.dstack([pixels, pixels[..., 1]])}[channels]
    picture = decode(deep_file(stored, ending))
    assert picture.deep
    expected = pixels if channels > 1 else np.repeat(pixels[..., :1], 3, axis=2)
    np.testing.assert_array_equal(picture.pixels, expected)
    assert (picture.alpha is not None) == (channels == 4)
    assert picture.was_gray == (channels == 1)


def test_the_8_bit_view_of_a_deep_picture_rounds() -> None:
    picture = decode(deep_file(deep_photograph()))
    np.testing.assert_array_equal(picture.rgb8(), np.rint(deep_photograph() / 257))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_stored_mode_is_understood(mode: str) -> None:
    image = Image.fromarray(photograph()).convert(mode)
    picture = decode(file_of(image))
    reference = image.convert("RGBA" if "A" in mode else "RGB")
    np.testing.assert_array_equal(picture.pixels, np.asarray(reference)[..., :3])
    assert picture.was_gray == (mode in ("1", "L", "LA"))
    assert (picture.alpha is not None) == ("A" in mode)


def test_a_transparent_palette_entry_becomes_alpha() -> None:
    image = Image.fromarray(photograph()).convert("P")
    picture = decode(file_of(image, transparency=int(np.asarray(image)[0, 0])))
    assert picture.alpha is not None
    assert picture.alpha[0, 0] == 0


def test_cmyk_without_a_profile_is_converted_by_the_plain_formula() -> None:
    image = Image.fromarray(photograph()).convert("CMYK")
    picture = decode(file_of(image, "TIFF"))
    np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))
    assert picture.icc is None


def test_cmyk_with_a_profile_that_is_no_cmyk_profile_still_decodes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = decode(file_of(Image.fromarray(photograph()).convert("CMYK"), "JPEG", icc_profile=profile))
    assert picture.icc is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_file_that_ends_early_is_refused(kind: str, share: float) -> None:
    data = file_of(photograph(), kind)
    assert refused(data[: int(len(data) * share)]) in ("truncated", "unreadable")


def test_a_deep_png_that_ends_early_is_refused() -> None:
    data = deep_file(deep_photograph())
    assert refused(data[: len(data) // 2]) == "truncated"


@pytest.mark.parametrize(
    "data", [b"", b"MZ\x90", b"%PDF-1.7", b"<svg/>", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a"]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refused(data) in ("unknown_type", "unreadable")


def test_animations_are_refused() -> None:
    frames = [Image.fromarray(photograph()), Image.fromarray(photograph()).rotate(90)]
    for kind in ("GIF", "WEBP", "TIFF", "PNG"):
        data = file_of(frames[0], kind, save_all=True, append_images=frames[1:])
        assert refused(data) == "several_frames"


def test_the_pixel_limit_holds_before_decoding() -> None:
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    png += struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    assert refused(png) == "too_many_pixels"


def test_the_deployment_may_lower_the_limits() -> None:
    data = file_of(photograph())
    assert refused(data, Limits(max_pixels=1000)) == "too_many_pixels"
    assert refused(data, Limits(max_side=100)) == "bad_dimensions"
    assert refused(data, Limits(min_side=100)) == "bad_dimensions"
    assert refused(data, Limits(max_bytes=1000)) == "too_many_bytes"


@pytest.mark.filterwarnings("ignore")  # Pillow warns about what it skips
@settings(max_examples=60, deadline=None)
@given(
    place=st.integers(0, 10**6), value=st.integers(0, 255), kind=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "TIFF"])
)
def test_a_flipped_byte_gives_a_picture_or_a_refusal_and_nothing_else(place: int, value: int, kind: str) -> None:
    data = bytearray(file_of(photograph(height=24, width=32), kind))
    data[place % len(data)] = value
    with contextlib.suppress(BadInput):
        decode(bytes(data), Limits(max_pixels=100_000))


def test_a_camera_s_jpeg_with_a_second_view_is_no_animation() -> None:
    views = [Image.fromarray(photograph()), Image.fromarray(photograph()).rotate(90)]
    picture = decode(file_of(views[0], "MPO", save_all=True, append_images=views[1:]))
    assert picture.media_type is MediaType.JPEG
    assert (picture.width, picture.height) == (128, 96)


def test_of_a_tiff_s_tags_only_those_that_describe_the_photograph_travel_on() -> None:
    tags = Image.Exif()
    tags[0x010F], tags[0x0112] = "A camera", 6
    picture = decode(file_of(photograph(), "TIFF", exif=tags))
    assert (picture.width, picture.height) == (96, 128)
    assert picture.exif is not None
    kept = Image.Exif()
    kept.load(picture.exif)
    assert dict(kept) == {0x010F: "A camera"}


@pytest.mark.parametrize("mode", ["F", "I", "LAB"])
def test_sample_formats_without_a_place_in_a_png_are_refused(mode: str) -> None:
    image = Image.new(mode, (20, 20))
    assert refused(file_of(image, "TIFF")) == "unsupported_mode"


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("deep", [False, True])
def test_a_tiff_is_turned_once(turn: int, deep: bool) -> None:
    gray = photograph()[..., 0]
    stored = Image.fromarray(gray.astype(np.uint16) * 257 if deep else gray)
    exif = Image.Exif()
    exif[0x0112] = turn
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(file_of(Image.fromarray(gray), exif=exif))))
    picture = decode(file_of(stored, "TIFF", tiffinfo={0x0112: turn}))
    assert picture.deep == deep
    np.testing.assert_array_equal(picture.rgb8()[..., 0], np.asarray(expected))
