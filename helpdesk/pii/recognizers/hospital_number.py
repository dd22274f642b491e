"""Hospital numbers (MRN, unit, case note, PAS number): no national form, so a label or a trust's own pattern."""

import re
from collections.abc import Iterator, Sequence

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.columns import header_over
from helpdesk.pii.recognizers.numbers_context import DOCUMENTATION, EXAMPLE, LOWERS, lean_of_header

_LABEL = re.compile(
    r"\b(?:hosp(?:ital)?[ .-]{0,2}(?:no|num|number|id|#)s?|mrns?|m\.r\.n\.?|medical record (?:no|number)|(?:district|unit|casenotes?|case[ -]notes?|casesheet|pas|pid|epr|crn|"
    r"(?<!['\u2019])(?:k|rxr|x|s))[ -](?:no|num|number|id)s?|patient(?:'s)?[ -]?(?:no|num|number|id|identifier)s?|pt (?:no|number|id)|(?:rio|systmone|s1|emis|lorenzo|epic|cerner|trakcare|encompass|badger\w*|paris|carenotes)"
    r" (?:no|num|number|id)|local (?:id|identifier|patient id(?:entifier)?)|hospital identifier|accession(?: no| number)?|(?:lab|specimen|sample|episode|pathway|ubrn|referral)"
    r" (?:no|num|number|id)|ubrn|wristband (?:no|number|id)|donor (?:no|number|id))\b\.?"
)
_VALUE = re.compile(
    r"[ \t\"'(]{0,4}+(?:(?:is|was|of|for (?:him|her|them)|mrn|hosp no|no|:|=|-|#|\t|\.)[ \t\"'(]{0,4}+){0,3}([A-Za-z]{0,4}[ -]?\d{4,9}[A-Za-z]?|\d{2,3}[- ]\d{2,3}[- ]\d{2,4}[A-Za-z]?)(?![\w])"
)
_BARE = re.compile(r"(?<![\w/\\-])[A-Z]\d{6,7}(?![\w/-])")
_OTHER_THING = re.compile(
    r"\b(?:asset|serial|tag|model|part|ticket|ref|order|invoice|error|room|licen[cs]e|version|po|job|pc|printer|laptop|device|extension|pin|lot|drawing)\b[^.\n]{0,14}$|\b(?:gmc|nmc|hcpc|gphc|gdc)\b[^.\n]{0,24}$"
)
_BY_SYSTEM = re.compile(
    r"\b(?:rio|emis|systmone|s1|lorenzo|pas|epr|lilie|badger(?:net)?|carenotes|paris|cerner|trak(?:care)?|pims|ice|cris|chart)[ ]?(?:ref|no|id|number|#)?[ :#]{0,2}(\d{5,8})(?![\w]|[.,:/-]\d)"
)
_OF_RECORD = re.compile(
    r"\b(?:progress notes?|notes|records?|chart|care ?plans?|referrals?|letters?|appointments?|he|she|his|her|him|admitted|discharged|allerg\w+|consultant|patient|pt)\b"
)
_OF_SYSTEM = re.compile(
    r"\b(?:version|build|release\w*|upgrade\w*|org|ods|practices?|codes?|tickets?|ref|users?|jobs?|tables?|accounts?|rows?|errors?|port|licen[cs]es?|go-?live|training|demo)\b"
)
_ESTATE = re.compile(r"[^.\n]{0,24}\b(?:industrial|business|trading|retail|estate|warehouse|depot)\b")
_OF_ANIMALS = re.compile(r"\bvet(?:erinary)? (?:school|pacs|practice|clinic|hospital|surgery|records)\b")
_PLACEHOLDER = re.compile(r"0?1234\d{0,5}")
_UBRN = re.compile(r"\bubrn\b[^\n\d]{0,12}(\d{4}[ -]?\d{4}[ -]?\d{4})(?!\d)")
_PRESCRIPTION = re.compile(r"(?<![\w-])[0-9A-F]{6}-[A-Z]\d{5}-[0-9A-F]{5}[0-9A-Z+](?![\w-])")
_PRISON = re.compile(r"(?<![\w-])[A-Z]\d{4}[A-Z]{2}(?![\w-])")
_PRISON_WORDS = re.compile(r"\b(?:hmp|prison\w*|prisoner|wing|nomis|inmate|custody|remand|cell)\b")


# An id in a row with a sex, as lists without headings have them: `Orme L | F | NM 229914`.
_ROW_ID = re.compile(r"(?<![\w/-])(?P<front>[A-Z]{1,3}) ?\d{5,7}(?![\w/-])")
_SEX = re.compile(r"(?:^|[\t|;, ])[MF](?=[ ]{0,3}[\t|;,]|[ ]{2})")


class HospitalNumber(Recognizer):
    """Labelled numbers, the patterns a trust has set, and one letter with six or seven digits as a weak sign."""

    ENTITIES = ("HOSPITAL_NUMBER",)

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        super().__init__()
        self._own = [re.compile(pattern) for pattern in patterns]

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for label in _LABEL.finditer(reading.lower):
            match = _VALUE.match(reading.text, label.end())
            if (
                match
                and len(set(_digits(match.group(1)))) > 2
                and not _of_nobody(reading.lower, label, match)
            ):
                start = label.start() if label.group().startswith("mrn") else match.start(1)
                yield Hit("HOSPITAL_NUMBER", start, match.end(1), 0.8, "labelled as a hospital number")
        for pattern in self._own:
            for match in pattern.finditer(reading.text):
                yield Hit(
                    "HOSPITAL_NUMBER", match.start(), match.end(), 0.8, "the organisation's own pattern"
                )
        if _PRISON_WORDS.search(reading.lower):
            for match in _PRISON.finditer(reading.text):
                yield Hit(
                    "HOSPITAL_NUMBER",
                    match.start(),
                    match.end(),
                    0.7,
                    "shaped like a prison number, words of prison near",
                )
        for match in _UBRN.finditer(reading.lower):
            yield Hit("HOSPITAL_NUMBER", *match.span(1), 0.8, "labelled as the number of a booking")
        for match in _PRESCRIPTION.finditer(reading.text):
            yield Hit("HOSPITAL_NUMBER", *match.span(), 0.5, "shaped like a prescription's id")
        yield from _unlabelled(reading)
        yield from _in_rows(reading)


def _in_rows(reading: Reading) -> Iterator[Hit]:
    """Ids of one front in two and more rows that each tell a sex, where no word speaks of things."""
    rows: dict[str, list[re.Match[str]]] = {}
    for match in _ROW_ID.finditer(reading.text):
        start, end = reading.text.rfind("\n", 0, match.start()) + 1, reading.text.find("\n", match.end())
        line = reading.text[
            max(start, match.start() - 90) : min(match.end() + 90, end if end > 0 else len(reading.text))
        ]
        if _SEX.search(line):
            rows.setdefault(match.group("front"), []).append(match)
    for matches in rows.values():
        around = " ".join(reading.around(matches[0].start(), matches[-1].end(), 240, 60))
        things = any(word.group("sure") for word in LOWERS.finditer(around))
        if len({match.group() for match in matches}) >= 2 and not things:
            for match in matches:
                yield Hit("HOSPITAL_NUMBER", *match.span(), 0.7, "an id in rows that tell a sex")


def _of_nobody(low: str, label: re.Match[str], value: re.Match[str]) -> bool:
    """A unit on an estate, an animal's number, and 12345 where the text speaks of examples."""
    if label.group().startswith("unit") and _ESTATE.match(low, value.end()):
        return True
    around = low[max(0, label.start() - 80) : value.end() + 60]
    if _OF_ANIMALS.search(low, max(0, label.start() - 400), value.end() + 60):
        return True
    return _PLACEHOLDER.fullmatch(_digits(value.group(1))) is not None and (
        EXAMPLE.search(around) is not None or DOCUMENTATION.search(around) is not None
    )


def _by_system(low: str, start: int, end: int) -> float:
    """`RiO 4481723, progress notes blank` is a record; `EMIS 448172 is the org code` none."""
    around = low[max(0, start - 50) : start] + low[end : end + 60]
    return 0.7 if _OF_RECORD.search(around) and not _OF_SYSTEM.search(around) else 0.6


def _unlabelled(reading: Reading) -> Iterator[Hit]:
    """Numbers right after a patient system's name, and a letter with six or seven digits."""
    for match in _BY_SYSTEM.finditer(reading.lower):
        yield Hit(
            "HOSPITAL_NUMBER",
            match.start(1),
            match.end(1),
            _by_system(reading.lower, *match.span()),
            "right after the name of a patient system",
        )
    for match in _BARE.finditer(reading.text):
        before = reading.lower[max(0, match.start() - 40) : match.start()]
        header = header_over(reading, match.start())
        if not _OTHER_THING.search(before) and lean_of_header(header).side >= 0:
            yield Hit("HOSPITAL_NUMBER", match.start(), match.end(), 0.4, "shaped like a hospital number")


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
