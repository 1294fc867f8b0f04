"""XMP beside Content Credentials: the same in short, for tools that read IPTC's fields and no C2PA."""

import re
from xml.etree import ElementTree as ET

from schemas.credentials import GENERATOR, VERSION, Action, Claim, SourceType

LONGEST = 60_000
"""Bytes of a packet: a JPEG's segment holds 65,502."""
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP = "http://ns.adobe.com/xap/1.0/"
_MM = "http://ns.adobe.com/xap/1.0/mm/"
_EVENT = "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_META = "adobe:ns:meta/"
_PREFIXES = {"rdf": _RDF, "x": _META, "xmp": _XMP, "xmpMM": _MM, "stEvt": _EVENT, "Iptc4xmpExt": _IPTC}
_DESCRIPTION = f"{{{_RDF}}}Description"
_SOURCE_TYPE = f"{{{_IPTC}}}DigitalSourceType"
_HISTORY = f"{{{_MM}}}History"
_BEGINS = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_ENDS = '\n<?xpacket end="r"?>'


def packet(claim: Claim, existing: bytes | None = None) -> bytes:
    """Write an XMP packet, UTF-8, of what a claim says; what the upload's own packet says besides stays in it.

    ``Iptc4xmpExt:DigitalSourceType`` is written where a generative model worked, with the models'
    names in ``AISystemUsed`` and ``AISystemVersionUsed`` (IPTC Photo Metadata 2025.1), and
    ``AIPromptInformation`` where the claim tells a prompt; a picture that came as wholly
    generated stays that. ``xmpMM:History`` gets one event an action, and ``xmp:CreatorTool`` this program. Nothing
    in it tells of times or people: made again, the same picture has the same packet.

    Parameters
    ----------
    existing
        The upload's packet. One that is no XMP, declares entities or would make the whole longer than ``LONGEST``
        is left out.
    """
    for prefix, namespace in _PREFIXES.items():
        ET.register_namespace(prefix, namespace)
    meta = _parsed(existing) if existing else None
    written = _written(claim, meta)
    return written if len(written) <= LONGEST else _written(claim, None)


def _written(claim: Claim, meta: ET.Element | None) -> bytes:
    if meta is None:
        meta = ET.Element(f"{{{_META}}}xmpmeta")
        ET.SubElement(ET.SubElement(meta, f"{{{_RDF}}}RDF"), _DESCRIPTION, {f"{{{_RDF}}}about": ""})
    descriptions = list(meta.iter(_DESCRIPTION))
    first = descriptions[0]
    kind = claim.source_type
    if kind is not None and _property(descriptions, _SOURCE_TYPE) != SourceType.GENERATED:
        _set(descriptions, _SOURCE_TYPE, str(kind))
    models = [action.agent for action in claim.actions if action.source_type in (SourceType.GENERATED, kind)]
    if kind is not None:
        _set(descriptions, f"{{{_IPTC}}}AISystemUsed", ", ".join(dict.fromkeys(each.name for each in models)))
        versions = [each.version for each in models if each.version]
        if versions:
            _set(descriptions, f"{{{_IPTC}}}AISystemVersionUsed", ", ".join(dict.fromkeys(versions)))
    prompts = [str(said["prompt"]) for said in (action.parameters for action in claim.actions) if "prompt" in said]
    if prompts:
        _set(descriptions, f"{{{_IPTC}}}AIPromptInformation", prompts[0])
    _set(descriptions, f"{{{_XMP}}}CreatorTool", f"{GENERATOR} {VERSION}")
    events = _sequence(first, meta)
    for action in claim.actions:
        if action.action != "c2pa.published":
            events.append(_event(action))
    return (_BEGINS + ET.tostring(meta, encoding="unicode") + _ENDS).encode()


def _parsed(text: bytes) -> ET.Element | None:
    """Read a packet from outside: no document type, so no entities, and no longer than what we write."""
    if len(text) > LONGEST or b"<!" in text:
        return None
    body = re.sub(rb"<\?xpacket.*?\?>", b"", text, flags=re.DOTALL).strip(b"\x00 \r\n\t")
    try:
        root = ET.fromstring(body)  # noqa: S314  bounded, and without a document type there is nothing to expand
    except (ET.ParseError, ValueError, LookupError):
        return None
    meta = root
    if root.tag == f"{{{_RDF}}}RDF":
        meta = ET.Element(f"{{{_META}}}xmpmeta")
        meta.append(root)
    return meta if next(meta.iter(_DESCRIPTION), None) is not None else None


def _property(descriptions: list[ET.Element], name: str) -> str | None:
    """A simple property, which may stand as an attribute or as an element."""
    for each in descriptions:
        if (found := each.get(name) or each.findtext(name)) is not None:
            return found
    return None


def _set(descriptions: list[ET.Element], name: str, value: str) -> None:
    for each in descriptions:
        each.attrib.pop(name, None)
        for old in each.findall(name):
            each.remove(old)
    ET.SubElement(descriptions[0], name).text = _writable(value)


def _sequence(first: ET.Element, meta: ET.Element) -> ET.Element:
    """Find the history that there is, or begin one."""
    history = next(meta.iter(_HISTORY), None)
    history = ET.SubElement(first, _HISTORY) if history is None else history
    sequence = history.find(f"{{{_RDF}}}Seq")
    return ET.SubElement(history, f"{{{_RDF}}}Seq") if sequence is None else sequence


def _event(action: Action) -> ET.Element:
    event = ET.Element(f"{{{_RDF}}}li", {f"{{{_RDF}}}parseType": "Resource"})
    agent = " ".join(filter(None, (action.agent.name, action.agent.version)))
    said = {"action": action.action.removeprefix("c2pa."), "parameters": action.description, "softwareAgent": agent}
    for name, value in said.items():
        ET.SubElement(event, f"{{{_EVENT}}}{name}").text = _writable(value)
    return event


def _writable(text: str) -> str:
    """XML holds no control characters and no halves of pairs."""
    return "".join(char for char in text if char.isprintable())
