"""Scotland's CHI number and Northern Ireland's Health and Care number, and the old NHS numbers."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of, mod11
from helpdesk.pii.recognizers.numbers_context import (
    is_placeholder,
    labelled_a_thing,
    lean_in,
    only_described,
)

_TEN = re.compile(
    r"(?<![A-Za-z0-9.,+£$/:-])(?:\d{6}[ \-./]?\d{4}|\d{2}[ \-./]\d{2}[ \-./]\d{2}[ \-./]\d{4}|\d{6}[ -]\d{3}[ -]?\d|\d{3} \d{3} \d{4}|\d{4} \d\d \d{4}|\d{7}[ -]\d{3}|\d\d ?\d\d ?\d\d,?(?i: and)?,? (?i:then|next|followed by) [\dO]{4})(?![A-Za-z0-9£%:]|[.,/-]\d)"
)
_CHI_LABEL = re.compile(
    r"\bchi(?:[ \t]?(?:no|num|number|nos|#|id)\b\.?)?[ \t]*(?:(?:is|of|was|for|:|-|=|\(|#|\t)[ \t]*){0,2}$"
)
# Somebody is in care, or was: of stock, kit and jobs these are not said.
_IN_CARE = re.compile(
    r"\b(?:(?:in|out of|from|to|off) (?:the |a |his |her |their |that |this )?(?:bed|cot|bay|chair|side ?room|theatre|ward|rm|room|hdu|itu|resus|cubicle)\b|(?:rm|bed|bay|cot) ?\d|(?:open|closed?|wrong|same|old|last|inpatient|outpatient|an?|his|her|their|the) (?:\w+ )?(?:episodes?|admission|attendance|spell)\b|discharg\w+|admitted|transferred out|"
    r"(?:away|gone|went|going|sent|gaun) (?:back )?h[ao]me\b|passed away|died|deceased|pt|patient(?!s? (?:portal|line|transport|wi-?fi|leaflets?))|(?:his|her|their) (?:\w+ )?(?:bloods?|results?|scan|letters?|notes|records?|kardex|meds|referral|appointment|x-?rays?)|(?:the|a|wan|wee|auld|old) (?:lady|gentleman|wean|bairn|wumman|wifie|boy|girl|baby|lassie|laddie|man|woman)|(?:mrs?|ms|miss) [a-z][\w'-]{2,}|chi|wait\w* (?:in|at) (?:clinic|reception|\d)|sat here|in front of me|wi (?:her|his) \w+ up|visits?|dressin\b|dressings?|catheter|insulin|hemi|tubes?|biops\w+|op(?:eration)?|antenatal|midwife|my (?:\w+ )?(?:appointment|operation|op|scan|surgery|prostate|hip|knee|consultant))\b"
)
_CLOSE = 80
_IN_A_FILES_NAME = re.compile(r"[ _-][^\n\\/|<>:]{2,60}\.(?:docx?|pdf|rtf|jpe?g|png|tiff?|msg|xlsx?)\b")
_NAME_BEFORE = re.compile(r"[A-ZÀ-Þ][\w'’]{2,20}[ _,]{1,2}[A-ZÀ-Þ][\w'’]{0,20}[ _-]$")
_CALLED = re.compile(r"\b(?:call|ring|phone|dial|tel|telephone|mob|mobile|fax|text|on|ext)\b\.?[ :]{0,3}$")
_LOGLIKE = re.compile(r"\d\d:\d\d")
_OLD = re.compile(r"\b[A-Z]{4,5}[ ]?\d{2,3}\b")
_OLD_LABEL = re.compile(
    r"\b(?:old(?:er|[ -]style)? nhs|old[ -]style (?:no|number|card)s?|no new number|(?<!no )(?<!without )(?<!an )nhs (?:no|number)|pre-?1996|national registration)\b"
)


class ChiNumber(Recognizer):
    """Birth date, serial, sex digit, check: 0.95 under its label, 0.5 and more or less by the words near where the check holds.

    In Scotland a birth date at its front and words of somebody's care are enough for 0.5: a mistyped one is somebody's too.
    """

    ENTITIES = ("CHI_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in reading.at_numbers(_TEN, reading.text):
            judged = _chi(reading, *match.span())
            if judged and not only_described(reading.lower, *match.span()):
                yield Hit("CHI_NUMBER", *match.span(), *judged)


def _chi(reading: Reading, start: int, end: int) -> tuple[float, str] | None:
    """How sure ten digits are a CHI number, and why."""
    digits, low = digits_of(reading.text[start:end].replace("O", "0")), reading.lower
    if _CHI_LABEL.search(low, max(0, start - 60), start) and not is_placeholder(digits):
        return 0.95, "labelled as a CHI number"
    if not _birth_date(digits) or _LOGLIKE.search(reading.text[end : end + 9]):
        return None
    leaning = lean_in(low, start, end)
    in_care = reading.scottish and _of_somebody_in_care(low, start, end, digits)
    if mod11(digits):
        in_a_name = _IN_A_FILES_NAME.match(reading.text, end) and _NAME_BEFORE.search(
            reading.text, max(0, start - 50), start
        )
        least = 0.75 if in_a_name or (in_care and leaning.weight > -0.5) else 0.05
        why = "starts with a birth date and passes the check"
        return round(max(least, 0.5 + 0.4 * leaning.weight), 2), why
    if in_care and leaning.side >= 0:
        close = _IN_CARE.search(low, max(0, start - _CLOSE), end + _CLOSE) is not None
        return 0.72 if close else 0.5, "starts with a birth date, in Scotland and with words of care near"
    return None


def _of_somebody_in_care(low: str, start: int, end: int, digits: str) -> bool:
    """Whether words of care stand near ten digits that nothing calls a phone or a thing's number."""
    called = labelled_a_thing(low, start) or _CALLED.search(low, max(0, start - 24), start)
    near = _IN_CARE.search(low, max(0, start - 120), end + 120)
    return near is not None and not called and not is_placeholder(digits)


class HealthAndCareNumber(Recognizer):
    """Northern Ireland: 320 000 0010 to 399 999 9999, same check as the NHS number."""

    ENTITIES = ("HC_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        for match in reading.at_numbers(_TEN, reading.text):
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
    """Whether the first six of ten digits are a day, a month and a year."""
    day, month = int(digits[:2]), int(digits[2:4])
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)
