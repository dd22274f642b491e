"""Dates of birth: labelled in any form, or a date that can hardly be anything else beside a person."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from helpdesk.pii import names
from helpdesk.pii.invented_words import DENIED, MIXED, SAID
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.birth.after_names import (
    after_a_baby,
    after_capitals,
    after_full_name,
    with_sex_in_columns,
)
from helpdesk.pii.recognizers.birth.dates import (
    BACKWARD,
    IN_WORDS,
    SIX,
    Dated,
    dates_in,
    is_date,
    joined_in,
    of_a_calendar,
)
from helpdesk.pii.recognizers.birth.file_names import in_file_names, joined_to_a_name, word_before
from helpdesk.pii.recognizers.birth.garbled import garbled_in
from helpdesk.pii.recognizers.birth.history import born_long_ago, end_of_a_life
from helpdesk.pii.recognizers.birth.hosts import born_of_a_host
from helpdesk.pii.recognizers.birth.labels import another_date, labelled, labelled_after, loosely_labelled
from helpdesk.pii.recognizers.birth.supposed import of_nobody
from helpdesk.pii.recognizers.birth.things import of_no_person
from helpdesk.pii.recognizers.columns import header_over
from helpdesk.pii.recognizers.numbers_context import EXAMPLE
from helpdesk.pii.text import fold, spaced

LABELLED = "labelled as a date of birth"
_BESIDE_PERSON = re.compile(r"([^\W\d_]['\w-]{1,40})[ ]?(?:,|\(|-|;|\t|\bb\b|_|\s)[ ]?$")
_TITLE_IN_BRACKETS = re.compile(
    r"([A-ZÀ-Þ][\w'-]{0,40}[^\W\d_]) ?\((?:Mr|Mrs|Ms|Miss|Mx|Mstr|Master|Dr)\.?\)[ ]?[,-]?[ ]?$"
)
_CAPITAL = re.compile(r"([A-ZÀ-Þ][\w'-]*[^\W\d_])[.]?[ ]?(?:[,(_;-]|\t)?[ \t]?$")
_BIRTH_WORD = re.compile(r"b(?:orn|irth)|d(?:ob|\.o\.b)")
_DEAR = re.compile(r"\bdear $")
_BIRTH_HEADER = re.compile(r"birth|born|d\.?o\.?b|^b\.?$|bday|geni")
# The form of dates is spoken of: `DOB as 1952-07-04T00:00:00 instead of dd/mm/yyyy`.
_OF_FORM = re.compile(
    r"[ '\")]{0,3}(?:style|format|notation|(?:instead of|rather than|not|and not|where|should be|when we want) (?:dd|d/m|mm|yyyy))"
)
_CARETS = re.compile(r"[a-z'-]{2,}\^[a-z'^-]{0,30}[ ^|_]{1,3}$")
_NO_EXAMPLE = re.compile(
    r"\b(?:training (?:record|data)|sample data (?:for|of)|not (?:a )?real (?!pat|pers|peop|data|rec|one|det|hum|num|name))"
)
_DEFAULTS = spaced(
    "01/01/1900 1900-01-01 01-01-1900 01/01/1970 1970-01-01 1/1/1970 01-01-1970 1901-01-01 01/01/1901 1970-01-01t00:00:00"
)


class DateOfBirth(Recognizer):
    """Score 0.9 under a label, 0.8 in brackets or a file name after a name, 0.45 for a date of long ago."""

    ENTITIES = ("DATE_OF_BIRTH",)

    def __init__(self, this_year: int | None = None) -> None:
        super().__init__()
        self._year = this_year or datetime.now(UTC).year

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits and "born" not in reading.lower and "birth" not in reading.lower:
            return
        dates = list(dates_in(reading, self._year))
        calendar = of_a_calendar(dates, self._year)
        for date in dates:
            for hit in self._judge(reading, date):
                if not (calendar and date.short) or hit.why == LABELLED:
                    yield hit
        yield from self._in_words(reading)
        for date in joined_in(reading, self._year):
            yield from self._judge_joined(reading, date)
        yield from in_file_names(reading, self._year)
        yield from self._of_six(reading)
        yield from self._backward(reading)
        for start, end in with_sex_in_columns(reading.text):
            yield Hit("DATE_OF_BIRTH", start, end, 0.86, "six digits and a sex after names, in several rows")
        for start, end in garbled_in(reading, self._year):
            before, _ = reading.around(start, end, 90, 0)
            if not _exemplary(before) and not self._nobodys(reading, start, end):
                yield Hit("DATE_OF_BIRTH", start, end, 0.85, LABELLED)

    def _of_six(self, reading: Reading) -> Iterator[Hit]:
        """Six digits under a label, or after a name in capitals: `OKORO A 120144`."""
        for match in reading.at_numbers(SIX, reading.text) if reading.longest_number >= 6 else ():
            if not is_date(match.group("d"), match.group("m")):
                continue
            before = reading.lower[max(0, match.start() - 90) : match.start()]
            if labelled(before[-40:]) and not _exemplary(before):
                yield Hit("DATE_OF_BIRTH", match.start(), match.end(), 0.85, LABELLED)
            elif after_capitals(reading.text, match.start()) and not _exemplary(before):
                yield Hit("DATE_OF_BIRTH", match.start(), match.end(), 0.6, "six digits after a name")

    def _backward(self, reading: Reading) -> Iterator[Hit]:
        """Year, month and day in this order, the year with two digits, under a label."""
        for match in BACKWARD.finditer(reading.text) if _BIRTH_WORD.search(reading.lower) else ():
            before = reading.lower[max(0, match.start() - 90) : match.start()]
            born = is_date(match.group("d"), match.group("m")) and labelled(before[-40:])
            if born and not _exemplary(before) and not self._nobodys(reading, *match.span()):
                yield Hit("DATE_OF_BIRTH", *match.span(), 0.86, LABELLED)

    def _nobodys(self, reading: Reading, start: int, end: int) -> bool:
        """Whether a birth is a thing's, a host's, of many or of somebody supposed."""
        return (
            of_no_person(*reading.around(start, end, 90, 24))
            or of_nobody(reading.lower, start, end)
            or born_of_a_host(reading.lower, start, end)
        )

    def _in_words(self, reading: Reading) -> Iterator[Hit]:
        for match in IN_WORDS.finditer(reading.lower) if _BIRTH_WORD.search(reading.lower) else ():
            start, end = match.span(1)
            year = match.group(1)[-4:]
            if year.isdigit() and born_long_ago(reading.lower, start, int(year), self._year):
                continue
            if not self._nobodys(reading, start, end) and not end_of_a_life(reading.lower, start):
                yield Hit("DATE_OF_BIRTH", start, end, 0.9, "a date of birth in words")

    def _judge(self, reading: Reading, date: Dated) -> Iterator[Hit]:
        before, after = reading.around(date.start, date.end, 90, 24)
        near = before[-60:]
        if reading.lower[date.start : date.end] in _DEFAULTS or _OF_FORM.match(reading.lower, date.end):
            return
        words = (
            before + after
        ).islower()  # beside bare dates nothing says whose they are: a page of them is quick
        if words and (_exemplary(before) or self._nobodys(reading, date.start, date.end)):
            return
        if born_long_ago(reading.lower, date.start, date.year, self._year) or end_of_a_life(
            reading.lower, date.start
        ):
            return
        if labelled(near) or labelled_after(after) or (date.year < self._year and loosely_labelled(near)):
            yield Hit("DATE_OF_BIRTH", date.start, date.end, 0.9, LABELLED)
        elif date.year >= self._year - 1 and after_a_baby(near):
            yield Hit("DATE_OF_BIRTH", date.start, date.end, 0.8, "right after a baby's name")
        elif date.year < self._year - 1 and not (
            date.short and date.year >= 2000 and date.year > self._year - 5
        ):
            yield from self._unlabelled(reading, date, near)

    def _unlabelled(self, reading: Reading, date: Dated, before: str) -> Iterator[Hit]:
        """A date of years ago without a label: what stands before it tells how likely it is a birth."""
        told = self._told_apart(reading, date, before) or self._after_a_name(reading, date, before)
        if told and told[0]:
            yield Hit("DATE_OF_BIRTH", date.start, date.end, *told)

    def _told_apart(self, reading: Reading, date: Dated, before: str) -> tuple[float, str] | None:
        """A wristband, another column, another date; None where none of these tells."""
        if before.endswith("^fd") or _DEAR.search(before):
            return 0.86, "a date on a wristband or where a letter should have a name"
        header = header_over(reading, date.start)
        if header and not _BIRTH_HEADER.search(header) and date.year > self._year - 60:
            return 0.3, "under a header that speaks of no birth"
        if another_date(before, reading.lower, date.end):
            return (0.3 if date.year < self._year - 20 else 0.0), "a date of long ago"
        return None

    def _after_a_name(self, reading: Reading, date: Dated, before: str) -> tuple[float, str] | None:
        lead = reading.text[max(0, date.start - 40) : date.start]
        old = self._year - date.year
        capital = _TITLE_IN_BRACKETS.search(lead) or _CAPITAL.search(lead)
        if capital:
            if not names.may_be_name(fold(capital.group(1))):
                return 0.45 if old > 30 else 0.35, "a date of years ago after a word with a capital"
            if "(" in capital.group() and old > 3:
                return 0.86, "in brackets right after a name"
            return 0.7 if old > 3 else 0.5, "a date of years ago right after a name"
        if old <= 15:
            return None
        word = _BESIDE_PERSON.search(before)
        if word and names.is_name(fold(word.group(1))):
            return 0.5, "a date of long ago after a name"
        return 0.45 if old > 30 else 0.35, "a date of long ago"

    def _judge_joined(self, reading: Reading, date: Dated) -> Iterator[Hit]:
        """Eight digits: labelled, after a name with carets, in the name of a file, or only of long ago."""
        start, end, old = date.start, date.end, self._year - date.year
        before, _ = reading.around(start, end, 60, 10)
        if _exemplary(before):
            return
        if labelled(before):
            yield Hit("DATE_OF_BIRTH", start, end, 0.9, LABELLED)
        elif old > 3 and _CARETS.search(before):
            yield Hit("DATE_OF_BIRTH", start, end, 0.86, "eight digits after a name with carets")
        elif old > 3 and "_" in reading.text[max(0, start - 1) : end + 1] and joined_to_a_name(before):
            why = "eight digits after a name in a file name"
            sure = names.may_be_name(word_before(before))
            yield Hit("DATE_OF_BIRTH", start, end, (0.7 if old > 15 else 0.5) if sure else 0.4, why)
        elif old > 15 and after_full_name(reading.text, start):
            yield Hit("DATE_OF_BIRTH", start, end, 0.6, "eight digits after a name")
        elif old > 15:
            yield Hit("DATE_OF_BIRTH", start, end, 0.35, "eight digits that read as a date of long ago")


def _exemplary(before: str) -> bool:
    """Whether the lower-case text before a date calls it an example, and nothing says that somebody is meant after all."""
    return bool(EXAMPLE.search(_NO_EXAMPLE.sub(" ", before[-45:]))) and not (
        DENIED.search(before) or MIXED.search(SAID.sub(" ", before))
    )
