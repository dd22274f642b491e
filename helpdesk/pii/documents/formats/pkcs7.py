"""S/MIME (RFC 8551, RFC 5652): a signature alone is nothing to read, signed content is opened, encrypted is refused.

`cryptography` has no way to take the content out of a SignedData, so the few BER
steps down to it are walked here.
"""

import base64
import re
import zlib
from dataclasses import dataclass

from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

SIGNED, ENVELOPED = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d010703")
DATA, COMPRESSED = bytes.fromhex("2a864886f70d010701"), bytes.fromhex("2a864886f70d0109100109")
SEQUENCE, OID, OCTETS, OCTETS_IN_PARTS, CONTEXT_0 = 0x30, 0x06, 0x04, 0x24, 0xA0
ARMOUR = re.compile(rb"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END", re.DOTALL)
MOST_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Node:
    """One BER element: its tag, content bytes, and the offset after it."""

    tag: int
    content: bytes
    end: int


def read(data: bytes, place: Place) -> None:
    armoured = ARMOUR.search(data)
    if armoured:
        data = base64.b64decode(armoured[1])
    kind, content = _content_info(data)
    if kind == DATA:
        place.enter("content", _octets(content))
    elif kind == SIGNED:
        inner = _signed_content(content)
        if inner:
            place.enter("signed content", inner)
    elif kind == COMPRESSED:
        unpacker = zlib.decompressobj()
        inner = unpacker.decompress(_signed_content(content), place.limits.file_bytes)
        if unpacker.unconsumed_tail:
            raise Refusal(Why.TOO_LARGE)
        place.enter("compressed content", inner)
    else:
        raise Refusal(Why.ENCRYPTED)


def _content_info(data: bytes) -> tuple[bytes, bytes]:
    """The type and the content of a ContentInfo."""
    whole = node(data, 0)
    kind = node(whole.content, 0)
    explicit = node(whole.content, kind.end)
    if whole.tag != SEQUENCE or kind.tag != OID or explicit.tag != CONTEXT_0:
        raise Refusal(Why.CORRUPT)
    return kind.content, explicit.content


def _signed_content(data: bytes) -> bytes:
    """encapContentInfo of a SignedData or CompressedData; empty where the content is apart."""
    body, at = node(data, 0).content, 0
    while at < len(body):
        item = node(body, at)
        if item.tag == SEQUENCE and item.content[:1] == bytes((OID,)):
            kind = node(item.content, 0)
            if kind.content == DATA or at:
                rest = item.content[kind.end :]
                if rest[:1] == bytes((CONTEXT_0,)):
                    return _octets(node(rest, 0).content)
                if kind.content == DATA:
                    return b""
        at = item.end
    return b""


def _octets(data: bytes) -> bytes:
    """An OCTET STRING, whole or in parts (BER 8.7.3)."""
    whole = node(data, 0)
    if whole.tag == OCTETS:
        return whole.content
    if whole.tag != OCTETS_IN_PARTS:
        raise Refusal(Why.CORRUPT)
    parts, at = [], 0
    while at < len(whole.content):
        part = node(whole.content, at)
        parts.append(part.content)
        at = part.end
    return b"".join(parts)


def node(data: bytes, at: int, depth: int = 0) -> Node:
    """The BER element at this offset, of definite or indefinite length; Refusal where it is none."""
    if depth > MOST_DEPTH or at + 2 > len(data):
        raise Refusal(Why.CORRUPT)
    tag, first, start = data[at], data[at + 1], at + 2
    if first == 0x80:
        return _indefinite(data, tag, start, depth)
    length = first
    if first > 0x80:
        start += first & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise Refusal(Why.CORRUPT)
    return Node(tag, data[start : start + length], start + length)


def _indefinite(data: bytes, tag: int, start: int, depth: int) -> Node:
    at = start
    while data[at : at + 2] != b"\0\0":
        at = node(data, at, depth + 1).end
    return Node(tag, data[start:at], at + 2)
