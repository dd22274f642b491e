"""Recognising a content that came before, whatever its way here added to it."""

import hashlib
import re
from collections.abc import Iterator

# What a sender writes and no relay changes. Content-Length is left out: mailbox files add it.
_WRITTEN_BY_SENDER = frozenset(
    (
        b"from",
        b"to",
        b"cc",
        b"subject",
        b"date",
        b"message-id",
        b"in-reply-to",
        b"references",
        b"mime-version",
    )
)
_CONTENT = b"content-"
_CONTENT_LENGTH = b"content-length"
_SPACES = re.compile(rb"[ \t\r\n]+")


def content_digest(raw: bytes) -> str:
    """SHA-256 over what the sender wrote: an allow-list of headers, and the body.

    The same whatever trace headers (Received, Return-Path, Authentication-Results, DKIM, ARC, X-…),
    folding, order of headers, line endings or empty lines at the end a relay or a mailbox file
    changed; different for two different mails under one Message-ID.
    """
    header, body = split(_with_unix_lines(raw))
    digest = hashlib.sha256()
    for line in sorted(_written(header)):
        digest.update(line + b"\n")
    digest.update(b"\n")
    digest.update(body.rstrip(b"\n"))
    return digest.hexdigest()


def header_digest(header: bytes, size: int) -> str:
    """For a mail whose body was not fetched; never equal to the digest of a whole mail."""
    return hashlib.sha256(f"header only, {size} bytes: {content_digest(header)}".encode()).hexdigest()


def split(raw: bytes) -> tuple[bytes, bytes]:
    """(header, body) at the first empty line; `raw` has Unix line endings."""
    if raw.startswith(b"\n"):
        return b"", raw[1:]
    header, _, body = raw.partition(b"\n\n")
    return header, body


def _with_unix_lines(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _written(header: bytes) -> Iterator[bytes]:
    for field in _fields(header):
        name, colon, value = field.partition(b":")
        name = name.strip().lower()
        if not colon or name == _CONTENT_LENGTH:
            continue
        if name in _WRITTEN_BY_SENDER or name.startswith(_CONTENT):
            yield name + b":" + _SPACES.sub(b" ", value).strip()


def _fields(header: bytes) -> Iterator[bytes]:
    """Header fields with their continuation lines (RFC 5322 section 2.2.3)."""
    field: list[bytes] = []
    for line in header.split(b"\n"):
        if line[:1] in (b" ", b"\t") and field:
            field.append(line)
            continue
        if field:
            yield b"\n".join(field)
        field = [line]
    if field:
        yield b"\n".join(field)
