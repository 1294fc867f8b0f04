"""XMP packets cut down: without coordinates, or to the properties that say whose the picture is. ISO 16684-1."""

from collections.abc import Callable
from xml.etree import ElementTree as ET

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_DESCRIPTION = f"{_RDF}Description"
_EXIF = "{http://ns.adobe.com/exif/1.0/}GPS"
_RIGHTS = (
    "{http://ns.adobe.com/xap/1.0/rights/}",
    "{http://ns.useplus.org/ldf/xmp/1.0/}",
    "{http://creativecommons.org/ns#}",
    "{http://purl.org/dc/elements/1.1/}rights",
    "{http://purl.org/dc/elements/1.1/}creator",
    "{http://ns.adobe.com/photoshop/1.0/}Credit",
    "{http://ns.adobe.com/photoshop/1.0/}Source",
)
_LONGEST = 1 << 20
_BEGINS = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_ENDS = '\n<?xpacket end="r"?>'


def without_place(packet: bytes) -> bytes | None:
    """Take out ``exif:GPS...``; ``None`` for what is no XMP."""
    return _kept(packet, lambda name: not name.startswith(_EXIF))


def rights_only(packet: bytes) -> bytes | None:
    """Keep what says whose the picture is and who may use it; ``None`` where nothing does."""
    return _kept(packet, lambda name: name.startswith(_RIGHTS))


def _kept(packet: bytes, keeps: Callable[[str], bool]) -> bytes | None:
    root = _parsed(packet)
    if root is None:
        return None
    left = 0
    for description in root.iter(_DESCRIPTION):
        for name in [name for name in description.attrib if not name.startswith(_RDF)]:
            if keeps(name):
                left += 1
            else:
                del description.attrib[name]
        for child in list(description):
            if keeps(str(child.tag)):
                left += 1
            else:
                description.remove(child)
    return (_BEGINS + ET.tostring(root, encoding="unicode") + _ENDS).encode() if left else None


def _parsed(packet: bytes) -> ET.Element | None:
    """Read a packet. One that declares anything (entities among it) is none: XMP knows no such thing."""
    if len(packet) > _LONGEST or b"<!" in packet.replace(b"<!--", b""):
        return None
    try:
        return ET.fromstring(packet.strip(b"\0 \r\n\t"))  # noqa: S314  declarations were refused above
    except ET.ParseError:
        return None
