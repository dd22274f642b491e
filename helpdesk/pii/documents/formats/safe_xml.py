"""XML of strangers: no entity is expanded, no file or address opened."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from helpdesk.pii.documents.reading import Refusal
from helpdesk.pii.documents.values import Why

Element = etree._Element


def parse(data: bytes) -> Element:
    """The root element. Raises etree.XMLSyntaxError, or Refusal for a bomb's shape."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=False,
        recover=False,
    )
    root = etree.fromstring(data, parser)
    if len(declared_entities(root)) > 100:
        raise Refusal(Why.TOO_LARGE)
    return root


def declared_entities(root: Element) -> list[str]:
    """What internal entities stand for: text that a reader with expansion would see."""
    dtd: Any = root.getroottree().docinfo.internalDTD  # the stubs lack its methods
    return [] if dtd is None else [str(entity.content) for entity in dtd.entities() if entity.content]


def local(element: Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name."""
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), "")


def named(root: Element, *names: str) -> Iterator[Element]:
    """All descendants with one of these local names, in document order."""
    for element in root.iter():
        if local(element) in names:
            yield element
