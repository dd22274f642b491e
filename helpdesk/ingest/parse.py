"""Bytes of a mail in, an `Email` out (RFC 5322, RFC 2045 to 2049)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from helpdesk.errors import HelpdeskError
from helpdesk.ingest.parsing.addresses import People, plain_address, read_people
from helpdesk.ingest.parsing.alternatives import differ
from helpdesk.ingest.parsing.charset import one_line
from helpdesk.ingest.parsing.headers import Headers, cut_headers
from helpdesk.ingest.parsing.mime import leaves
from helpdesk.ingest.parsing.names import apart
from helpdesk.ingest.parsing.parts import Made, make_parts
from helpdesk.ingest.parsing.words import read_words
from helpdesk.ingest.values import Email, MailPart
from helpdesk.pii.html import read_html

MOST_IDS = 100
MOST_ID_HEADER = 100_000
MOST_ID_CHARACTERS = 998  # a line of a mail (RFC 5322 section 2.1.1)
_BEFORE_HEADERS = re.compile(rb"\A(?:\xef\xbb\xbf|[\r\n]+|>?From [^\r\n]{0,1000}\r?\n)+")
_ID = re.compile(r"<([^<>]{1,998})>")
_SPACE = re.compile(r"\s+")


class ParseError(HelpdeskError):
    """What was taken in is no mail: it has no header that mails have."""


def parse(raw: bytes) -> Email:
    """Read a mail, however broken. Every byte of content ends in a text, a part or `unreadable`.

    Raises ParseError for what is no mail at all.
    """
    if b"\n" not in raw[:20_000]:
        raw = raw.replace(b"\r", b"\n")  # an old Mac's file; in a mail from a server no line ends so
    start = found.end() if (found := _BEFORE_HEADERS.match(raw)) else 0
    headers, body = cut_headers(raw, start, len(raw))
    if not headers.known:
        raise ParseError(
            "This is no mail: it has none of the headers that mails have. "
            "Look at the raw bytes on the list of failed mails, and import them again when mended."
        )
    cut, defects = leaves(raw, headers, body)
    return _email(headers, read_people(headers), make_parts(cut), [*headers.defects, *defects])


def text_of(email: Email) -> str:
    """The words of a mail as plain text, taken from its HTML when it has no other."""
    return email.text if email.text.strip() else read_html(email.html).text


def _email(headers: Headers, people: People, made: list[Made], defects: list[str]) -> Email:
    found = (*defects, *people.defects, *(defect for one in made for defect in one.defects))
    name, address = next(iter(people.sender), ("", ""))
    return Email(
        message_id=next(iter(_ids(headers.text("message-id"))), ""),
        in_reply_to=_ids(headers.text("in-reply-to")),
        references=_ids(headers.text("references")),
        subject=read_words(headers.text("subject")),
        from_address=address,
        from_name=name,
        to=people.to,
        cc=people.cc,
        reply_to=next((address for _, address in people.reply_to if address), ""),
        return_path=_return_path(headers),
        date=people.date,
        headers=headers.decoded(),
        text=_joined(made, "text/plain"),
        html=_joined(made, "text/html"),
        parts=_named_apart([one.part for one in made]),
        unreadable=tuple((_part_name(one.part), one.unread) for one in made if one.unread),
        defects=tuple(dict.fromkeys(found)),
        flags=_flags(made),
    )


def _joined(made: Iterable[Made], media_type: str) -> str:
    """All texts of one type in their order: a second inline text is as much read as the first."""
    texts = (one.part.text for one in made if one.part.media_type == media_type and not one.part.attachment)
    return "\n\n".join(text for text in texts if text.strip())


def _part_name(part: MailPart) -> str:
    return f"attachment:{part.number}" if part.data else f"text:{part.number}"


def _named_apart(parts: list[MailPart]) -> tuple[MailPart, ...]:
    names = apart([part.file_name for part in parts])
    return tuple(
        part if part.file_name == name else replace(part, file_name=name)
        for part, name in zip(parts, names, strict=True)
    )


def _flags(made: list[Made]) -> tuple[str, ...]:
    flags = dict.fromkeys(flag for one in made for flag in one.flags)
    if any(one.unread == "encrypted" for one in made):
        flags["encrypted"] = None
    if differ(made):
        flags["alternatives-differ"] = None
    return tuple(flags)


def _ids(value: str) -> tuple[str, ...]:
    """The message ids of a header, each with its angle brackets; without any, bare ones (old mailers)."""
    text = one_line(value[-MOST_ID_HEADER:])  # the newest stand last
    found = [_SPACE.sub("", one) for one in _ID.findall(text)] or [one for one in text.split() if "@" in one]
    fit = [f"<{one.strip('<>')}>" for one in found if 0 < len(one) <= MOST_ID_CHARACTERS]
    unique = list(dict.fromkeys(fit))
    return tuple(unique if len(unique) <= MOST_IDS else [*unique[:1], *unique[-MOST_IDS + 1 :]])


def _return_path(headers: Headers) -> str | None:
    """The envelope's sender as the last server wrote it: empty for the null path, None where it is not known."""
    if not headers.raw("return-path"):
        return None
    value = one_line(headers.text("return-path")).strip()
    return "" if value == "<>" else plain_address(value) or None
