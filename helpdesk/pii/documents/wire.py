"""How parent and child talk: a length, a JSON head, then bytes. Never pickle.

Frame: two unsigned 32-bit lengths (head, body), big endian; the head is JSON in UTF-8.
"""

import json
import socket
import struct
from time import monotonic
from typing import Any, cast

from helpdesk.pii.documents.values import SECTION_KINDS, Document, Section, SectionKind, Unread, Why

LENGTHS = struct.Struct("!II")
CHUNK = 1 << 20


class WireFault(Exception):
    """The other end went away, or said something that is no frame of ours."""


def send(link: socket.socket, head: dict[str, Any], body: bytes = b"") -> None:
    """Write one frame; raises TimeoutError or OSError as the socket does."""
    plain = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    link.sendall(LENGTHS.pack(len(plain), len(body)) + plain)
    if body:
        link.sendall(body)


def receive(link: socket.socket, most: int, until: float | None = None) -> tuple[dict[str, Any], bytes]:
    """Read one frame of at most `most` bytes, until the monotonic time `until`.

    Raises TimeoutError when time is up, WireFault on anything that is not a frame.
    """
    head_length, body_length = LENGTHS.unpack(_exactly(link, LENGTHS.size, until))
    if head_length + body_length > most:
        raise WireFault("longer than agreed")
    head = _exactly(link, head_length, until)
    body = _exactly(link, body_length, until)
    try:
        value = json.loads(head)
    except (ValueError, RecursionError):
        raise WireFault("not JSON") from None
    if not isinstance(value, dict):
        raise WireFault("not an object")
    return value, bytes(body)


def _exactly(link: socket.socket, length: int, until: float | None) -> bytearray:
    got = bytearray(length)
    view = memoryview(got)
    done = 0
    while done < length:
        if until is not None:
            link.settimeout(max(until - monotonic(), 0.001))
        count = link.recv_into(view[done : done + CHUNK])
        if not count:
            raise WireFault("ended early")
        done += count
    return got


def document_to_plain(document: Document) -> dict[str, Any]:
    return {
        "sections": [[s.path, s.text, s.kind] for s in document.sections],
        "unscannable": [[u.path, u.why.value] for u in document.unscannable],
        "media_type": document.media_type,
        "images_pending": document.images_pending,
    }


def document_from_plain(plain: dict[str, Any]) -> Document:
    """Check and build what the child said; raises WireFault where it is not of that shape."""
    try:
        return Document(
            sections=tuple(_section(*row) for row in plain["sections"]),
            unscannable=tuple(Unread(str(path), Why(why)) for path, why in plain["unscannable"]),
            media_type=str(plain["media_type"]),
            images_pending=bool(plain["images_pending"]),
        )
    except (KeyError, TypeError, ValueError):
        raise WireFault("not a document") from None


def _section(path: object, text: object, kind: object) -> Section:
    if not (isinstance(path, str) and isinstance(text, str) and kind in SECTION_KINDS):
        raise WireFault("not a section")
    return Section(path, text, cast("SectionKind", kind))
