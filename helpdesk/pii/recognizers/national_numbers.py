"""Scotland's CHI number and Northern Ireland's Health and Care number, and the old NHS numbers."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of, mod11
from helpdesk.pii.recognizers.numbers_context import is_placeholder, lean_in, only_described

_TEN = re.compile(
    r"(?<![\w.,+£$/:-])(?:\d{6}[ \-./]?\d{4}|\d{2}[ \-./]\d{2}[ \-./]\d{2}[ \-./]\d{4}|\d{6}[ -]\d{3}[ -]?\d|\d{3} \d{3} \d{4})(?![\w£%:]|[.,/-]\d)"
)
_CHI_LABEL = re.compile(
    r"\bchi(?:[ \t]?(?:no|num|number|nos|#|id)\b\.?)?[ \t]*(?:(?:is|of|was|for|:|-|=|\(|#|\t)[ \t]*){0,2}$"
)
_LOGLIKE = re.compile(r"\d\d:\d\d")
_OLD = re.compile(r"\b[A-Z]{4,5}[ ]?\d{2,3}\b")
_OLD_LABEL = re.compile(
    r"\b(?:old(?:er|[ -]style)? nhs|old[ -]style (?:no|number|card)s?|no new number|nhs (?:no|number)|pre-?1996|national registration)\b"
)


class ChiNumber(Recognizer):
    """Birth date, serial, sex digit, check."""

    ENTITIES = ("CHI_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _TEN.finditer(reading.text):
            digits = digits_of(match.group())
            before, _after = reading.around(match.start(), match.end(), 60, 40)
            if only_described(reading.lower, *match.span()):
                continue
            if _CHI_LABEL.search(before) and not is_placeholder(digits):
                yield Hit("CHI_NUMBER", match.start(), match.end(), 0.95, "labelled as a CHI number")
            elif (
                _birth_date(digits)
                and mod11(digits)
                and not _LOGLIKE.search(reading.text[match.end() : match.end() + 9])
            ):
                score = 0.5 + 0.4 * lean_in(reading.lower, match.start(), match.end()).weight
                yield Hit(
                    "CHI_NUMBER",
                    match.start(),
                    match.end(),
                    round(max(0.05, score), 2),
                    "starts with a birth date and passes the check",
                )


class HealthAndCareNumber(Recognizer):
    """Northern Ireland: 320 000 0010 to 399 999 9999, same check as the NHS number."""

    ENTITIES = ("HC_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in _TEN.finditer(reading.text):
            digits = digits_of(match.group())
            if "3200000010" <= digits <= "3999999999" and mod11(digits) and not is_placeholder(digits):
                _before, _after = reading.around(match.start(), match.end(), 60, 40)
                yield Hit(
                    "HC_NUMBER",
                    match.start(),
                    match.end(),
                    round(
                        max(0.05, 0.5 + 0.4 * lean_in(reading.lower, match.start(), match.end()).weight), 2
                    ),
                    "in the range of Health and Care numbers",
                )


class OldNhsNumber(Recognizer):
    """Letters and digits as on cards before 1996, only under a label."""

    ENTITIES = ("OLD_NHS_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if "nhs" not in reading.lower and "old" not in reading.lower:
            return
        for match in _OLD.finditer(reading.text):
            if _OLD_LABEL.search(reading.lower, max(0, match.start() - 70), match.start()):
                yield Hit(
                    "OLD_NHS_NUMBER", match.start(), match.end(), 0.7, "an old NHS number under its label"
                )


def _birth_date(digits: str) -> bool:
    return 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12
