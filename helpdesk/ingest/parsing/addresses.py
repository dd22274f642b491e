"""Who a mail is from and to, read by mail-parser; and its date.

mail-parser takes a mailbox only where the structure of the header gives one (RFC 5322
section 3.4), so an address in a display name is never taken for the sender's.
"""

import logging
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.message import Message

import mailparser

from helpdesk.ingest.parsing.charset import from_header, one_line
from helpdesk.ingest.parsing.headers import Headers
from helpdesk.ingest.parsing.words import WORD, read_words

# It logs the header that it could not decode, and no content may reach a log.
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

MOST_CHARACTERS = 50_000  # of one address header: its reading takes time for each character
MOST_RECIPIENTS = 1_000
MOST_ADDRESS = 320  # RFC 5321 section 4.5.3.1: 64 + 1 + 255
_ANGLE = re.compile(r"<\s*([^<>\s@]{1,200}@[^<>\s@]{1,255})\s*>")
_PLAIN = re.compile(
    r"[^\s<>@,;:\"()\[\]\\]{1,200}@(?:[^\s<>@,;:\"()\[\]\\]{1,255}|\[[0-9A-Fa-f.:IPv]{2,60}\])"
)

Mailbox = tuple[str, str]


@dataclass(frozen=True, slots=True)
class People:
    """The mailboxes of a mail, as (name, address), and its date."""

    sender: tuple[Mailbox, ...] = field(default=(), repr=False)
    to: tuple[Mailbox, ...] = field(default=(), repr=False)
    cc: tuple[Mailbox, ...] = field(default=(), repr=False)
    reply_to: tuple[Mailbox, ...] = field(default=(), repr=False)
    date: datetime | None = None
    defects: tuple[str, ...] = ()


def read_people(headers: Headers) -> People:
    """Everyone named in the address headers. A header that stands twice is read as one list, save From."""
    defects: list[str] = []
    read = _read(_view(headers, defects), defects)
    if read.address_header_defects:
        defects.append("address-header")
    if headers.text("date") and read.date is None:
        defects.append("date")
    return People(
        _from(headers, read.from_, defects),
        _mailboxes(read.to),
        _mailboxes(read.cc),
        _mailboxes(read.reply_to),
        read.date,
        tuple(defects),
    )


def _view(headers: Headers, defects: list[str]) -> Message:
    """A mail of the address headers and the date alone: mail-parser copies and decodes all that it is given."""
    view = Message()
    view["From"] = _shortened(headers.text("from"), "from", defects)
    for name in ("to", "cc", "reply-to"):
        joined = ", ".join(from_header(value) for value in headers.every(name))
        if joined:
            view[name] = _shortened(joined, name, defects)
    view["Date"] = one_line(headers.text("date"))[:200]
    view.set_payload("")
    return view


def _read(view: Message, defects: list[str]) -> mailparser.MailParser:
    """mail-parser's reading. It raises on encoded words with broken base64: those it gets decoded, in quotes."""
    try:
        return mailparser.MailParser(view)
    except (MessageError, ValueError, LookupError, RecursionError):
        defects.append("encoded-word")
    for name in ("from", "to", "cc", "reply-to"):
        if name in view:
            view.replace_header(name, WORD.sub(_quoted, str(view[name])))
    try:
        return mailparser.MailParser(view)
    except (MessageError, ValueError, LookupError, RecursionError):
        return mailparser.MailParser(Message())


def _quoted(word: re.Match[str]) -> str:
    decoded = read_words(word[0]).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{decoded}"'


def plain_address(value: str) -> str:
    """An address as it is compared and stored: lower case, its domain in ASCII (RFC 5891); else empty."""
    value = one_line(value).strip().strip("<>").strip().lower()
    if len(value) > MOST_ADDRESS or not _PLAIN.fullmatch(value):
        return ""
    local, _, domain = value.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """A domain with its labels in ASCII, so that a look-alike letter shows as xn--."""
    domain = domain.rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return domain


def _from(headers: Headers, read: list[Mailbox], defects: list[str]) -> tuple[Mailbox, ...]:
    found = _mailboxes(read)
    if len(headers.every("from")) > 1 or len(found) > 1:
        defects.append("several-from")
    if found:
        return found
    # One angle address and no other is clear enough, however broken the phrase before it.
    text = headers.text("from")[:MOST_CHARACTERS]
    angles = _ANGLE.findall(text)
    address = plain_address(angles[0]) if len(angles) == 1 else ""
    name = read_words(text.split("<")[0]).strip(" \"'") if text else ""
    defects.append("no-from-address" if not address else "from-address-recovered")
    return ((name, address),) if name or address else ()


def _mailboxes(read: list[Mailbox]) -> tuple[Mailbox, ...]:
    pairs = ((one_line(name), plain_address(address)) for name, address in read[:MOST_RECIPIENTS])
    return tuple(pair for pair in pairs if pair != ("", ""))


def _shortened(value: str, name: str, defects: list[str]) -> str:
    if len(value) <= MOST_CHARACTERS:
        return value
    defects.append(f"{name}-cut")
    return value[:MOST_CHARACTERS].rpartition(",")[0]
