"""The header over a cell, in tables that plain text carries: tabs, pipes, commas, semicolons.

A number or date is what its column's header says it is, whatever the words around it say.
"""

import re

from helpdesk.pii.reading import Reading

FARTHEST = 4_000  # characters up from a cell to its header
MOST_LINES = 60
LONGEST_LINE = 1_000
_HEADER_CELL = re.compile(r"[ \t\"'*_]{0,4}[A-Za-z][\w ./()?#&'-]{0,40}[ \t\"'*:]{0,4}")
_LONG_NUMBER = re.compile(r"\d{4}")
_RULE = re.compile(r"[ |:+=-]*")
_GAP = "  "  # columns set apart by blanks, as a table of HTML reads in plain text
_GAPS = re.compile(r"(?<=\S) {2,}(?=\S)")


def header_over(reading: Reading, offset: int) -> str:
    """Lower-case header over the cell at an offset (`tag`); empty where no table stands there."""
    cells, place = headers_over(reading, offset)
    return cells[place] if place < len(cells) else ""


def headers_over(reading: Reading, offset: int) -> tuple[tuple[str, ...], int]:
    """All headers of the table that an offset stands in, and which of them is over it."""
    text = reading.text
    start = text.rfind("\n", max(0, offset - LONGEST_LINE), offset) + 1
    end = text.find("\n", offset, offset + LONGEST_LINE)
    if not start or offset - start > LONGEST_LINE:
        return (), 0
    line = text[start : end if end >= 0 else offset + LONGEST_LINE]
    for mark in ("\t", "|", ";", ","):
        count = line.count(mark)
        if count and (cells := _headers(text, start, mark, count)):
            return cells, _place(text[start:offset], mark)
    if _GAP in line.strip() and (cells := _headers(text, start, _GAP, _count(line, _GAP))):
        return cells, len(_GAPS.findall(text[start : offset + 1]))
    return (), 0


def _count(line: str, mark: str) -> int:
    return len(_GAPS.findall(line)) if mark == _GAP else line.count(mark)


def _split(line: str, mark: str) -> list[str]:
    return _GAPS.split(line.strip()) if mark == _GAP else line.split(mark)


def _place(lead: str, mark: str) -> int:
    """Which cell comes after `lead`; a comma in quotes parts no cells."""
    if mark != "," or '"' not in lead:
        return lead.count(mark)
    return sum(part.count(mark) for part in lead.split('"')[::2])


def _headers(text: str, start: int, mark: str, count: int) -> tuple[str, ...]:
    """The cells of the first line of the block that a line belongs to, when they read like headers."""
    top, at, floor = "", start, max(0, start - FARTHEST)
    for _ in range(MOST_LINES):
        if at <= floor:
            break
        above = text.rfind("\n", floor, at - 1) + 1 or floor
        line = text[above : at - 1]
        at = above
        if not line.strip() and mark == "\t":
            continue  # rows of HTML tables stand apart
        if len(line) > LONGEST_LINE or abs(_count(line, mark) - count) > 1:
            break
        top = top if _RULE.fullmatch(line) else line
    cells = tuple(cell.strip(" \t\"'*:_").lower() for cell in _split(top, mark))
    return cells if _like_headers(top, mark) else ()


def _like_headers(line: str, mark: str) -> bool:
    cells = [cell for cell in _split(line, mark) if cell.strip()]
    return len(cells) >= 2 and all(
        _HEADER_CELL.fullmatch(cell) and not _LONG_NUMBER.search(cell) for cell in cells
    )
