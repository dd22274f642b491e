"""Plain text, CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterable
from contextlib import suppress

from helpdesk.pii.documents.formats.charset import decode
from helpdesk.pii.documents.reading import Place

DELIMITERS = ",;\t|"
csv.field_size_limit(10_000_000)


def read_text(data: bytes, place: Place) -> None:
    place.say("text", decode(data))


def read_csv(data: bytes, place: Place) -> None:
    text = decode(data)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)))
    except csv.Error:
        place.say("text", text)
        return
    place.say("table", table(rows), "table")


def read_json(data: bytes, place: Place) -> None:
    """As written; rewritten only where escapes hide letters from a reader."""
    text = decode(data)
    if "\\u" in text:
        with suppress(ValueError):  # not quite JSON: the raw text still says what it says
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    place.say("text", text)


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first lines most evenly."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    if not lines:
        return ","
    return max(DELIMITERS, key=lambda mark: (min(line.count(mark) for line in lines), lines[0].count(mark)))


def table(rows: Iterable[Iterable[str]]) -> str:
    """Rows as lines, cells parted by tabs; white space in a cell is made plain, empty ends dropped."""
    lines = ("\t".join(" ".join(cell.split()) for cell in row).rstrip("\t") for row in rows)
    return "\n".join(line for line in lines if line)
