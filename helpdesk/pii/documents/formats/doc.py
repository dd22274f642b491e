"""Word 97-2003 and Word 6/95 ([MS-DOC]): the piece table gives every character, deleted ones too."""

import re
import struct

import olefile

from helpdesk.pii.documents.formats import ole as compound
from helpdesk.pii.documents.formats.charset import windows
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

ENCRYPTED, TABLE_1 = 0x0100, 0x0200
WORD_97 = 0x00C1
#: FibRgLw97: how many characters each story has, in the order in which they stand.
STORIES = (
    (0x4C, "text"),
    (0x50, "footnotes"),
    (0x54, "headers and footers"),
    (0x58, "macros"),
    (0x5C, "comments"),
    (0x60, "endnotes"),
    (0x64, "text boxes"),
    (0x68, "text boxes in headers"),
)
CLX_AT = 0x01A2
CONTROLS = {
    0x07: "\t",
    0x0B: "\n",
    0x0C: "\n",
    0x0D: "\n",
    0x0E: "\n",
    0x13: " ",
    0x14: " ",
    0x15: " ",
    0x1E: "-",
    0x1F: "",
}
CONTROLS |= dict.fromkeys((0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08), "")
WORD_6_TEXT_AT = 0x18


def read_stream(ole: olefile.OleFileIO, prefix: str, place: Place) -> None:
    """The document in this storage."""
    main = compound.stream(ole, f"{prefix}WordDocument", place)
    version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 0x0A)[0]
    if flags & ENCRYPTED:
        raise Refusal(Why.ENCRYPTED)
    if version < WORD_97:
        start, end = struct.unpack_from("<II", main, WORD_6_TEXT_AT)
        place.say("text", plain(windows(main[start:end])))
        return
    table = compound.stream(ole, f"{prefix}{'1Table' if flags & TABLE_1 else '0Table'}", place)
    _stories(main, "".join(pieces(main, table)), place)
    for name in ("Data", "WordDocument"):
        compound.carve(compound.stream(ole, f"{prefix}{name}", place), place)


def pieces(main: bytes, table: bytes) -> list[str]:
    """The text pieces in order of character position ([MS-DOC] 2.4.1)."""
    at, length = struct.unpack_from("<II", main, CLX_AT)
    clx = table[at : at + length]
    at = 0
    while clx[at : at + 1] == b"\x01":
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at : at + 1] != b"\x02":
        raise Refusal(Why.CORRUPT)
    (length,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + length]
    count = (len(plc) - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", plc)
    return [_piece(main, plc, count, index, positions) for index in range(count)]


def _piece(main: bytes, plc: bytes, count: int, index: int, positions: tuple[int, ...]) -> str:
    (place,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)
    length = positions[index + 1] - positions[index]
    if place & 0x40000000:  # one byte a character
        start = (place & 0x3FFFFFFF) // 2
        return windows(main[start : start + length])
    return main[place : place + 2 * length].decode("utf-16-le", "replace")


def _stories(main: bytes, text: str, place: Place) -> None:
    at = 0
    for offset, label in STORIES:
        (length,) = struct.unpack_from("<I", main, offset)
        place.say(label, plain(text[at : at + length]))
        at += length
    place.say("rest", plain(text[at:]))


def plain(text: str) -> str:
    """Word's control characters made into white space; `HYPERLINK` and its kin are said with their fields."""
    return re.sub(r"\n{3,}", "\n\n", text.translate(CONTROLS))
