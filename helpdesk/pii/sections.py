"""Pieces of a mail to readings: text mapped and cut into zones, files read by documents/."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from helpdesk.config import Documents
from helpdesk.errors import HelpdeskError
from helpdesk.pii.html import read_html
from helpdesk.pii.names import name_words
from helpdesk.pii.not_people import without_examples, without_machines
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.contact import PERSONAL_DOMAIN
from helpdesk.pii.text import Mapped, normalise
from helpdesk.pii.values import Context, Kind, Piece, Zone
from helpdesk.pii.zones import ZoneMap, cut_zones, one_zone

LONGEST_TEXT = 4_000_000
_WHOLE = {Kind.SUBJECT: Zone.SUBJECT, Kind.NAME: Zone.DISPLAY_NAME, Kind.FILE_NAME: Zone.FILE_NAME}


class UnreadError(HelpdeskError):
    """A piece was not read to its end, so nothing may be said of it; the message says why."""


def text_of(piece: Piece) -> Mapped:
    """The plain text of a piece of text or HTML, without what it quotes as an example of what never to write.

    Raises UnreadError when it is longer than may be read.
    """
    if len(piece.text) > LONGEST_TEXT:
        raise UnreadError(
            f"The text is longer than {LONGEST_TEXT} characters, so it was not read; an officer must look at it."
        )
    return without_examples(normalise(read_html(piece.text) if piece.kind is Kind.HTML else piece.text))


def reading_of(
    piece: Piece, mapped: Mapped, context: Context, machines: frozenset[str] = frozenset()
) -> Reading:
    """The reading of a piece with its plain text; `machines` are given names that the mail gives to machines."""
    mapped = without_machines(mapped, machines)
    return Reading(
        piece.part,
        "",
        mapped,
        _zones(piece.kind, mapped.text, context),
        piece.kind.value,
        is_private(context.sender_address, context.own_domains),
        is_scottish(context),
    )


def read_piece(piece: Piece, context: Context) -> Reading:
    """The reading of one piece by itself; raises UnreadError as `text_of` does."""
    return reading_of(piece, text_of(piece), context)


def _zones(kind: Kind, text: str, context: Context) -> ZoneMap:
    if kind in _WHOLE:
        return one_zone(text, _WHOLE[kind])
    return cut_zones(text, name_words(context.sender_name) | address_words(context.sender_address))


def is_private(address: str, own_domains: frozenset[str]) -> bool:
    """Whether the writer is a member of the public: an address at a private provider, none of the NHS or of ours."""
    domain = address.rpartition("@")[2].lower()
    return bool(domain) and domain not in own_domains and bool(PERSONAL_DOMAIN.search("@" + domain))


def is_scottish(context: Context) -> bool:
    """Whether the mail comes from or goes to Scotland, whose care knows people by their CHI number."""
    addresses = (context.sender_address, *(address for _, address in context.recipients))
    return any(address.lower().endswith((".scot", ".scot.nhs.uk")) for address in addresses)


def address_words(address: str) -> frozenset[str]:
    """Words of a name in the local part of an address: jane.smith2@ gives jane and smith."""
    local = address.partition("@")[0].replace("_", ".")
    words = (word.strip("0123456789") for word in local.split("."))
    return frozenset(word.lower() for word in words if len(word) > 2)


def file_readings(piece: Piece, document: Any) -> Iterator[Reading]:
    """The readings of a file's sections; HTML sections are read as HTML."""
    for section in document.sections:
        mapped = normalise(read_html(section.text) if section.kind == "html" else section.text)
        yield Reading(piece.part, section.path, mapped, one_zone(mapped.text, Zone.ATTACHMENT), section.kind)


def read_document(piece: Piece, limits: Documents, *, ocr: bool) -> Any:
    """The file's sections and what could not be read of it, by the isolated reader."""
    reader = import_module("helpdesk.pii.documents").read_document
    return reader(piece.data, piece.file_name, piece.media_type, limits, ocr=ocr)
