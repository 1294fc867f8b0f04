"""What a delivered file tells beside its pixels is what the recipe lets travel on, and nothing else."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, IptcImagePlugin

from handlers.rendering.further import told_by
from handlers.rendering.metadata import exif, iptc, xmp
from handlers.rendering.metadata.blocks import Metadata
from handlers.rendering.web import web_files
from schemas.asset import MediaType
from schemas.delivering import MetadataPolicy, WebStep
from tests.unit.handlers.rendering.samples import master, photograph

ARTIST, COPYRIGHT, MAKE, GPS = 0x013B, 0x8298, 0x010F, 0x8825
SECRET = "SN-4711"
PACKET = f"""<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:r="http://ns.adobe.com/xap/1.0/rights/"
 exif:GPSLatitude="52,31.2N" aux:SerialNumber="{SECRET}" r:WebStatement="https://example.org/licence">
 <dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()
FIELDS = [(2, 80, b"Ada"), (2, 116, b"(c) Ada"), (2, 90, b"Berlin"), (2, 25, b"holiday")]


def _iptc() -> bytes:
    iim = b"".join(bytes([0x1C, a, b]) + len(text).to_bytes(2) + text for a, b, text in FIELDS)
    return b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(iim).to_bytes(4) + iim + b"\0" * (len(iim) % 2)


def _exif() -> bytes:
    block = Image.Exif()
    block[ARTIST], block[COPYRIGHT], block[MAKE], block[0x0112] = "Ada", "(c) Ada", SECRET, 6
    block.get_ifd(GPS)[2] = (52.0, 31.0, 12.5)
    return block.tobytes()


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    """A JPEG that tells a lot."""
    out = io.BytesIO()
    photograph().save(out, "JPEG", exif=_exif(), xmp=PACKET, quality=90)
    block, data = _iptc(), out.getvalue()
    path = tmp_path / "upload.jpg"
    path.write_bytes(data[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2) + block + data[2:])
    return path


def _told(path: Path) -> tuple[Image.Exif, dict[tuple[int, int], bytes], bytes]:
    with Image.open(path) as picture:
        fields = IptcImagePlugin.getiptcinfo(picture) or {}
        return picture.getexif(), fields, picture.info.get("xmp", b"")


@pytest.mark.parametrize("policy", ["keep", "strip-gps", "rights"])
def test_a_file_tells_what_the_policy_lets_travel_on(upload: Path, tmp_path: Path, policy: MetadataPolicy) -> None:
    told = told_by(upload, MediaType.JPEG, policy)
    picture = master(upload, kind=MediaType.JPEG)
    (tmp_path / "web").mkdir()
    files = web_files(WebStep(widths=[200]), {"native": picture}, {"native": told}, tmp_path / "web")
    assert len(files) == 3
    for file in files:
        block, fields, packet = _told(file.path)
        assert (block.get(ARTIST), block.get(COPYRIGHT)) == ("Ada", "(c) Ada"), file.name
        assert block.get(0x0112, 1) == 1
        assert (block.get(MAKE) == SECRET) is (policy != "rights")
        assert bool(block.get_ifd(GPS)) is (policy == "keep")
        assert b"Ada" in packet
        assert b"example.org/licence" in packet
        assert (b"GPSLatitude" in packet) is (policy == "keep")
        assert (SECRET.encode() in packet) is (policy != "rights")
        assert (SECRET.encode() in file.path.read_bytes()) is (policy != "rights")
        if file.name.endswith("jpeg"):  # the other two have no place for IPTC's older fields
            assert fields[2, 80] == b"Ada"
            assert ((2, 90) in fields) is (policy != "rights")


def test_a_place_that_is_taken_out_is_gone_and_nothing_else_moved() -> None:
    block = _exif()
    cut = exif.without_place(block, 1)
    assert cut is not None
    assert len(cut) == len(block)
    found = Image.Exif()
    found.load(cut)
    assert (found.get(ARTIST), found.get(MAKE), dict(found.get_ifd(GPS))) == ("Ada", SECRET, {})
    degrees = (52).to_bytes(4, "little") + (1).to_bytes(4, "little")
    assert degrees in block
    assert degrees not in cut


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_the_one_that_the_pixels_have(orientation: int) -> None:
    for cut in (exif.turned, exif.without_place, exif.rights_only):
        found = Image.Exif()
        found.load(cut(_exif(), orientation) or b"")
        assert found.get(0x0112) == orientation


@given(st.binary(max_size=400) | st.integers(0, 300).flatmap(lambda n: st.just(_exif()[:n])))
def test_a_damaged_block_is_cut_down_or_left_out_and_never_fails(damaged: bytes) -> None:
    for cut in (exif.turned, exif.without_place, exif.rights_only):
        cut(damaged, 1)
    iptc.rights_only(damaged)
    iptc.rights_only(b"Photoshop 3.0\x00" + damaged)
    assert xmp.rights_only(damaged) is None
    assert xmp.without_place(damaged) is None


def test_a_packet_that_declares_entities_is_none() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + PACKET
    assert xmp.without_place(bomb) is None


def test_nothing_is_told_of_a_picture_that_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    photograph().save(path)
    assert told_by(path, MediaType.PNG, "keep") == Metadata()
