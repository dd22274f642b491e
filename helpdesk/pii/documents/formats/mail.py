"""Mail in a file (RFC 5322, 2045-2049, 2183), all parts, nested as deep as the limits let."""

import email
import email.header
import email.policy
import re
from email.message import Message

from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

SHOWN = (
    "From",
    "Sender",
    "Reply-To",
    "To",
    "Cc",
    "Bcc",
    "Subject",
    "Date",
    "Comments",
    "Keywords",
    "Thread-Topic",
)
MOST_HEADER = 100_000
MBOX_LINE = re.compile(rb"(?:\A|(?<=\n))From [^\n]*\n")


def read(data: bytes, place: Place) -> None:
    read_message(email.message_from_bytes(data, policy=email.policy.compat32), place)


def read_mbox(data: bytes, place: Place) -> None:
    """Mails one after the other, each after a line that starts with `From ` (RFC 4155)."""
    for number, single in enumerate(filter(None, MBOX_LINE.split(data)), 1):
        place.reading.take_member()
        message = email.message_from_bytes(single, policy=email.policy.compat32)
        read_message(message, place.at(f"mail {number}"))


def read_message(message: Message, place: Place, depth: int | None = None) -> None:
    """Say the headers that people read, then every part."""
    depth = place.depth if depth is None else depth
    if depth > place.limits.depth:
        raise Refusal(Why.TOO_DEEP)
    place.say("headers", headers(message), "header")
    _parts(message, place, depth)


def headers(message: Message) -> str:
    lines = (f"{name}: {header_text(str(value))}" for name in SHOWN for value in message.get_all(name, []))
    return "\n".join(lines)


def header_text(value: str) -> str:
    """A header value with its encoded words (RFC 2047) read; unreadable ones stay as they are."""
    value = value[:MOST_HEADER]
    if "=?" not in value:
        return " ".join(_raw(value).split())
    try:
        parts = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError):
        return value
    return " ".join("".join(_word(text, charset) for text, charset in parts).split())


def _word(text: bytes | str, charset: str | None) -> str:
    return decode(text, charset or "") if isinstance(text, bytes) else text


def _raw(value: str) -> str:
    """Bytes above ASCII come from the parser as surrogates."""
    return (
        decode(value.encode("ascii", "surrogateescape"))
        if not value.isascii() and _has_surrogate(value)
        else value
    )


def _has_surrogate(value: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in value)


def _parts(message: Message, place: Place, depth: int) -> None:
    place.reading.take_member()
    place.reading.check_time()
    payload = message.get_payload()
    if isinstance(payload, list):
        nested = message.get_content_type() == "message/rfc822"
        if message.get_content_type() == "multipart/encrypted":
            raise Refusal(Why.ENCRYPTED)
        for number, part in enumerate(payload, 1):
            if isinstance(part, Message):
                _part(
                    part,
                    place.at(f"message {number}" if nested else f"part {number}"),
                    depth + nested,
                    nested,
                )
        return
    _leaf(message, place)


def _part(part: Message, place: Place, depth: int, nested: bool) -> None:
    try:
        if nested:
            read_message(part, place, depth)
        else:
            _parts(part, place, depth)
    except Refusal as refusal:
        place.reading.fail(place.path, refusal.why)


def _leaf(part: Message, place: Place) -> None:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    name = header_text(part.get_filename() or "")
    kind = part.get_content_type()
    charset = str(part.get_content_charset() or "")
    if kind in ("text/plain", "text/html") and not name and b"\0" not in data:
        place.say("body", decode(data, charset), "html" if kind == "text/html" else "text")
        return
    place.enter(name or "attachment", data, name=name, media_type=kind)
