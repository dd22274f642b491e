"""NHS numbers: ten digits with a check, in the ranges ever issued, in every spelling people use.

The checksum alone is no evidence: one random number in eleven passes it. A label makes a
finding even of a number that fails the check, for a mistyped number is still somebody's.
"""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer, digits_of, mod11
from helpdesk.pii.recognizers.numbers_context import EXAMPLE, is_placeholder, is_published_example, lean_in

_SEPARATOR = r"[ \t]?[ .\-/_]?[ \t]?"
_BARE = re.compile(
    rf"(?:(?<=\^FD)|(?<![A-Za-z0-9.,+£$/-])(?<!\+44 )(?<!\(0\)))\(?\d{{3}}\)?{_SEPARATOR}\d{{3}}{_SEPARATOR}\d{{4}}(?![A-Za-z0-9£%]|[.,/-]\d)"
)
_LABEL = re.compile(
    r"\b(?:nhs|rhif gig|gig|h&c|hcn|health (?:and|&) care)(?:[ \t]?(?:no|num|nos|number|numbers|nmbr|nr|id|#|rhif)\b\.?s?)?"
    r"[ \t'\")]*(?:(?:off (?:my|the|his|her|their) \w+|of|is|was|for (?:him|her|them|pt|patient)|as|ends?|starts?|reads|=|:|-|#|\(|on (?:the|my) \w+|should be|comes up as|\t)[ \t'\"(:]*){0,3}\n?[ \t]{0,3}"
)
_AFTER_LABEL = re.compile(
    r"[\dOoIl|SBZ](?:[ \t]?[ .,\-/_\n][ \t]?|[ \t]{0,3}\n?[ \t]{0,3})?(?:[\dOoIl|SBZ](?:[ \t]?[ .\-/_\n]?[ \t]?)){7,10}[\dOoIl|SBZ](?!\w)"
)
_DICTATED = re.compile(
    r"(?<!\w)\d{3}(?:[,.]? (?:then|and|space|dash|hyphen|dot|next|followed by|space then|and then) | ?\.\.\.? ?|, ?)\d{3}(?:[,.]? (?:then|and|space|dash|hyphen|dot|next|followed by|space then|and then) | ?\.\.\.? ?|, ?)\d{4}(?!\w)"
)
_PAIRS = re.compile(r"(?<![\w.,+£$/:-])\d{2,5}(?:[ \-.]\d{1,5}){1,4}(?![\w£%:]|[.,/-]\d)")
_FIX = str.maketrans("OoIl|SBZ", "00111582")


class NhsNumber(Recognizer):
    """Bare, labelled, dictated and mistyped NHS numbers (and H&C numbers under their label)."""

    ENTITIES = ("NHS_NUMBER",)

    def __init__(self, hold_test_numbers: bool = True) -> None:
        super().__init__()
        self._hold_test_numbers = hold_test_numbers

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if not reading.has_digits:
            return
        taken: list[tuple[int, int]] = []
        for hit in (*self._labelled(reading), *self._dictated(reading), *self._bare(reading)):
            if not any(hit.start < end and start < hit.end for start, end in taken[-50:]):
                taken.append((hit.start, hit.end))
                yield hit

    def _labelled(self, reading: Reading) -> Iterator[Hit]:
        for label in _LABEL.finditer(reading.lower):
            match = _AFTER_LABEL.match(reading.text, label.end())
            digits = digits_of(match.group().translate(_FIX)) if match else ""
            if (
                match
                and 9 <= len(digits) <= 11
                and sum(c.isdigit() for c in match.group()) >= 7
                and not is_placeholder(digits)
            ):
                valid = len(digits) == 10 and mod11(digits)
                hit = Hit(
                    "NHS_NUMBER",
                    match.start(),
                    match.end(),
                    0.95 if valid else 0.8,
                    "labelled as an NHS number" + ("" if valid else ", though it fails the check"),
                )
                if not self._is_example(reading, hit, digits):
                    yield hit

    def _dictated(self, reading: Reading) -> Iterator[Hit]:
        for match in _DICTATED.finditer(reading.lower):
            digits = digits_of(match.group())
            if _issued(digits) and mod11(digits):
                yield from self._judged(
                    reading, match.start(), match.end(), digits, 0.6, "dictated in groups"
                )

    def _bare(self, reading: Reading) -> Iterator[Hit]:
        for pattern, base in ((_BARE, 0.5), (_PAIRS, 0.35)):
            for match in pattern.finditer(reading.text):
                digits = digits_of(match.group())
                if len(digits) == 10 and _issued(digits) and mod11(digits):
                    grouped = 0.1 if len(match.group()) == 12 and match.group()[3] in " -." else 0.0
                    yield from self._judged(
                        reading,
                        match.start(),
                        match.end(),
                        digits,
                        base + grouped,
                        "ten digits that pass the check",
                    )

    def _judged(
        self, reading: Reading, start: int, end: int, digits: str, base: float, why: str
    ) -> Iterator[Hit]:
        if is_placeholder(digits):
            return
        column = reading.column_header(start)
        leaning = lean_in(column, len(column), len(column)) if column else lean_in(reading.lower, start, end)
        score = max(0.05, min(0.98, base + 0.4 * leaning + (0.05 if digits.startswith("999") else 0)))
        hit = Hit(
            "NHS_NUMBER",
            start,
            end,
            round(score, 2),
            why
            + (
                ", words of care near"
                if leaning > 0
                else ", words of orders or devices near"
                if leaning < 0
                else ""
            ),
        )
        if not self._is_example(reading, hit, digits):
            yield hit

    def _is_example(self, reading: Reading, hit: Hit, digits: str) -> bool:
        """Numbers never issued: by setting, or when the text itself calls them an example."""
        if not self._hold_test_numbers and digits.startswith("999"):
            return True
        if not is_published_example(digits):
            return False
        before, after = reading.around(hit.start, hit.end, 90, 50)
        return bool(EXAMPLE.search(before) or EXAMPLE.search(after))


def _issued(digits: str) -> bool:
    """Ranges issued (some 3xx, 4, 6, 7) or kept for tests (999)."""
    return digits[0] in "3467" or digits.startswith("999")
