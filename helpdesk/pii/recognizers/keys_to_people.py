"""The key of a study or list of codes: `HZ2-A01 = M. Okoro`, line after line, in a text that says what such a key is for."""

import re
from collections.abc import Iterator

from helpdesk.pii import names
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import fold

_LINE = re.compile(
    r"^[ \t>*-]{0,4}(?P<code>[A-Z]{0,6}\d{0,3}[-_/]?[A-Z]{0,3}\d{1,5})[ \t]{0,3}(?:=>?|:|->|\||,|\t|\bis\b)[ \t]{0,3}(?P<rest>[^\n]{3,80})$",
    re.MULTILINE,
)
_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|baby)\.? )?(?P<first>[A-ZÀ-Þ](?:\.|[a-zà-ÿ'’-]{1,20})?) (?:[A-Z]\.? )?(?P<last>[A-ZÀ-Þ][\w'’-]{1,24})"
)
_OF_STUDY = re.compile(
    r"\b(?:pseudonym\w*|de-?identif\w*|re-?identif\w*|anonymi[sz]\w*|participants?|trial|study|studies|research|recruit\w*|cohort|subject (?:codes?|ids?)|linkage|link (?:key|file)|code ?book|key[_ ]do[_ ]not|the key,? not|consent(?:ed)?|interviewees?|dropped out|withdr[ae]w\w*|diary (?:study|codes?)|case (?:codes?|key)|service evaluation|focus group)\b"
)
_OF_THINGS = re.compile(
    r"\b(?:assets?|laptops?|(?<!service )(?<!help )desks?|lockers?|seats?|badges?|licen[cs]es?|extensions?|bleeps?|rota|wardens?|parking|smartcards?|rooms|printers?|error codes?|cost cent(?:re|er)s?|principal investigators?|site leads?|sites? and leads?|investigators)\b"
)
_ENOUGH = 3


class KeyToPeople(Recognizer):
    """Score 0.8 for three lines and more."""

    ENTITIES = ("KEY_TO_PEOPLE",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits or not _OF_STUDY.search(reading.lower):
            return
        lines = [match for match in _LINE.finditer(reading.text) if _names_somebody(match.group("rest"))]
        if len({match.group("code") for match in lines}) < _ENOUGH:
            return
        around = reading.lower[max(0, lines[0].start() - 200) : lines[-1].end() + 60]
        if _OF_THINGS.search(around) is None:
            for match in lines:
                yield Hit("KEY_TO_PEOPLE", *match.span("rest"), 0.8, "whom a code of a study means")


def _names_somebody(rest: str) -> bool:
    match = _NAME.search(rest)
    if match is None:
        return False
    first, last = fold(match.group("first").strip(".")), fold(match.group("last"))
    return (len(first) == 1 or names.may_be_name(first)) and (
        names.is_family(last) or not names.is_ordinary(last)
    )
