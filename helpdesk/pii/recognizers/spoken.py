"""Numbers said in words, as voicemail transcripts and dictation have them: `seven two one, eight zero eight ...`."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading, Word
from helpdesk.pii.recognizers.base import Hit, Recognizer, mod11
from helpdesk.pii.recognizers.numbers_context import LOWERS
from helpdesk.pii.text import spaced

_DIGITS = {
    "zero": "0", "oh": "0", "nought": "0", "nil": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "niner": "9",
}  # fmt: skip
_TEENS = {
    "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2",
    "thirty": "3",
    "forty": "4",
    "fourty": "4",
    "fifty": "5",
    "sixty": "6",
    "seventy": "7",
    "eighty": "8",
    "ninety": "9",
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_BEGINS = frozenset({*_DIGITS, *_TEENS, *_TENS, *_TIMES})
_BETWEEN = frozenset({"then", "and", "space", "dash"})
_ANY = spaced(
    "seven three four six nine eight zero five two twenty thirty forty fifty sixty seventy eighty ninety"
)
_LETTER = r"(?:alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet\w*|kilo|lima|mike|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whisk\w+|x-?ray|yankee|zulu|[a-z]|[a-z] for [a-z]+)"
_TWO_LETTERS = re.compile(
    rf"(?:\b(?:ni|nino|insurance|national)\b.{{0,30}}?|\b)\b({_LETTER},? (?:and )?{_LETTER})[,.:]? ?(?:then )?$"
)
_BORN = re.compile(r"\b(?:born|birth|dob|d o b|birthday)\b[^.]{0,25}$")


class SpokenNumber(Recognizer):
    """Ten digit words that pass the check of an NHS number, and six or eight after `born`."""

    ENTITIES = ("NHS_NUMBER", "DATE_OF_BIRTH", "NINO")

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if _ANY.isdisjoint(reading.runs):
            return
        for start, end, digits in _runs(reading.words, reading.text):
            before, _after = reading.around(start, end, 80, 30)
            if len(digits) == 10 and digits[0] in "34679" and mod11(digits):
                score = 0.55 if LOWERS.search(before[-40:]) and "nhs" not in before else 0.9
                yield Hit("NHS_NUMBER", start, end, score, "ten digits in words that pass the check")
            elif len(digits) in (5, 6, 7, 8) and _BORN.search(before):
                yield Hit("DATE_OF_BIRTH", start, end, 0.86, "digits in words after `born`")
            if len(digits) == 6 and (lead := _TWO_LETTERS.search(before)) is not None:
                yield Hit(
                    "NINO",
                    start - len(before) + lead.start(1),
                    end,
                    0.8,
                    "two letters and six digits, said in words",
                )


def _runs(words: list[Word], text: str) -> Iterator[tuple[int, int, str]]:
    """Runs of digit words and digits (`double two`, `forty five` too), with what they spell."""
    digits, first, last, times, at = "", -1, -1, 1, 0
    while at < len(words):
        if not digits and words[at].low not in _BEGINS and "-" not in words[at].low:
            first, times, at = -1, 1, at + 1
            continue
        spelled, used = _spelled(words, at, bool(digits))
        gap = text[words[at - 1].end : words[at].start] if at and digits else ""
        if spelled is None and words[at].low in _TIMES and at + 1 < len(words):
            times = _TIMES[words[at].low]
            first = at if first < 0 else first
        elif spelled is not None and len(gap) <= 3 and "." not in gap:
            digits, times = digits + spelled * times, 1
            first, last = (at if first < 0 else first), at + used - 1
        elif words[at].low not in _BETWEEN or not digits:
            if len(digits) >= 5:
                yield words[first].start, words[last].end, digits
            digits, first, times = "", -1, 1
        at += used
    if len(digits) >= 5:
        yield words[first].start, words[last].end, digits


def _spelled(words: list[Word], at: int, going_on: bool) -> tuple[str | None, int]:
    """The digits that the word at `at` spells, and how many words that took."""
    low = words[at].low
    if low in _TENS:
        unit = _DIGITS.get(words[at + 1].low) if at + 1 < len(words) else None
        return (_TENS[low] + unit, 2) if unit and unit != "0" else (_TENS[low] + "0", 1)
    if "-" in low and low.split("-")[0] in _TENS:
        return _TENS[low.split("-")[0]] + _DIGITS.get(low.split("-")[1], "0"), 1
    spelled = _DIGITS.get(low) or _TEENS.get(low)
    if spelled is None and low.isdigit() and len(low) <= 4 and going_on:
        spelled = low
    return spelled, 1
