"""The header block: cut into fields, unfolded, decoded (RFC 5322 section 2.2, RFC 6532)."""

import re
from dataclasses import dataclass, field

from helpdesk.ingest.parsing.charset import from_header, one_line
from helpdesk.ingest.parsing.words import read_words

MOST_HEADERS = 2_000
MOST_LINES = 20_000  # of one block, folded ones counted
# Only in these may encoded words stand (RFC 2047 section 5). Decoding elsewhere would let a sender
# write `; dmarc=pass` into a quoted string of a trusted Authentication-Results.
TEXTUAL = frozenset(
    (
        "subject",
        "comments",
        "keywords",
        "from",
        "to",
        "cc",
        "bcc",
        "reply-to",
        "sender",
        "organization",
        "organisation",
        "thread-topic",
        "x-original-subject",
        "content-description",
        "resent-from",
        "resent-to",
        "resent-cc",
        "x-mailer",
        "user-agent",
    )
)
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]?(.*)", re.DOTALL)
# A mail without any of these is no mail, whatever colons its bytes hold.
_KNOWN = frozenset(
    (
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "received",
        "mime-version",
        "content-type",
        "return-path",
        "delivered-to",
        "sender",
        "reply-to",
        "in-reply-to",
        "references",
        "content-transfer-encoding",
        "content-disposition",
        "x-mailer",
        "x-original-to",
        "authentication-results",
        "dkim-signature",
        "resent-from",
        "list-id",
    )
)


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one block in their order: (lower-case name, unfolded raw value)."""

    fields: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    defects: tuple[str, ...] = ()

    def raw(self, name: str) -> bytes:
        """The first value of a field, or empty."""
        return next((value for key, value in self.fields if key == name), b"")

    def every(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    def text(self, name: str) -> str:
        return from_header(self.raw(name))

    def decoded(self) -> tuple[tuple[str, str], ...]:
        """Every field as text that can be stored, on one line."""
        return tuple((name, readable(name, value)) for name, value in self.fields)

    @property
    def known(self) -> bool:
        """Whether any field is one that mails have."""
        return any(name in _KNOWN for name, _ in self.fields)


def readable(name: str, value: bytes) -> str:
    text = from_header(value)
    return read_words(text) if name in TEXTUAL else one_line(text)


def cut_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The header block that begins at `start`, and the offset where the body begins.

    A line that is no field inside the block is passed over when fields follow it, as
    mail clients do; otherwise the body begins there.
    """
    fields: list[tuple[str, list[bytes]]] = []
    defects: list[str] = []
    at, lines = start, 0
    while at < end and len(fields) <= MOST_HEADERS and (lines := lines + 1) <= MOST_LINES:
        stop = _end_of_line(raw, at, end)
        line = raw[at:stop].rstrip(b"\r\n")
        if not line or (not line.strip() and not _block_goes_on(raw, stop, end)):
            return _made(fields, defects), stop
        if line[:1] in b" \t" and fields:
            fields[-1][1].append(line)
        elif found := _FIELD.fullmatch(line):
            fields.append((found[1].decode("ascii").lower(), [found[2]]))
        elif _fields_follow(raw, stop, end):
            defects.append("line-in-headers")
        else:
            defects.append("no-blank-line-after-headers")
            return _made(fields, defects), at
        at = stop
    if at < end:
        defects.append("too-many-headers")
        at = _after_blank_line(raw, at, end)
    return _made(fields, defects), at


def _made(fields: list[tuple[str, list[bytes]]], defects: list[str]) -> Headers:
    unfolded = tuple((name, b" ".join(part.strip(b" \t") for part in value)) for name, value in fields)
    return Headers(unfolded, tuple(dict.fromkeys(defects)))


def _end_of_line(raw: bytes, at: int, end: int) -> int:
    """The offset after this line. A bare CR ends none: else a sender could hide fields from our gateway."""
    newline = raw.find(b"\n", at, end)
    return end if newline < 0 else newline + 1


def _after_blank_line(raw: bytes, at: int, end: int) -> int:
    """Where the body begins when the block was not read to its end."""
    ends = [found + len(mark) for mark in (b"\n\n", b"\n\r\n") if (found := raw.find(mark, at, end)) >= 0]
    return min(ends, default=end)


def _block_goes_on(raw: bytes, at: int, end: int) -> bool:
    """Whether a line of blanks stands inside the block: a folded line or a known field follows."""
    folded = raw[at : at + 1] in (b" ", b"\t") and bool(raw[at : min(end, at + 200)].split(b"\n")[0].strip())
    return folded or _fields_follow(raw, at, end)


def _fields_follow(raw: bytes, at: int, end: int) -> bool:
    """Whether one of the next three lines, before any blank one, is a field that mails have."""
    for _ in range(3):
        stop = _end_of_line(raw, at, end)
        line = raw[at:stop].strip()
        if not line:
            return False
        found = _FIELD.fullmatch(line)
        if found:
            name = found[1].decode("ascii").lower()
            return name in _KNOWN or name.startswith(("x-", "content-", "arc-"))
        at = stop
    return False
