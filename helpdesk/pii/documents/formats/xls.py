"""Excel 97-2003 ([MS-XLS]) by xlrd; what xlrd leaves out (page headers, text boxes, pictures) from the records."""

import datetime as dt
import struct
from collections.abc import Iterator
from itertools import pairwise

import olefile
import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_EMPTY, XL_CELL_ERROR, XL_CELL_NUMBER

from helpdesk.pii.documents.formats import ole as compound
from helpdesk.pii.documents.formats.charset import windows
from helpdesk.pii.documents.formats.plain import table
from helpdesk.pii.documents.reading import Place, Refusal
from helpdesk.pii.documents.values import Why

HEADER, FOOTER, TEXT_OBJECT, CONTINUE, DRAWINGS = 0x14, 0x15, 0x01B6, 0x3C, 0xEB


def read_stream(ole: olefile.OleFileIO, prefix: str, place: Place) -> None:
    """The workbook in this storage."""
    name = next((n for n in ("Workbook", "Book") if ole.exists(prefix + n)), "Workbook")
    content = compound.stream(ole, prefix + name, place)
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=False)
    except xlrd.XLRDError as fault:
        raise Refusal(Why.ENCRYPTED if "ncrypt" in str(fault) else Why.CORRUPT) from None
    for sheet in book.sheets():
        rows = ([_cell(cell, book.datemode) for cell in sheet.row(number)] for number in range(sheet.nrows))
        place.say(sheet.name, table(rows), "table")
        notes = "\n".join(f"{note.author}: {note.text}" for note in sheet.cell_note_map.values())
        place.say(f"{sheet.name} comments", notes)
    place.say("sheet names", "\n".join(book.sheet_names()), "name")
    place.say("defined names", "\n".join(str(item.name) for item in book.name_obj_list), "metadata")
    _leftovers(content, place)


def _cell(cell: xlrd.sheet.Cell, datemode: int) -> str:
    if cell.ctype == XL_CELL_DATE:
        try:
            when = xlrd.xldate_as_datetime(cell.value, datemode)
        except (xlrd.xldate.XLDateError, OverflowError, ValueError):
            return str(cell.value)
        return written(when)
    if cell.ctype == XL_CELL_NUMBER:
        return str(int(cell.value)) if float(cell.value).is_integer() else str(cell.value)
    if cell.ctype in (XL_CELL_EMPTY, XL_CELL_ERROR):
        return ""
    if cell.ctype == XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return str(cell.value)


def written(when: dt.datetime) -> str:
    """A date as it is written here; the time only where there is one."""
    return when.strftime("%d/%m/%Y" if when.time() == dt.time() else "%d/%m/%Y %H:%M")


def _leftovers(content: bytes, place: Place) -> None:
    lines, drawings = [], bytearray()
    items = [*_records(content), (0, b"")]
    within = 0
    for (kind, body), (following, next_body) in pairwise(items):
        within = kind if kind != CONTINUE else within
        if kind in (HEADER, FOOTER) and len(body) > 3:
            lines.append(_string(body[2:]))
        elif kind == TEXT_OBJECT and following == CONTINUE:
            lines.append(_string(next_body))
        if within == DRAWINGS:
            drawings += body
    place.say("page headers and text boxes", "\n".join(lines))
    compound.carve(bytes(drawings), place)


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        yield kind, content[at + 4 : at + 4 + length]
        at += 4 + length


def _string(body: bytes) -> str:
    """An XLUnicodeString without its length: a flag byte, then one or two bytes a character."""
    return body[1:].decode("utf-16-le", "replace") if body[:1] == b"\x01" else windows(body[1:])
