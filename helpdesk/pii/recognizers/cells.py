"""The cells of a line of a table, whatever sets them apart."""

import re
from dataclasses import dataclass

MOST_COLUMNS = 120
_SPACED = re.compile(r" {2,}|\t")


@dataclass(frozen=True, slots=True)
class Cell:
    start: int
    end: int
    text: str


def cells_of(line: str, start: int, split: str) -> list[Cell]:
    if split == "  ":
        edges = [(m.start(), m.end()) for m in _SPACED.finditer(line.rstrip())]
    elif split == "," and '"' in line:
        edges = _quoted_edges(line)
    else:
        edges = [(i, i + 1) for i, c in enumerate(line) if c == split]
    cells: list[Cell] = []
    at = 0
    for left, right in [*edges[:MOST_COLUMNS], (len(line), len(line))]:
        raw = line[at:left]
        inner = raw.strip(" \t\"'\r")
        lead = raw.find(inner) if inner else 0
        cells.append(Cell(start + at + lead, start + at + lead + len(inner), inner))
        at = right
    if split == "|":
        cells = cells[1:] if cells and not cells[0].text else cells
        cells = cells[:-1] if cells and not cells[-1].text else cells
    return cells


def _quoted_edges(line: str) -> list[tuple[int, int]]:
    edges, inside = [], False
    for at, letter in enumerate(line):
        if letter == '"':
            inside = not inside
        elif letter == "," and not inside:
            edges.append((at, at + 1))
    return edges
