"""Births in the names of files: `SMITH_J_020461.pdf`, `Leung_09121941_clinic`."""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit
from helpdesk.pii.recognizers.birth.dates import is_date, year_of
from helpdesk.pii.text import fold, spaced
from helpdesk.pii.values import Zone

_IN_FILE_NAME = re.compile(
    r"(?<![^\W_])(?P<name>[A-ZÀ-Þ][^\W\d_]{2,20}(?:-[A-ZÀ-Þ][^\W\d_]{1,20})?)(?P<gap>[_ -]{1,2}(?:[A-Z][^\W\d_]{0,15}[_ -]{1,2}){0,2})"
    r"(?P<date>(?P<d>[0-3]\d)[.-]?(?P<m>[01]\d)[.-]?(?:(?P<y8>(?:19|20)\d\d)|(?P<y>\d\d)))(?!\d)(?P<ext>[^\s|,;]{0,40}\.[a-z]{3,4}\b)?"
)
_JOINED_TO = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,})[_ -]$")
FILE_WORDS = spaced(
    "scan backup export report minutes rota copy draft final img image screenshot photo doc document letter list log form invoice policy version agenda template data extract upload archive file clinic ward audit results snapshot dump "
    "board group team meeting committee plan plans drawing drawings booking bookings room project projects budget accounts figures return returns survey training slides presentation newsletter notes batch feed "
    "wing building house suite unit block hall site hospital estates lodge tower centre school theatre floor office corridor car park road street"
)


def in_file_names(reading: Reading, this_year: int) -> Iterator[Hit]:
    """A word that is no ordinary one, perhaps initials, six or eight digits of years ago."""
    for match in _IN_FILE_NAME.finditer(reading.text):
        year = year_of(match.group("y") or match.group("y8"), this_year)
        word = fold(match.group("name"))
        inside = reading.zone(match.start()) is Zone.FILE_NAME or "_" in match.group("gap")
        if (
            (inside or match.group("ext"))
            and year
            and year < this_year - (3 if match.group("y8") else 16)
            and is_date(match.group("d"), match.group("m"))
            and may_be_somebodys(word)
        ):
            score = 0.86 if names.is_name(word) or match.group("name").isupper() else 0.7
            yield Hit(
                "DATE_OF_BIRTH",
                match.start("d"),
                match.end("date"),
                score,
                "a date after a name in a file name",
            )


def joined_to_a_name(before: str) -> bool:
    """Whether the lower-case text before eight digits ends with a word that may be a name."""
    word = word_before(before)
    return bool(word) and may_be_somebodys(word)


def word_before(before: str) -> str:
    """The folded word that the text ends with, a mark after it; empty where there is none."""
    match = _JOINED_TO.search(before)
    return fold(match.group(1)) if match else ""


def may_be_somebodys(word: str) -> bool:
    return (names.may_be_name(word) or not names.is_ordinary(word)) and word not in FILE_WORDS
