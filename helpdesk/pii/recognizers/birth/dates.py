"""Dates as people write them, and the year each means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.birth.words import months

_ENGLISH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)"
_ANY = f"(?:{months()})"
_ROMAN = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_SEP = r"[ ]?[./\-\\ ][ ]?"
_YEAR = r"(?:19|20)\d\d|\d\d"
_OF = r"(?: (?:of|de|di|den|na|an|am|o|y))?"
DATE = re.compile(
    rf"(?:(?<=\^fd)|(?<![\w.,£$/:-]))(?:(?P<iso>(?:19|20)\d\d)-(?P<im>[01]\d)-(?P<id>[0-3]\d)(?:t00:00\S{{0,12}})?|(?P<d>[0-3]?\d){_SEP}(?P<m>[01]?\d){_SEP}(?P<y>{_YEAR})|"
    rf"(?P<dn>[0-3]?\d)(?:st|nd|rd|th|er|º|ª)?{_OF}[ \-/.]{{0,2}}(?P<mn>{_ANY})\.?(?: (?:de|del|do|di) |[ \-/.,']{{0,2}})(?P<yn>{_YEAR})|"
    rf"(?P<dr>[0-3]?\d)(?:[./-](?P<mr>{_ROMAN})[./-]| (?P<mr2>i{{2,3}}|iv|vi{{1,3}}|ix|xi{{1,2}}) )(?P<yr>{_YEAR})|"
    rf"(?P<yl>(?:19|20)\d\d)(?: ?m\.?)?[ -](?P<ml>{_ANY})[ -](?P<dl>[0-3]?\d)(?: d\.)?|"
    rf"(?P<ma>{_ENGLISH})[ .]{{1,2}}(?P<da>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<ya>(?:19|20)\d\d))(?![\w]|[/:-]\d|\.\d)"
)
# Year first with two digits: a birth under a label only, `born 88/07/02`.
BACKWARD = re.compile(r"(?<![\w.,£$/:-])[3-9]\d([/.-])(?P<m>[01]\d)\1(?P<d>[0-3]\d)(?![\w]|[/:-]\d|\.\d)")
EIGHT = re.compile(
    r"(?<![\d.,£$/:-])(?:(?P<d>[0-3]\d)(?P<m>[01]\d)(?P<y>(?:19|20)\d\d)|(?P<y2>(?:19|20)\d\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d))(?![\d]|[.,/:-]\d)"
)
SIX = re.compile(r"(?<!\d)(?P<d>[0-3]\d)(?P<m>[01]\d)(?P<y>\d\d)(?!\d)")
_ORDINAL = (
    r"(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|"
    r"seventeenth|eighteenth|nineteenth|twentieth|twenty[ -]\w{4,7}|thirtieth|thirty[ -]first)"
)
IN_WORDS = re.compile(
    rf"\b(?:born|birth|dob|birthday)\b[^.\n]{{0,30}}?({_ORDINAL} (?:of )?{_ENGLISH},? (?:(?:in )?(?:nineteen|twenty|two thousand)[ -](?:and )?(?:oh |o )?\w{{2,9}}(?:[ -]\w{{3,5}})?|\d{{4}}))"
)
_YEARS, _DAYS = ("iso", "y", "yn", "ya", "yr", "yl"), ("id", "d", "dn", "da", "dr", "dl")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a reading: its span, the year meant, and whether the year was written with two digits."""

    start: int
    end: int
    year: int
    short: bool = False


def dates_in(reading: Reading, this_year: int) -> Iterator[Dated]:
    """Dates with marks or months between, on which somebody living may have been born."""
    for match in DATE.finditer(reading.lower):
        written = _one_of(match, _YEARS)
        year = year_of(written, this_year)
        if year and is_date(_one_of(match, _DAYS), match.group("im") or match.group("m")):
            yield Dated(match.start(), match.end(), year, len(written or "") == 2)


def joined_in(reading: Reading, this_year: int) -> Iterator[Dated]:
    """Dates of eight digits without marks, day or year first."""
    for match in reading.at_numbers(EIGHT, reading.text) if reading.longest_number >= 8 else ():
        year = year_of(match.group("y") or match.group("y2"), this_year)
        if year and is_date(match.group("d") or match.group("d2"), match.group("m") or match.group("m2")):
            yield Dated(match.start(), match.end(), year)


def of_a_calendar(dates: Sequence[Dated], this_year: int) -> bool:
    """Whether all years of two digits are of late or to come, several to come: when things expire or meet, and no births."""
    ahead = [this_year - 100 < date.year <= this_year - 92 for date in dates if date.short]
    late = [date.year > this_year - 2 for date in dates if date.short]
    return sum(ahead) >= 2 and all(a or b for a, b in zip(ahead, late, strict=True))


def year_of(text: str | None, this_year: int) -> int:
    """The year meant; 0 when nobody living was born then."""
    if not text:
        return 0
    year = int(text)
    if len(text) == 2:
        year += 2000 if year <= this_year % 100 else 1900
    return year if 1900 < year <= this_year else 0


def is_date(day: str | None, month: str | None) -> bool:
    return 1 <= int(day or "1") <= 31 and 1 <= int(month or "1") <= 12


def _one_of(match: re.Match[str], names: tuple[str, ...]) -> str | None:
    return next((match.group(name) for name in names if match.group(name)), None)
