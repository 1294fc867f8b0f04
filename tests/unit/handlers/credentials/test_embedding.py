"""A packet gets into a file, and its pixels stay as they are."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from handlers.credentials.embedding import CAN_EMBED, with_xmp
from tests.unit.handlers.credentials.conftest import KINDS
from tests.unit.handlers.pictures import COLOUR, ICC, encoded, turned


@pytest.mark.parametrize("media_type", sorted(CAN_EMBED))
def test_the_last_packet_is_the_only_one_and_no_pixel_changes(media_type: str) -> None:
    plain = encoded(COLOUR, KINDS[media_type], icc_profile=ICC)
    once = with_xmp(plain, media_type, b"<first/>")
    twice = with_xmp(once, media_type, b"<second/>")
    read, before = Image.open(io.BytesIO(twice)), Image.open(io.BytesIO(plain))
    assert read.info["xmp"] == b"<second/>"
    assert b"<first/>" not in twice
    assert (read.tobytes(), read.info["icc_profile"]) == (before.tobytes(), before.info["icc_profile"])


def test_exif_stays_where_readers_look_for_it() -> None:
    read = Image.open(io.BytesIO(with_xmp(turned(6), "image/jpeg", b"<x/>")))
    assert (read.getexif()[0x0112], read.info["xmp"]) == (6, b"<x/>")


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp"])
@given(data=st.binary(max_size=300))
def test_what_is_no_such_file_is_left_alone(media_type: str, data: bytes) -> None:
    assert with_xmp(data, media_type, b"<x/>") == data


@given(data=st.binary(max_size=100))
def test_a_file_that_breaks_off_does_not_stop_us(data: bytes) -> None:
    for start, media_type in ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png")):
        assert with_xmp(start + data, media_type, b"<x/>").startswith(start[:2])
