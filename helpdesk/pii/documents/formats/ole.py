"""OLE 2 compound files ([MS-CFB]): streams, properties, pictures that stand in a stream."""

import io
import struct

import olefile

from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

PROPERTIES = (
    "title",
    "subject",
    "author",
    "keywords",
    "comments",
    "last_saved_by",
    "company",
    "manager",
    "category",
)
PNG, PNG_END, JPEG, JPEG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB\x60\x82", b"\xff\xd8\xff", b"\xff\xd9"


def open_file(data: bytes) -> olefile.OleFileIO:
    return olefile.OleFileIO(io.BytesIO(data))


def stream(ole: olefile.OleFileIO, name: str, place: Place) -> bytes:
    """A stream's bytes, empty where there is none; its size counts as unpacked."""
    if not ole.exists(name):
        return b""
    content: bytes = ole.openstream(name).read()
    place.reading.take_bytes(len(content))
    return content


def properties(ole: olefile.OleFileIO, place: Place) -> None:
    """The two property sets ([MS-OLEPS]) that Office shows as file properties."""
    held = ole.get_metadata()
    values = ((name, _text(getattr(held, name, None))) for name in PROPERTIES)
    place.say("properties", "\n".join(f"{name}: {value}" for name, value in values if value), "metadata")


def carve(data: bytes, place: Place, label: str = "image") -> None:
    """Pictures that stand whole in a stream, found by how they begin and end."""
    at, number = 0, 0
    while (found := _next_picture(data, at)) is not None:
        start, end = found
        number += 1
        place.reading.take_member()
        place.enter(f"{label} {number}", data[start:end])
        at = end


def _next_picture(data: bytes, at: int) -> tuple[int, int] | None:
    starts = [(found, mark) for mark in (PNG, JPEG) if (found := data.find(mark, at)) >= 0]
    if not starts:
        return None
    start, mark = min(starts)
    if mark == PNG:
        end = data.find(PNG_END, start)
        return start, (end + len(PNG_END) if end > 0 else len(data))
    return start, _jpeg_end(data, start)


def _jpeg_end(data: bytes, start: int) -> int:
    """After the segments, the first end mark; a thumbnail inside a segment is stepped over."""
    at = start + 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    end = data.find(JPEG_END, at)
    return end + 2 if end > 0 else len(data)


def enter_native(data: bytes, place: Place, label: str) -> None:
    """OLE10Native: size, flags, label, file name, path, then the file itself; read leniently."""
    place.reading.take_member()
    try:
        at = 6
        names = []
        for _ in range(2):
            end = data.index(b"\0", at)
            names.append(decode(data[at:end]))
            at = end + 1
        at += 4  # type and reserved
        (length,) = struct.unpack_from("<I", data, at)
        at += 4 + length
        (size,) = struct.unpack_from("<I", data, at)
        place.enter(label, data[at + 4 : at + 4 + size], name=names[0])
    except (ValueError, struct.error):
        raise Refusal(Why.CORRUPT) from None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decode(value.rstrip(b"\0")).strip()
    return value.strip("\0 ") if isinstance(value, str) else ""
