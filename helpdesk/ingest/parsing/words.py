"""Encoded words in headers (RFC 2047), read as tolerantly as mail clients do."""

import binascii
import re
from collections.abc import Iterator

from helpdesk.ingest.parsing.charset import decode, one_line

MOST_CHARACTERS = 1_000_000  # that are looked through; a server takes no longer header
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")


def read_words(value: str) -> str:
    """A header value with its encoded words decoded, on one line and storable.

    Words of one charset that stand side by side are joined as bytes first, since
    mailers cut inside a character. What cannot be decoded stays as it was written.
    """
    if "=?" not in value:
        return one_line(value)
    return one_line("".join(_pieces(value)))


def _pieces(value: str) -> Iterator[str]:
    at = 0
    charset = ""
    pending: list[bytes] = []
    for match in WORD.finditer(value, 0, MOST_CHARACTERS):
        between = value[at : match.start()]
        data = _bytes(match[2], match[3])
        adjacent = at > 0 and not between.strip()
        if not adjacent or match[1].lower() != charset or data is None:
            yield decode(b"".join(pending), charset).text
            pending = []
        if not adjacent:
            yield between
        if data is None:
            yield match[0]
        else:
            charset = match[1].lower()
            pending.append(data)
        at = match.end()
    yield decode(b"".join(pending), charset).text
    yield value[at:]


def _bytes(encoding: str, text: str) -> bytes | None:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _ESCAPE.sub(lambda m: bytes((int(m[1], 16),)), raw.replace(b"_", b" "))
    raw = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(raw) % 4 == 1:
        raw = raw[:-1]
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return None
