"""XMP says the same as the claim, and keeps what others have written."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import xmp
from schemas.credentials import SourceType
from tests.unit.handlers.credentials.conftest import claim

IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
EVENT = "{http://ns.adobe.com/xap/1.0/sType/ResourceEvent#}"
DC = "{http://purl.org/dc/elements/1.1/}"


def _theirs(properties: str = "", attributes: str = "") -> bytes:
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
 {attributes}><dc:rights>(c) Somebody</dc:rights>{properties}</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


def _read(packet: bytes) -> ET.Element:
    return ET.fromstring(packet.decode().partition("?>")[2].rpartition("<?xpacket")[0])


def _value(packet: bytes, name: str) -> str | None:
    found = next(_read(packet).iter(name), None)
    return found.text if found is not None else None


def test_a_generative_edit_is_said_in_the_words_of_the_iptc() -> None:
    written = xmp.packet(claim(generative=True))
    assert _value(written, f"{IPTC}DigitalSourceType") == SourceType.COMPOSITE
    assert _value(written, f"{IPTC}AISystemUsed") == "inpaint-model"
    assert _value(written, f"{IPTC}AISystemVersionUsed") == "1"


def test_a_classical_edit_claims_nothing_of_the_kind() -> None:
    written = xmp.packet(claim(generative=False))
    assert b"DigitalSourceType" not in written
    assert b"AISystem" not in written


def test_the_history_tells_every_action() -> None:
    stated = claim()
    actions = [each.text for each in _read(xmp.packet(stated)).iter(f"{EVENT}action")]
    assert actions == [action.action.removeprefix("c2pa.") for action in stated.actions[:-1]]
    assert "published" not in actions, "when that was, and who looked, is no property of the picture"


def test_what_others_wrote_stays_and_history_is_added_to() -> None:
    before = "<xmpMM:History><rdf:Seq><rdf:li stEvt:action='saved'/></rdf:Seq></xmpMM:History>"
    written = xmp.packet(claim(), _theirs(before))
    assert _value(written, f"{DC}rights") == "(c) Somebody"
    assert b"saved" in written
    assert written.count(b":History>") == 2, "one history, opened and closed"


@pytest.mark.parametrize("generative", [True, False])
def test_a_picture_that_came_as_generated_stays_generated(generative: bool) -> None:
    attribute = f'Iptc4xmpExt:DigitalSourceType="{SourceType.GENERATED}"'
    written = xmp.packet(claim(generative=generative), _theirs(attributes=attribute))
    assert SourceType.GENERATED.encode() in written
    assert SourceType.COMPOSITE.encode() not in written


def test_a_photograph_that_was_edited_generatively_is_no_longer_only_that() -> None:
    captured = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
    attribute = f'Iptc4xmpExt:DigitalSourceType="{captured}"'
    written = xmp.packet(claim(generative=True), _theirs(attributes=attribute))
    assert captured.encode() not in written
    assert _value(written, f"{IPTC}DigitalSourceType") == SourceType.COMPOSITE


@pytest.mark.parametrize(
    "text",
    [b"", b"<", b"<a/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<a>" * 30_000, _theirs("x" * xmp.LONGEST)],
    ids=["empty", "broken", "other", "entities", "long", "full"],
)
def test_a_packet_that_is_none_or_too_long_is_left_out(text: bytes) -> None:
    assert xmp.packet(claim(), text) == xmp.packet(claim())


@given(st.binary(max_size=200))
def test_no_packet_from_outside_breaks_ours(text: bytes) -> None:
    assert _read(xmp.packet(claim(), text)) is not None


def test_a_prompt_is_told_where_the_claim_tells_it() -> None:
    stated = claim(generative=True)
    telling = stated.actions[1].model_copy(update={"parameters": {"prompt": "grass"}})
    told = stated.model_copy(update={"actions": [stated.actions[0], telling, *stated.actions[2:]]})
    assert _value(xmp.packet(told), f"{IPTC}AIPromptInformation") == "grass"
    assert b"AIPrompt" not in xmp.packet(stated)
