"""Windows metafiles, as Office keeps the looks of embedded objects: their text records, and bitmaps in them.

EMF: [MS-EMF]; EMF+: [MS-EMFPLUS] inside comments, of which only whole PNG and JPEG
pictures are taken; WMF: [MS-WMF], with or without the placeable header.
"""

import struct
from collections.abc import Iterator

from helpdesk.pii.documents.formats import ole as compound
from helpdesk.pii.documents.formats.charset import windows
from helpdesk.pii.documents.reading import Place

EMF_TEXT_WIDE, EMF_TEXT_NARROW, EMF_SMALL_TEXT, EMF_COMMENT = 84, 83, 108, 70
#: Records with a bitmap: where the offset and size of its header stand, and those of its bits.
EMF_BITMAPS = {81: 48, 80: 48, 76: 84, 77: 84, 114: 84}
WMF_TEXT, WMF_TEXT_BOXED = 0x0521, 0x0A32
WMF_BITMAPS = {0x0F43: 22, 0x0B41: 20, 0x0940: 16}
PLACEABLE = b"\xd7\xcd\xc6\x9a"
NARROW_FLAG, SMALL_NO_RECT = 0x200, 0x100


def read(data: bytes, place: Place) -> None:
    """Say the text of a metafile and enter its pictures."""
    wmf = not (data[:4] == b"\1\0\0\0" and data[40:44] == b" EMF")
    texts, bitmaps = [], []
    for kind, body in _wmf_records(data) if wmf else _emf_records(data):
        found = _wmf_text(kind, body) if wmf else _emf_text(kind, body)
        if found:
            texts.append(found)
        picture = _wmf_bitmap(kind, body) if wmf else _emf_bitmap(kind, body)
        if picture:
            bitmaps.append(picture)
    place.say("drawn text", laid(texts))
    for number, picture in enumerate(bitmaps, 1):
        place.reading.take_member()
        place.enter(f"bitmap {number}", picture)
    compound.carve(data, place)


def laid(texts: list[tuple[int, str]]) -> str:
    """Pieces with their height on the page: letter by letter they are joined, longer ones parted by a space."""
    letters = sum(len(text) for _, text in texts) <= 2 * len(texts)
    out, level = "", None
    for height, text in texts:
        out += ("" if letters else " ") if height == level else "\n"
        out, level = out + text, height
    return out.strip()


def _emf_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8:
            return
        yield kind, data[at : at + size]
        at += size


def _emf_text(kind: int, body: bytes) -> tuple[int, str] | None:
    if kind in (EMF_TEXT_WIDE, EMF_TEXT_NARROW) and len(body) >= 52:
        height, count, offset = struct.unpack_from("<iII", body, 40)
        raw = body[offset : offset + count * (2 if kind == EMF_TEXT_WIDE else 1)]
        return height, raw.decode("utf-16-le", "replace") if kind == EMF_TEXT_WIDE else windows(raw)
    if kind == EMF_SMALL_TEXT and len(body) >= 36:
        height, count, options = struct.unpack_from("<iII", body, 12)
        start = 36 if options & SMALL_NO_RECT else 52
        raw = body[start : start + count * (1 if options & NARROW_FLAG else 2)]
        return height, windows(raw) if options & NARROW_FLAG else raw.decode("utf-16-le", "replace")
    return None


def _emf_bitmap(kind: int, body: bytes) -> bytes:
    at = EMF_BITMAPS.get(kind)
    if at is None or len(body) < at + 16:
        return b""
    header, header_size, bits, bits_size = struct.unpack_from("<IIII", body, at)
    return _bmp(body[header : header + header_size], body[bits : bits + bits_size])


def _wmf_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = (22 if data.startswith(PLACEABLE) else 0) + 18
    while at + 6 <= len(data):
        size, kind = struct.unpack_from("<IH", data, at)
        if size < 3:
            return
        yield kind, data[at + 6 : at + 2 * size]
        at += 2 * size


def _wmf_text(kind: int, body: bytes) -> tuple[int, str] | None:
    if kind == WMF_TEXT and len(body) >= 2:
        (count,) = struct.unpack_from("<H", body)
        end = 2 + count + count % 2
        height = struct.unpack_from("<h", body, end)[0] if len(body) >= end + 2 else 0
        return height, windows(body[2 : 2 + count])
    if kind == WMF_TEXT_BOXED and len(body) >= 8:
        height, _, count, options = struct.unpack_from("<hhHH", body)
        start = 16 if options & 0x6 else 8
        return height, windows(body[start : start + count])
    return None


def _wmf_bitmap(kind: int, body: bytes) -> bytes:
    at = WMF_BITMAPS.get(kind)
    if at is None or len(body) < at + 40:
        return b""
    bitmap = body[at:]
    header = _header_size(bitmap)
    return _bmp(bitmap[:header], bitmap[header:])


def _header_size(bitmap: bytes) -> int:
    """A DIB's header with its colours ([MS-WMF] 2.2.2.3)."""
    (size, _, _, _, depth, _, _, _, _, used) = struct.unpack_from("<IiiHHIIiiI", bitmap)
    return int(size + 4 * ((used or 1 << depth) if depth <= 8 else 0))


def _bmp(header: bytes, bits: bytes) -> bytes:
    """A BMP file of a device-independent bitmap."""
    if len(header) < 40 or not bits:
        return b""
    start = 14 + len(header)
    return struct.pack("<2sIHHI", b"BM", start + len(bits), 0, 0, start) + header + bits
