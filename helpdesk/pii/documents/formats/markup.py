"""HTML as it stands, XML as a list of what its elements say."""

import base64
import binascii
import re

from lxml import etree

from helpdesk.pii.documents.formats import safe_xml
from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.reading import Place

CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
DATA_URI = re.compile(r"data:[\w/+.-]{0,80}(?:;[\w=.-]{1,80}){0,3};base64,([A-Za-z0-9+/=\s%]{40,})")
#: Attributes that lay out rather than say.
MUTE = frozenset({"style", "class", "id", "d", "points", "transform", "schemaLocation", "type", "version"})


def declared(data: bytes) -> str:
    found = CHARSET.search(data[:2_048])
    return found[1].decode("ascii", "replace") if found else ""


def read_html(data: bytes, place: Place) -> None:
    text = decode(data, declared(data))
    embedded = [match[1] for match in DATA_URI.finditer(text)]
    place.say("html", DATA_URI.sub("data:,", text) if embedded else text, "html")
    for number, encoded in enumerate(embedded, 1):
        try:
            inner = base64.b64decode(encoded)
        except (binascii.Error, ValueError):
            continue  # no picture for a browser either
        place.enter(f"embedded {number}", inner)


def read_xml(data: bytes, place: Place) -> None:
    """A line an element: `tag: text`, `tag attribute: value`; not well-formed XML is read as text."""
    try:
        root = safe_xml.parse(data)
    except etree.XMLSyntaxError:
        place.say("text", decode(data, declared(data)))
        return
    lines = [line for element in root.iter() for line in _lines(element)]
    place.say("text", "\n".join(lines + safe_xml.declared_entities(root)))


def _lines(element: safe_xml.Element) -> list[str]:
    tag = safe_xml.local(element)
    lines = [
        f"{tag} {str(name).rpartition('}')[2]}: {value!s}"
        for name, value in element.attrib.items()
        if value.strip() and str(name).rpartition("}")[2] not in MUTE
    ]
    own = " ".join(part.strip() for part in (element.text, *(_tails(element))) if part and part.strip())
    if own:
        lines.insert(0, f"{tag}: {own}" if tag else own)
    return lines


def _tails(element: safe_xml.Element) -> list[str]:
    return [child.tail or "" for child in element]
