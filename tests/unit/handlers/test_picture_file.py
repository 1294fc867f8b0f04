"""What a file is comes from its content; what cannot be used is refused in words, and cheaply."""

import hashlib
import random
import tracemalloc
from pathlib import Path

import pytest
from PIL import Image

from handlers.picture_file import inspect_file, size_of
from inference.pictures import decode
from schemas.asset import Inspection, Limits, MediaType
from schemas.errors import BadInput
from tests.unit.handlers import pictures
from tests.unit.handlers.pictures import COLOUR, GREY_16, ICC, animated, encoded, png_of, turned

GOOD = {
    "jpeg": (encoded(COLOUR, "JPEG"), MediaType.JPEG),
    "progressive jpeg": (encoded(COLOUR, "JPEG", progressive=True), MediaType.JPEG),
    "camera's mpo": (encoded(COLOUR, "MPO", save_all=True, append_images=[COLOUR]), MediaType.JPEG),
    "png": (encoded(COLOUR, "PNG"), MediaType.PNG),
    "webp": (encoded(COLOUR, "WEBP"), MediaType.WEBP),
    "tiff": (encoded(COLOUR, "TIFF"), MediaType.TIFF),
    "compressed tiff": (encoded(COLOUR, "TIFF", compression="tiff_lzw"), MediaType.TIFF),
    "bmp": (encoded(COLOUR, "BMP"), MediaType.BMP),
    "gif": (encoded(COLOUR, "GIF"), MediaType.GIF),
}
BAD = {
    "nothing": (b"", "empty"),
    "zero bytes": (bytes(5000), "unknown_type"),
    "text": (b"I am no picture, whatever my name says.\n" * 50, "unknown_type"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "unknown_type"),
    "html before a picture": (b"<html><script>alert(1)</script></html>" + GOOD["jpeg"][0], "unknown_type"),
    "pdf": (b"%PDF-1.7\n1 0 obj <<>> endobj", "unknown_type"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "unknown_type"),
    "icon": (encoded(COLOUR, "ICO"), "unknown_type"),
    "only a jpeg's start": (GOOD["jpeg"][0][:20], "unknown_type"),
    "half a jpeg": (GOOD["jpeg"][0][: len(GOOD["jpeg"][0]) // 2], "truncated"),
    "half a png": (GOOD["png"][0][: len(GOOD["png"][0]) // 2], "truncated"),
    "half a webp": (GOOD["webp"][0][: len(GOOD["webp"][0]) // 2], "truncated"),
    "half a tiff": (GOOD["tiff"][0][: len(GOOD["tiff"][0]) // 2], "truncated"),
    "png without its rows": (png_of(100, 100), "truncated"),
    "bomb": (png_of(50_000, 50_000), "too_many_pixels"),
    "bomb in one row": (png_of(2**31 - 1, 1), "too_many_pixels"),
    "a thread": (png_of(40_000, 8), "bad_dimensions"),
    "a dot": (encoded(COLOUR.resize((7, 7)), "PNG"), "bad_dimensions"),
    "animated gif": (animated("GIF"), "several_frames"),
    "animated webp": (animated("WEBP"), "several_frames"),
    "animated png": (animated("PNG"), "several_frames"),
    "pages": (encoded(COLOUR, "TIFF", save_all=True, append_images=[COLOUR]), "several_frames"),
    "a hundred thousand empty pages": (pictures.tiff_of_many_directories(100_000), "several_frames"),
}


def _inspect(tmp_path: Path, content: bytes, limits: Limits | None = None) -> Inspection:
    path = tmp_path / "photo.jpg"  # the name never tells
    path.write_bytes(content)
    return inspect_file(path, len(content), hashlib.sha256(content).hexdigest(), limits or Limits())


@pytest.mark.parametrize("name", GOOD)
def test_every_type_we_take_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    content, kind = GOOD[name]
    found = _inspect(tmp_path, content)
    assert (found.media_type, found.width, found.height, found.bit_depth) == (kind, 160, 120, 8)
    assert found.size_bytes == len(content)


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_used_is_refused_in_words(tmp_path: Path, name: str) -> None:
    content, code = BAD[name]
    with pytest.raises(BadInput) as raised:
        _inspect(tmp_path, content)
    assert raised.value.code == code
    assert raised.value.message.endswith((".", ")."))
    assert str(tmp_path) not in raised.value.message


def test_a_picture_with_a_page_hidden_behind_it_is_still_that_picture(tmp_path: Path) -> None:
    content = GOOD["jpeg"][0] + b"<html><script>alert(1)</script></html>"
    assert _inspect(tmp_path, content).media_type is MediaType.JPEG


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_that_of_the_upright_picture(tmp_path: Path, kind: str, orientation: int) -> None:
    found = _inspect(tmp_path, turned(orientation, kind))
    assert found.orientation == orientation
    assert (found.width, found.height) == ((160, 120) if orientation < 5 else (120, 160))


@pytest.mark.parametrize("orientation", [0, 9, 60_000])
def test_an_orientation_that_there_is_not_means_upright(tmp_path: Path, orientation: int) -> None:
    found = _inspect(tmp_path, turned(orientation))
    assert (found.orientation, found.width) == (1, 160)


@pytest.mark.parametrize(
    ("content", "mode", "depth", "alpha"),
    [
        (encoded(COLOUR.convert("L"), "PNG"), "L", 8, False),
        (encoded(COLOUR.convert("1"), "PNG"), "1", 8, False),
        (encoded(COLOUR.convert("P"), "PNG", transparency=0), "P", 8, True),
        (encoded(pictures.GLASS, "WEBP", lossless=True), "RGBA", 8, True),
        (encoded(COLOUR.convert("LA"), "PNG"), "LA", 8, True),
        (encoded(COLOUR.convert("CMYK"), "JPEG"), "CMYK", 8, False),
        (encoded(COLOUR.convert("CMYK"), "TIFF"), "CMYK", 8, False),
        (encoded(GREY_16, "PNG"), "I;16", 16, False),
        (encoded(GREY_16, "TIFF"), "I;16", 16, False),
        (pictures.png_16_bit_colour(), "RGB", 16, False),
    ],
)
def test_mode_depth_and_alpha_are_those_of_the_file(
    tmp_path: Path, content: bytes, mode: str, depth: int, alpha: bool
) -> None:
    found = _inspect(tmp_path, content)
    assert (found.mode, found.bit_depth, found.has_alpha) == (mode, depth, alpha)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *[(mode, "TIFF") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "F", "I")],
        *[("I;16", kind) for kind in ("TIFF", "PNG")],
    ],
)
def test_a_mode_is_refused_exactly_where_no_model_could_read_it(tmp_path: Path, mode: str, kind: str) -> None:
    content = encoded(Image.new(mode, (32, 32)), kind)
    codes: list[str | None] = []
    for read in (lambda: _inspect(tmp_path, content), lambda: decode(content)):
        try:
            read()
            codes.append(None)
        except BadInput as error:
            codes.append(error.code)
    assert codes[0] == codes[1] == ("unsupported_mode" if mode in ("LAB", "F", "I") else None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_colour_profile_is_noticed(tmp_path: Path, kind: str) -> None:
    assert _inspect(tmp_path, encoded(COLOUR, kind, icc_profile=ICC)).has_icc_profile
    assert not _inspect(tmp_path, encoded(COLOUR, kind)).has_icc_profile


@pytest.mark.parametrize("name", ["bomb", "bomb in one row", "a hundred thousand empty pages", "pages"])
def test_a_header_alone_never_costs_memory(tmp_path: Path, name: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadInput):
            _inspect(tmp_path, BAD[name][0])
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()


def test_limits_are_checked_before_a_pixel_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda _image: pytest.fail("a pixel was decoded"))
    with pytest.raises(BadInput) as raised:
        _inspect(tmp_path, GOOD["jpeg"][0], Limits(max_pixels=160 * 120 - 1))
    assert raised.value.code == "too_many_pixels"


def test_no_damage_leads_to_anything_but_bad_input(tmp_path: Path) -> None:
    """One to twenty bytes changed, half of them in the header: what gets past Pillow is fine, what does not is ours."""
    chance = random.Random(20)
    path = tmp_path / "mask"
    outcomes = {"fine": 0, "refused": 0}
    for _ in range(400):
        content = bytearray(GOOD[chance.choice(list(GOOD))][0])
        for _ in range(chance.choice([1, 2, 5, 20])):
            content[chance.randrange(chance.choice([200, len(content)]))] = chance.randrange(256)
        path.write_bytes(content)
        size_of(path)
        try:
            _inspect(tmp_path, bytes(content))
            outcomes["fine"] += 1
        except BadInput:
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 50


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_a_mask_tells_its_size_by_its_header(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "mask"
    path.write_bytes(encoded(COLOUR.convert("L"), kind))
    assert size_of(path) == (160, 120)


@pytest.mark.parametrize("content", [b"", b"text", encoded(COLOUR, "GIF"), BAD["svg"][0]])
def test_what_is_no_mask_has_no_size(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mask"
    path.write_bytes(content)
    assert size_of(path) is None
