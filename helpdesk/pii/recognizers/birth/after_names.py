"""Whether a name stands right before a date without marks: `OKORO A 120144`, `Katz Ann 12011944`."""

import re

from helpdesk.pii import names
from helpdesk.pii.text import fold

_CAPITALS = re.compile(r"(?<![\w.-])(?P<last>[A-Z][A-Z'-]{2,20}),? (?:[A-Z]{1,2}|[A-Z]{3,16})\.?,? $")
_FULL = re.compile(r"(?<![\w.-])(?P<one>[A-ZÀ-Þ][\w'-]{1,20}),? (?P<two>[A-ZÀ-Þ][\w'-]{1,20})[ ,:(-]{1,2}$")
_BABY = re.compile(
    r"\b(?:baby(?: boy| girl| of)?|twin (?:\d|one|two|i{1,2})|b/o) (?P<name>[a-z'-]{3,20})[ ,(]{1,3}$"
)


def after_a_baby(before: str) -> bool:
    """`Baby Boy Okoro 04/07/26`, in lower case: a newborn's first day is its birth."""
    match = _BABY.search(before)
    return (
        match is not None
        and names.may_be_name(fold(match.group("name")))
        and not names.is_ordinary(match.group("name"))
    )


def after_capitals(text: str, start: int) -> bool:
    """A surname in capitals and an initial or a given name in capitals."""
    match = _CAPITALS.search(text, max(0, start - 44), start)
    if match is None:
        return False
    last = fold(match.group("last"))
    return not names.is_ordinary(last) and (names.is_family(last) or len(last) > 4)


_SIX_AND_SEX = re.compile(
    r"[A-Z][A-Z'-]{1,20} {1,14}(?P<six>(?P<d>[0-3]\d)(?P<m>[01]\d)\d\d)[MF](?![A-Za-z0-9])"
)


def with_sex_in_columns(text: str) -> list[tuple[int, int]]:
    """`OKORO     ADA   120144F` in two and more rows of a report."""
    rows = [
        match.span("six")
        for match in _SIX_AND_SEX.finditer(text)
        if 1 <= int(match.group("d")) <= 31 and 1 <= int(match.group("m")) <= 12
    ]
    return rows if len(rows) >= 2 else []


def after_full_name(text: str, start: int) -> bool:
    """Two words with capitals, one surely a given name and the other no ordinary word."""
    match = _FULL.search(text, max(0, start - 50), start)
    if match is None:
        return False
    one, two = fold(match.group("one")), fold(match.group("two"))
    return any(
        names.is_given(given)
        and not names.is_ordinary(given)
        and (names.is_family(other) or not names.is_ordinary(other))
        for given, other in ((one, two), (two, one))
    )
