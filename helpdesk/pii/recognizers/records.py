"""Records as links, logs, forms and consoles carry them: pairs of a key and a value that stand close together.

`?pid=7&sn=SMITH&d=19440112`, `patient.surname=SMITH dob=1944-01-12`, `{ last: 'Smith', b: '12/01/1944' }`:
a key that says what it holds counts by itself; short keys count where one record has both a name and a date of long ago.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.pii import names
from helpdesk.pii.recognizers.base import Hit, digits_of, mod11
from helpdesk.pii.recognizers.birth.dates import DATE, EIGHT, SIX, year_of
from helpdesk.pii.recognizers.field_names import hints_of_field, kind_of_field
from helpdesk.pii.recognizers.rows import ORGANISATION
from helpdesk.pii.text import fold

MARKS = ("=", "{", "</", "/>")  # a text without any of these carries no records
GAP = 60  # characters between the pairs of one record
MOST_PAIRS = 40  # of one record
_PAIR = re.compile(
    r"(?<![\w@.%])(?P<key>[A-Za-z][\w.\-]{0,40}?)[\"'\]]{0,2}(?:[ \t]{0,2}(?:=>|:=|==?|:)[ \t]{0,3}| value=|>)n?(?:[\"'\[(]{1,3})?(?P<value>(?!//)(?:[^\s\"'<>,;&|\]\[}{)(=]|[ \t](?![\w.-]{1,40}[=:])){1,60})"
)
_NAME = re.compile(r"[^\W\d_][\w'-]*[^\W\d_](?:[ ,+_^.]{1,2}[^\W\d_][\w'-]*){0,3}\.?")
_HOUSE = re.compile(
    r"(?:(?:flat|apt) ?\w{1,4}[, ]+)?\d{1,4}[A-Za-z]?[ ,+]+[^\W\d_][\w' .+-]{4,50}", re.IGNORECASE
)
# Keys of a colleague's or a company's entry, whose address is one of work.
_AT_WORK = re.compile(
    r"(?<![a-z])(?:dept|department|company\w*|org\w*|job_?title|site\w*|office\w*|practice\w*|employer|ods\w*|supplier\w*|vendor\w*|staff\w*|role|contact|ship\w*|deliver\w*|branch)[\"']?\s?[:=]"
)
_TEN = re.compile(r"\d{3}[ +-]?\d{3}[ +-]?\d{4}")
_WORDS = re.compile(r"[^\W\d_]+")
_TELLING = frozenset({"PERSON", "DATE_OF_BIRTH"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its value; `sure` and `hints` are the entities that the key and the value agree on."""

    start: int
    end: int
    value: tuple[int, int]
    sure: str | None
    hints: frozenset[str]


def records_in(text: str, this_year: int) -> Iterator[Hit]:
    """What the records of a text hold of people: a name with a birth date, or a patient's number."""
    if not any(mark in text for mark in MARKS):
        return
    for record in _records(text, this_year):
        yield from _of_record(record)
        yield from _homes_of(record, text)


def _records(text: str, this_year: int) -> Iterator[Sequence[Pair]]:
    record: list[Pair] = []
    for match in _PAIR.finditer(text):
        pair = _pair(match, this_year)
        if pair is None:
            continue
        if record and (pair.start - record[-1].end > GAP or len(record) >= MOST_PAIRS):
            yield record
            record = []
        record.append(pair)
    if record:
        yield record


def _pair(match: re.Match[str], this_year: int) -> Pair | None:
    """The pair, where its value is what its key may hold."""
    key, value = match.group("key"), match.group("value").rstrip(" .+")
    sure = kind_of_field(key) or kind_of_field(key.rpartition(".")[2])
    wanted = {sure} if sure else hints_of_field(key.rpartition(".")[2])
    kinds = frozenset(kind for kind in wanted if kind and _holds(kind, value, this_year))
    if not kinds:
        return None
    start = match.start("value")
    return Pair(
        match.start(), match.end(), (start, start + len(value)), sure if sure in kinds else None, kinds
    )


def _holds(kind: str, value: str, this_year: int) -> bool:
    if kind == "PERSON":
        return bool(_NAME.fullmatch(value)) and _reads_like_a_name(value)
    if kind == "DATE_OF_BIRTH":
        return born_in(value, this_year) > 0
    if kind == "ADDRESS":
        return bool(_HOUSE.fullmatch(value)) and not ORGANISATION.search(value)
    if kind == "NHS_NUMBER":
        return bool(_TEN.fullmatch(value)) and mod11(digits_of(value))
    return False


def born_in(value: str, this_year: int) -> int:
    """The year of a value that is a date on which somebody may have been born, before last year; else 0."""
    value = value.strip().replace("%2F", "/").lower()
    for pattern, groups in (
        (DATE, ("iso", "y", "yn", "ya", "yr", "yl")),
        (EIGHT, ("y", "y2")),
        (SIX, ("y",)),
    ):
        match = pattern.match(value)
        if match and (match.end() == len(value) or value[match.end()] in "t "):
            year = year_of(next((match.group(g) for g in groups if match.group(g)), None), this_year)
            return year if 0 < year < this_year - 1 else 0
    return 0


def _reads_like_a_name(value: str) -> bool:
    words = [fold(word) for word in _WORDS.findall(value) if len(word) > 1]
    if not words or any(word in _NO_NAMES for word in words):
        return False
    return (
        any(names.is_name(word) for word in words)
        or (
            value.isupper()
            and all(not names.is_ordinary(word) or names.may_be_name(word) for word in words)
            and len(words) < 3
        )
        or all(names.may_be_name(word) for word in words)
    )


_NO_NAMES = frozenset(
    {
        "test",
        "dummy",
        "string",
        "null",
        "none",
        "true",
        "false",
        "default",
        "example",
        "admin",
        "service",
        "unknown",
        "svc",
    }
)


def _homes_of(record: Sequence[Pair], text: str) -> Iterator[Hit]:
    """The addresses of a record with a name, where no key tells of a place of work."""
    named = any("PERSON" in pair.hints for pair in record)
    homes = [pair for pair in record if pair.sure == "ADDRESS"] if named else []
    if homes and not _AT_WORK.search(text[max(0, record[0].start - 80) : record[-1].end + 80].lower()):
        for pair in homes:
            yield Hit("ADDRESS", *pair.value, 0.8, "under its key, in a record with a name")


def _of_record(record: Sequence[Pair]) -> Iterator[Hit]:
    """Names and dates count together; a patient's number counts with its key."""
    persons = [pair for pair in record if "PERSON" in pair.hints]
    births = [pair for pair in record if "DATE_OF_BIRTH" in pair.hints]
    certain = [pair for pair in births if pair.sure]
    if persons and births:
        dates = certain or births
        for pair in persons:
            yield Hit("PERSON", *pair.value, 0.7, "under its key, in a record with a birth date")
        for pair in dates:
            yield Hit("DATE_OF_BIRTH", *pair.value, 0.86, "under its key, in a record with a name")
    for pair in certain if not persons else ():
        yield Hit("DATE_OF_BIRTH", *pair.value, 0.86, "under its key")
    for pair in record:
        if pair.sure == "NHS_NUMBER" or (persons and "NHS_NUMBER" in pair.hints):
            yield Hit("NHS_NUMBER", *pair.value, 0.8, "under its key")
