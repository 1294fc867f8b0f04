"""What is delivered as it came keeps every pixel, and tells what the recipe lets it tell."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from handlers.rendering.metadata import Metadata, gif, jpeg, png, webp
from handlers.rendering.rewriting import cut_down, tell
from schemas.asset import MediaType
from schemas.delivering import MetadataPolicy
from schemas.errors import PermanentFailure
from tests.unit.handlers.rendering.samples import P3, photograph
from tests.unit.handlers.rendering.test_metadata import GPS, MAKE, PACKET, SECRET, _exif, _iptc

WHERE = b"GPSLatitude"
KINDS = [MediaType.JPEG, MediaType.PNG, MediaType.WEBP, MediaType.TIFF, MediaType.GIF]


def _file(folder: Path, kind: MediaType) -> Path:
    """A picture that tells a lot, stored on its side where its type can say so."""
    out, path = io.BytesIO(), folder / "file"
    how: dict[str, object] = {"exif": _exif(), "xmp": PACKET, "icc_profile": P3}
    if kind is MediaType.GIF:
        how = {"comment": SECRET.encode(), "xmp": PACKET}
    elif kind is MediaType.TIFF:
        how = {"exif": Image.Exif(), "description": SECRET, "icc_profile": P3}
    elif kind is MediaType.PNG:  # Pillow reads XMP there and writes none
        texts = PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", PACKET.decode())
        texts.add_text("Comment", SECRET)
        how |= {"pnginfo": texts}
    picture = photograph().convert("P") if kind is MediaType.GIF else photograph()
    picture.save(out, kind.name, **({"quality": 90} if kind is MediaType.JPEG else {}), **how)
    data = out.getvalue()
    if kind is MediaType.JPEG:
        block = _iptc()
        data = data[:2] + jpeg.segment(0xED, block) + jpeg.segment(0xFE, SECRET.encode()) + data[2:]
    path.write_bytes(data)
    return path


def _seen(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("policy", ["strip-gps", "rights"])
def test_pixels_profile_and_orientation_stay_and_what_may_not_travel_is_gone(
    tmp_path: Path, kind: MediaType, policy: MetadataPolicy
) -> None:
    path = _file(tmp_path, kind)
    before = _seen(path)
    cut_down(path, kind, policy)
    data = path.read_bytes()
    assert np.array_equal(_seen(path), before)
    assert WHERE not in data
    assert SECRET.encode() not in data or (policy == "strip-gps" and kind not in (MediaType.TIFF, MediaType.GIF))
    with Image.open(path) as picture:
        assert picture.format == kind.name
        if kind is not MediaType.GIF:
            assert picture.info["icc_profile"] == P3
        if kind in (MediaType.JPEG, MediaType.PNG, MediaType.WEBP):
            told = picture.getexif()
            assert told.get(0x0112) == 6
            assert told.get(0x013B) == "Ada"
            assert not told.get_ifd(GPS)
            assert (told.get(MAKE) == SECRET) is (policy == "strip-gps")
            assert b"example.org/licence" in picture.info["xmp"]


@pytest.mark.parametrize("kind", KINDS)
def test_where_everything_may_travel_on_not_a_byte_changes(tmp_path: Path, kind: MediaType) -> None:
    path = _file(tmp_path, kind)
    before = path.read_bytes()
    cut_down(path, kind, "keep")
    assert path.read_bytes() == before


def test_further_views_behind_a_picture_go_with_what_they_tell(tmp_path: Path) -> None:
    path = _file(tmp_path, MediaType.JPEG)
    first = path.read_bytes()
    path.write_bytes(first + first)
    cut_down(path, MediaType.JPEG, "rights")
    assert path.read_bytes().count(b"\xff\xd9") == 1
    assert SECRET.encode() not in path.read_bytes()
    _seen(path)


@pytest.mark.parametrize("kind", [MediaType.JPEG, MediaType.PNG])
def test_what_a_model_made_tells_what_its_upload_told(tmp_path: Path, kind: MediaType) -> None:
    path = tmp_path / "made"
    photograph().save(path, kind.name)
    before = _seen(path)
    tell(path, kind, Metadata(exif=_exif(), iptc=_iptc(), xmp=PACKET))
    with Image.open(path) as picture:
        assert picture.getexif().get(MAKE) == SECRET
        assert picture.info["xmp"] == PACKET
    assert np.array_equal(_seen(path), before)


def test_a_file_whose_parts_do_not_hold_together_is_not_delivered_with_what_it_tells(tmp_path: Path) -> None:
    path = _file(tmp_path, MediaType.GIF)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(PermanentFailure) as raised:
        cut_down(path, MediaType.GIF, "rights")
    assert raised.value.code == "metadata_unreadable"


@given(data=st.binary(max_size=300), start=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"GIF89a"]))
def test_nonsense_is_refused_and_never_looped_over(data: bytes, start: bytes) -> None:
    for rewrite in (
        lambda it: jpeg.rewritten(it, None, None, None),
        lambda it: png.rewritten(it, None, None),
        lambda it: webp.rewritten(it, None, None),
        gif.silent,
    ):
        try:
            rewrite(start + data)
        except ValueError:
            continue
