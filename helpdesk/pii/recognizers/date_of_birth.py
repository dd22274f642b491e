"""Dates of birth: labelled in any form, or a date that can hardly be anything else beside a person."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.columns import header_over
from helpdesk.pii.recognizers.numbers_context import EXAMPLE
from helpdesk.pii.text import fold, spaced
from helpdesk.pii.values import Zone

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr)"
_ROMAN = r"(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})"
_SEP = r"[ ]?[./\-\\ ][ ]?"
_DATE = re.compile(
    rf"(?:(?<=\^fd)|(?<![\w.,£$/:-]))(?:(?P<iso>(?:19|20)\d\d)-(?P<im>[01]\d)-(?P<id>[0-3]\d)(?:t00:00\S{{0,12}})?|(?P<d>[0-3]?\d){_SEP}(?P<m>[01]?\d){_SEP}(?P<y>(?:19|20)\d\d|\d\d)|"
    rf"(?P<dn>[0-3]?\d)(?:st|nd|rd|th)?(?: of)?[ \-/.]{{0,2}}(?P<mn>{_MONTH})[ \-/.,']{{0,2}}(?P<yn>(?:19|20)\d\d|\d\d)|"
    rf"(?P<dr>[0-3]?\d)(?:[./-](?P<mr>{_ROMAN})[./-]| (?P<mr2>i{{2,3}}|iv|vi{{1,3}}|ix|xi{{1,2}}) )(?P<yr>(?:19|20)\d\d|\d\d)|"
    rf"(?P<ma>{_MONTH})[ .]{{1,2}}(?P<da>[0-3]?\d)(?:st|nd|rd|th)?,? (?P<ya>(?:19|20)\d\d))(?![\w]|[/:-]\d|\.\d)"
)
_EIGHT = re.compile(
    r"(?<![\d.,£$/:-])(?:(?P<d>[0-3]\d)(?P<m>[01]\d)(?P<y>(?:19|20)\d\d)|(?P<y2>(?:19|20)\d\d)(?P<m2>[01]\d)(?P<d2>[0-3]\d))(?![\d]|[.,/:-]\d)"
)
_SIX = re.compile(r"(?<!\d)(?P<d>[0-3]\d)(?P<m>[01]\d)(?P<y>\d\d)(?!\d)")
_LABEL = re.compile(
    r"(?:\bd[ .]?o[ .]?b\b\.?|\bdates? of births?\b|\bbirth ?dates?\b|\bdate of birth\b|\bbirthda(?:y|te)\b|\bb-?day\b|\bdate o?/?f? ?birth\b|\bd/o/b\b|\bborn\b|\bb\.|\bdyddiad geni\b|\bganwyd\b|\bganed\b|\bdata urodzenia\b|\burodz\w+|\bd\.?o\.?b\.?s\b|\bbd\b)"
    r"(?:[ \t]*(?:is|was|on|of|=|:|-|\(|\)|,|'s|listed as|showing as|shows?|recorded as|should be|down as|entered as|\.|\t|\"|'|no|not|the|in|wrong|field|mother|patient|pt|her|his|for \w{1,20}|\w{1,20} \w{1,20} is)[ \t]*){0,4}[ \t]*$"
)
_LOOSE_LABEL = re.compile(
    r"\b(?:d\.?o\.?b\.?|dates? of births?|birth ?dates?|birthday|b-?day|born|dyddiad geni)\b(?!.*\b(?:fields?|formats?|accepts?|columns?|validation|entry|entries|default\w*|in \d{4}|party|cake|card|do|drinks|leave)\b)[^\n\d]{0,28}$"
)
_LABEL_AFTER = re.compile(r"^[ \t)\],-]{0,4}(?:\(?d\.?o\.?b\b|\(?date of birth|\(?birth date)")
_BESIDE_PERSON = re.compile(r"([^\W\d_]['\w-]+)[ ]?(?:,|\(|-|;|\t|\bb\b|_|\s)[ ]?$")
_OTHER_DATE = re.compile(
    r"\b(?:go[ -]?live|since|from|until|till|by|on|at|due|expir\w*|valid|version|release\w*|patch\w*|updat\w*|upgrade\w*|install\w*|deploy\w*|meeting|booked|created|modified|sent|received|raised|opened|"
    r"closed|logged|printed|started?|start date|leav\w+|left|join\w+|ends?|review\w*|dated|deadline|between|week|w/c|w/e|commencing|appointment|appt|clinic|admitted|discharged|seen|referred|hearing|"
    r"died|issued|warranty|purchased|bought|invoice|copyright|policy|act|default|last|next|before|after|year|effective|absence|scan|date|period|released|published)\b[ :,(-]{0,3}$"
)


_IN_WORDS = re.compile(
    rf"\b(?:born|birth|dob|birthday)\b[^.\n]{{0,30}}?((?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|"
    rf"seventeenth|eighteenth|nineteenth|twentieth|twenty[ -]\w{{4,7}}|thirtieth|thirty[ -]first) (?:of )?{_MONTH},? (?:(?:in )?(?:nineteen|twenty|two thousand)[ -](?:and )?(?:oh |o )?\w{{2,9}}(?:[ -]\w{{3,5}})?|\d{{4}}))"
)


_WEEKDAY = re.compile(
    r"\b(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b\.?,? ?(?:the )?$"
)
_TIME = re.compile(r"[ ,T]{0,3}(?:at |@ ?)?\d{1,2}[:.]\d\d|\.[ ]?\(?(?:reuters|ap)|[^\n]{0,40}\bwrote\b")


_IN_FILE_NAME = re.compile(
    r"(?<![^\W_])(?P<name>[A-ZÀ-Þ][^\W\d_]{2,20}(?:-[A-ZÀ-Þ][^\W\d_]{1,20})?)(?P<gap>[_ -]{1,2}(?:[A-Z][^\W\d_]{0,15}[_ -]{1,2}){0,2})"
    r"(?P<date>(?P<d>[0-3]\d)[.-]?(?P<m>[01]\d)[.-]?(?:(?P<y8>(?:19|20)\d\d)|(?P<y>\d\d)))(?!\d)(?P<ext>[^\s|,;]{0,40}\.[a-z]{3,4}\b)?"
)
_FILE_WORDS = spaced(
    "scan backup export report minutes rota copy draft final img image screenshot photo doc document letter list log form invoice policy version agenda template data extract upload archive file clinic ward audit results snapshot dump"
)
_DEAR = re.compile(r"\bdear $")
_BIRTH_HEADER = re.compile(r"birth|born|d\.?o\.?b|^b\.?$|bday|geni")
_NO_PERSON_BEFORE = re.compile(
    r"\b(?:labrador|spaniel|retriever|poodle|cockapoo|terrier|collie|dogs?|pupp(?:y|ies)|cats?|kittens?|pony|horse|rabbit|hamster|guinea pig|therapy (?:dog|animal|pet)|assistance dog|hedgehog|"
    r"robot|manikin|mannequin|simulator|firmware|build|built|manufactured|device|model|unit|system|server|product|website|app|project|trust|hospital|icb|ccg|department|service|charity|company|organisation|network|ward|school)"
    r"\b[^.\n]{0,14}\b(?:was |were |is |, ?|\(|- ?)*(?:born|birthday|birth ?date|date of birth|dob|b\.)[^.\n\d]{0,12}$"
)
_ANIMAL_AFTER = re.compile(
    r"[^.\n]{0,20}\b(?:labrador|spaniel|therapy dog|pets? as therapy|vet(?:erinary)?|kennel|no biscuits|chewed)\b"
)
_BITTEN = re.compile(r"\b(?:bit|bite|bitten|bites|scratch\w*|mauled|kicked|thrown|owner|allerg\w*)\b")


def _of_no_person(before: str, after: str) -> bool:
    """A dog's birthday, a trust's, a device's; not the date of somebody whom a dog bit."""
    return bool(_NO_PERSON_BEFORE.search(before) or _ANIMAL_AFTER.match(after)) and not _BITTEN.search(
        before + after
    )


_DEFAULTS = frozenset(
    {
        "01/01/1900",
        "1900-01-01",
        "01-01-1900",
        "01/01/1970",
        "1970-01-01",
        "1/1/1970",
        "01-01-1970",
        "1901-01-01",
        "01/01/1901",
        "1970-01-01t00:00:00",
    }
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
        for match in _DATE.finditer(reading.lower):
            year = self._year_of(
                match.group("iso")
                or match.group("y")
                or match.group("yn")
                or match.group("ya")
                or match.group("yr")
            )
            if year and _is_date(
                match.group("id")
                or match.group("d")
                or match.group("dn")
                or match.group("da")
                or match.group("dr"),
                match.group("im") or match.group("m"),
            ):
                yield from self._judge(
                    reading,
                    match,
                    year,
                    len(match.group("y") or match.group("yn") or match.group("yr") or "xxxx") == 2,
                )
        for match in _IN_WORDS.finditer(reading.lower):
            yield Hit("DATE_OF_BIRTH", match.start(1), match.end(1), 0.9, "a date of birth in words")
        for match in _EIGHT.finditer(reading.text):
            year = self._year_of(match.group("y") or match.group("y2"))
            if year and _is_date(
                match.group("d") or match.group("d2"), match.group("m") or match.group("m2")
            ):
                yield from self._judge_joined(reading, match, year)
        yield from self._in_file_names(reading)
        for match in _SIX.finditer(reading.text):
            if _LABEL.search(reading.lower[max(0, match.start() - 40) : match.start()]) and _is_date(
                match.group("d"), match.group("m")
            ):
                yield Hit("DATE_OF_BIRTH", match.start(), match.end(), 0.85, "labelled as a date of birth")

    def _year_of(self, text: str | None) -> int:
        """The year meant; 0 when nobody living was born then."""
        if not text:
            return 0
        year = int(text)
        if len(text) == 2:
            year += 2000 if year <= self._year % 100 else 1900
        return year if 1900 < year <= self._year else 0

    def _judge(self, reading: Reading, match: re.Match[str], year: int, short: bool) -> Iterator[Hit]:
        start, end = match.span()
        before, after = reading.around(start, end, 60, 24)
        if EXAMPLE.search(before[-45:]) or match.group() in _DEFAULTS or _of_no_person(before, after):
            return
        if (
            _LABEL.search(before)
            or _LABEL_AFTER.match(after)
            or (year < self._year and _LOOSE_LABEL.search(before))
        ):
            yield Hit("DATE_OF_BIRTH", start, end, 0.9, "labelled as a date of birth")
        elif year < self._year - 1 and not (short and year >= 2000 and year > self._year - 5):
            yield from self._beside(reading, start, end, year, before)

    def _beside(self, reading: Reading, start: int, end: int, year: int, before: str) -> Iterator[Hit]:
        """A date of years ago: in brackets after a word with a capital, or only long ago."""
        if before.endswith("^fd") or _DEAR.search(before):
            why = "a date on a wristband or where a letter should have a name"
            yield Hit("DATE_OF_BIRTH", start, end, 0.86, why)
            return
        header = header_over(reading, start)
        if header and not _BIRTH_HEADER.search(header) and year > self._year - 60:
            yield Hit("DATE_OF_BIRTH", start, end, 0.3, "under a header that speaks of no birth")
            return
        if _OTHER_DATE.search(before) or _WEEKDAY.search(before) or _TIME.match(reading.lower, end):
            if year < self._year - 20:
                yield Hit("DATE_OF_BIRTH", start, end, 0.3, "a date of long ago")
            return
        lead = reading.text[max(0, start - 40) : start]
        capital = re.search(
            r"([A-ZÀ-Þ][\w'-]*[^\W\d_]) ?\((?:Mr|Mrs|Ms|Miss|Mx|Mstr|Master|Dr)\.?\)[ ]?[,-]?[ ]?$", lead
        ) or re.search(r"([A-ZÀ-Þ][\w'-]*[^\W\d_])[.]?[ ]?(?:[,(_;-]|\t)?[ \t]?$", lead)
        if (
            capital
            and names.may_be_name(fold(capital.group(1)))
            and "(" in capital.group()
            and year < self._year - 3
        ):
            yield Hit("DATE_OF_BIRTH", start, end, 0.86, "in brackets right after a name")
        elif capital and not names.may_be_name(fold(capital.group(1))):
            yield Hit(
                "DATE_OF_BIRTH",
                start,
                end,
                0.45 if year < self._year - 30 else 0.35,
                "a date of years ago after a word with a capital",
            )
        elif capital:
            yield Hit(
                "DATE_OF_BIRTH",
                start,
                end,
                0.7 if year < self._year - 3 else 0.5,
                "a date of years ago right after a name",
            )
        elif (
            (word := _BESIDE_PERSON.search(before))
            and year < self._year - 15
            and names.is_name(fold(word.group(1)))
        ):
            yield Hit("DATE_OF_BIRTH", start, end, 0.5, "a date of long ago after a name")
        elif year < self._year - 15:
            yield Hit(
                "DATE_OF_BIRTH", start, end, 0.45 if year < self._year - 30 else 0.35, "a date of long ago"
            )

    def _in_file_names(self, reading: Reading) -> Iterator[Hit]:
        """`SMITH_J_020461.pdf`: a word that is no ordinary one, perhaps initials, six or eight digits of years ago."""
        for match in _IN_FILE_NAME.finditer(reading.text):
            year = self._year_of(match.group("y") or match.group("y8"))
            word = fold(match.group("name"))
            inside = reading.zone(match.start()) is Zone.FILE_NAME or "_" in match.group("gap")
            if (
                (inside or match.group("ext"))
                and year
                and year < self._year - (3 if match.group("y8") else 16)
                and _is_date(match.group("d"), match.group("m"))
                and (names.may_be_name(word) or not names.is_ordinary(word))
                and word not in _FILE_WORDS
            ):
                score = 0.86 if names.is_name(word) or match.group("name").isupper() else 0.7
                yield Hit(
                    "DATE_OF_BIRTH",
                    match.start("d"),
                    match.end("date"),
                    score,
                    "a date after a name in a file name",
                )

    def _judge_joined(self, reading: Reading, match: re.Match[str], year: int) -> Iterator[Hit]:
        before, _ = reading.around(match.start(), match.end(), 60, 10)
        joined = re.search(r"[^\W\d_]{2,}[_ -]$", before)
        caret = re.search(r"[a-z'-]{2,}\^[a-z'^-]{0,30}[ ^|]{1,3}$", before)
        if _LABEL.search(before):
            yield Hit("DATE_OF_BIRTH", match.start(), match.end(), 0.9, "labelled as a date of birth")
        elif caret and year < self._year - 3:
            yield Hit("DATE_OF_BIRTH", *match.span(), 0.86, "eight digits after a name with carets")
        elif (
            joined
            and year < self._year - 3
            and "_" in reading.text[max(0, match.start() - 1) : match.end() + 1]
        ):
            yield Hit(
                "DATE_OF_BIRTH",
                match.start(),
                match.end(),
                0.7 if year < self._year - 15 else 0.5,
                "eight digits after a name in a file name",
            )
        elif year < self._year - 15:
            yield Hit(
                "DATE_OF_BIRTH",
                match.start(),
                match.end(),
                0.35,
                "eight digits that read as a date of long ago",
            )


def _is_date(day: str | None, month: str | None) -> bool:
    return 1 <= int(day or "1") <= 31 and 1 <= int(month or "1") <= 12
