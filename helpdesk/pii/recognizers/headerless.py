"""Rows pasted without their header, as logs of imports, mail merges and worklists show them."""

import re
from collections.abc import Iterator
from itertools import pairwise

from helpdesk.pii import names
from helpdesk.pii.recognizers.base import Hit
from helpdesk.pii.recognizers.cells import cells_of
from helpdesk.pii.text import fold

_BORN = re.compile(
    r"[0-3]?\d[./-](?:[01]?\d|[A-Za-z]{3})[./-](?:19\d\d|200\d)|[0-3]\d[01]\d(?:19\d\d|200\d)|(?:19\d\d|200\d)-?[01]\d-?[0-3]\d|[0-3]?\d[./ -](?:[01]\d|[A-Z][a-z]{2})[./ -][3-9]\d(?!\d)"
)
_TELLS_OF_PERSON = re.compile(
    r"[MFmf]|(?:fe)?male|[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}|\d{3} ?\d{3} ?\d{4}|mr|mrs|ms|miss",
    re.IGNORECASE,
)


_LED_IN = re.compile(r"[^,;|\t\"]{1,60}: (?=[\"'A-Z\d])")  # `row 14 fails: "Okoro","Ada",...`


def without_header(line: str, start: int) -> Iterator[Hit]:
    """A row pasted without its header: two cells of names, a date of a birth, and a sex, postcode or ten digits."""
    if len(line) > 400:
        return
    split = next((mark for mark in ("\t", "|", ";", ",") if line.count(mark) >= 3), "")
    if not split or not _BORN.search(line):
        return
    if lead := _LED_IN.match(line):
        line, start = line[lead.end() :], start + lead.end()
    cells = cells_of(line, start, split)
    born = [cell for cell in cells if _BORN.fullmatch(cell.text)]
    telling = sum(_TELLS_OF_PERSON.fullmatch(cell.text) is not None for cell in cells)
    for one, two in pairwise(cells) if born and telling else ():
        if _are_names(one.text, two.text) or (telling > 1 and _may_be_names(one.text, two.text)):
            yield Hit("PERSON", one.start, two.end, 0.7, "two cells of names in a row")
            yield Hit("DATE_OF_BIRTH", born[0].start, born[0].end, 0.86, "a birth date in a row with a name")
            return


def _are_names(one: str, two: str) -> bool:
    """Either may come first; one at least is surely a name."""
    words = fold(one), fold(two)
    return all(word.replace("-", "").isalpha() and len(word) > 1 for word in words) and (
        any(names.is_name(word) for word in words) and any(names.is_given(word) for word in words)
    )


def _may_be_names(one: str, two: str) -> bool:
    """Two words with capitals that no list of ordinary words has."""
    return all(
        len(word) > 2 and word[0].isupper() and word.isalpha() and not names.is_ordinary(fold(word))
        for word in (one, two)
    )
