"""Paths and links that carry a name and a birth date: `/study/devlin/roisin/19870521/`, `S:\\Letters\\LEE Ann 12-01-1944\\`."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from helpdesk.pii import names
from helpdesk.pii.recognizers.base import Hit
from helpdesk.pii.recognizers.birth.dates import is_date, year_of
from helpdesk.pii.recognizers.birth.file_names import FILE_WORDS
from helpdesk.pii.text import fold

FARTHEST = 24  # characters between a name and its date
_PATH = re.compile(
    r"(?:(?<![\w])[A-Za-z]:\\|\\\\)(?:(?!\.[A-Za-z]{2,4}(?![\w\\]))[^\n\"<>|*?]){6,260}|(?<![\w.:/])(?:\w{2,8}://|/(?=\w+/))[^\s\"'<>|?#]{6,300}"
)
_ENDINGS = (
    ".pdf",
    ".doc",
    ".xls",
    ".jp",
    ".png",
    ".tif",
    ".txt",
    ".csv",
    ".msg",
    ".eml",
    ".xml",
    ".json",
    ".zip",
    ".7z",
    ".dcm",
    ".wav",
    ".mp3",
    ".mp4",
    ".htm",
    ".rtf",
)
_FILE = re.compile(
    r"(?<![\w.\\/-])[\w'-]{8,120}\.(?:pdf|docx?|xlsx?|jpe?g|png|tiff?|txt|csv|msg|eml|xml|json|zip|7z|dcm|wav|mp[34]|html?|rtf)\b"
)
_DATE = re.compile(
    r"(?<![^\W_])(?:(?P<y>(?:19|20)\d\d)(?P<s>[-_.]?)(?P<m>[01]\d)(?P=s)(?P<d>[0-3]\d)|(?P<d2>[0-3]\d)(?P<s2>[-_. ]?)(?P<m2>[01]\d)(?P=s2)(?P<y2>(?:19|20)\d\d))(?![^\W_])"
)
# A job, a study or a label named after somebody, without an ending: `RIDLEY-P-30111962-FU`, `Katz_Ann_19440112`.
_LABEL = re.compile(
    rf"(?<![\w.\\/@-])(?P<family>[A-Z][A-Za-z'’]{{2,20}})(?P<join>[-_^])(?P<given>[A-Z][A-Za-z'’]{{0,15}})(?P=join)(?P<date>{_DATE.pattern})(?:(?P=join)\w{{1,12}})?(?![\w.\\/@-])"
)
_WORD = re.compile(r"(?<![\w.])[^\W\d_]+(?![\w])|(?<=_)[^\W\d_]+(?![^\W_])|(?<![\w.])[^\W\d_]+(?=_)")
_OF_STAFF = frozenset(
    {
        "users",
        "user",
        "home",
        "homes",
        "profiles",
        "profile",
        "staff",
        "onedrive",
        "backup",
        "backups",
        "archive",
        "logs",
        "log",
    }
)


def births_in_paths(text: str, this_year: int) -> Iterator[Hit]:
    """A given and a family name side by side and a date of years ago in one path."""
    places = [_PATH] if "/" in text or "\\" in text else []
    places += [_FILE] if any(ending in text for ending in _ENDINGS) else []
    for path in (match for pattern in places for match in pattern.finditer(text)):
        dates = list(_dates(path.group(), this_year))
        if dates:
            yield from _named(path, dates)


def births_in_labels(text: str, this_year: int) -> Iterator[Hit]:
    """A family name, an initial or a given name, and a date of years ago, joined to one word."""
    for match in _LABEL.finditer(text):
        if _somebodys(match) and next(_dates(match.group("date"), this_year), None):
            yield Hit(
                "PERSON", match.start("family"), match.end("given"), 0.7, "a name joined to a birth date"
            )
            yield Hit("DATE_OF_BIRTH", *match.span("date"), 0.86, "a date of years ago joined to a name")


def _somebodys(label: re.Match[str]) -> bool:
    family, given = fold(label.group("family")), fold(label.group("given"))
    if len(given) > 1:
        return _of_somebody(family, given)
    return family not in FILE_WORDS and not names.is_ordinary(family)


def _dates(path: str, this_year: int) -> Iterator[tuple[int, int]]:
    for match in _DATE.finditer(path):
        year = year_of(match.group("y") or match.group("y2"), this_year)
        day, month = match.group("d") or match.group("d2"), match.group("m") or match.group("m2")
        if 0 < year < this_year - 3 and is_date(day, month):
            yield match.span()


def _named(path: re.Match[str], dates: Sequence[tuple[int, int]]) -> Iterator[Hit]:
    words = [(word.start(), word.end(), fold(word.group())) for word in _WORD.finditer(path.group())]
    if _OF_STAFF & {word for _, _, word in words}:
        return
    for (start, first_end, one), (next_start, end, two) in pairwise(words):
        date = next((date for date in dates if _beside(date, start, end)), None)
        if date and next_start - first_end <= 2 and _of_somebody(one, two):
            at = path.start()
            yield Hit("PERSON", at + start, at + end, 0.7, "two names in a path with a birth date")
            yield Hit(
                "DATE_OF_BIRTH", at + date[0], at + date[1], 0.86, "a date of years ago in a path with a name"
            )
            return


def _beside(date: tuple[int, int], start: int, end: int) -> bool:
    return 0 <= start - date[1] <= FARTHEST or 0 <= date[0] - end <= FARTHEST


def _of_somebody(one: str, two: str) -> bool:
    """A given and a family name in either order, neither of them an ordinary word."""
    if {one, two} & FILE_WORDS or names.is_ordinary(one) or names.is_ordinary(two):
        return False
    both = (names.is_given(one) and names.is_family(two)) or (names.is_family(one) and names.is_given(two))
    return both or (
        len(one) > 2 < len(two) and any(names.is_given(word) and names.is_name(word) for word in (one, two))
    )
