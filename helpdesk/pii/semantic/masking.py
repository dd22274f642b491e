"""Masks: a sentence as the judges see it, with names, dates and numbers all alike.

A judge shall weigh what is told, not of whom: every name becomes the same name, so nothing is
learnt of particular people and a rare name counts like a common one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

FULL, GIVEN, SURNAME = "Sam Jones", "Sam", "Jones"
DATE, NUMBER, ADDRESS = "1 May", "12345", "mail"
CANDIDATE = "zulu"  # a number that may be a patient's: a word that stands for nothing else
_TITLE = re.compile(
    r"^(mr|mrs|ms|miss|mx|master|dr|prof|professor|sister|nurse|matron|rev|cllr|councillor)\b\.?\s+",
    re.IGNORECASE,
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PATTERNS = (
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?\b"), NUMBER),  # an IP address is not a date
    (re.compile(r"\b(?:https?://|www\.)\S{1,300}"), lambda match: _link(match.group())),
    (re.compile(r"[^\s@]{1,64}@[^\s@]{1,99}|\\\\[\w.$-]{1,60}"), ADDRESS),  # of a path the machine alone: its folders tell
    (re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: \d{{2,4}})?\b|\b\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}\b|\b\d{{4}}-\d\d-\d\d\b", re.IGNORECASE), DATE),
    (re.compile(r"\b[A-Z]{0,4}-?\d[\d -]{3,}\d[A-Z]?\b"), NUMBER),
)  # fmt: skip
_SPACE = re.compile(r"\s+")
_TOLD_IN_LINK = re.compile(rf"[=_]|\b(?:{CANDIDATE}|{GIVEN}|{SURNAME})\b")
_MOST_OF_LINK = 80  # characters


class Mask(StrEnum):
    """What a span is, which decides what stands in its place."""

    PERSON = "person"
    FIRST_NAME = "first name"
    DATE = "date"
    NUMBER = "number"
    CANDIDATE = "a number that may be a patient's"


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence (or a few) with its names, dates and numbers masked; `text` is never shown or logged."""

    text: str = field(repr=False)


def mask(text: str, spans: Iterable[tuple[int, int, Mask]] = ()) -> Masked:
    """The text with the spans masked; dates, numbers and addresses in plain forms are found besides.

    Spans are (start, end, what) in `text`; one that overlaps an earlier one is left out.
    """
    pieces: list[str] = []
    reached = 0
    for start, end, what in sorted(spans):
        if start >= reached:
            pieces += [text[reached:start], _stand_in(text[start:end], what)]
            reached = end
    plain = "".join([*pieces, text[reached:]])
    for pattern, word in _PATTERNS:
        plain = pattern.sub(word, plain)
    return Masked(_SPACE.sub(" ", plain).strip())


def _link(link: str) -> str:
    """Of a link that may name somebody, what stands behind the machine's name."""
    behind = re.sub(r"^(?:https?://)?[^/?#]*", "", link)[:_MOST_OF_LINK]
    return f"{ADDRESS} {behind}" if _TOLD_IN_LINK.search(behind) else ADDRESS


def _stand_in(words: str, what: Mask) -> str:
    if what is Mask.DATE:
        return DATE
    if what is Mask.NUMBER:
        return NUMBER
    if what is Mask.CANDIDATE:
        return CANDIDATE
    title = _TITLE.match(words)
    if title:
        return f"{title.group(1).title()} {SURNAME}"
    return GIVEN if what is Mask.FIRST_NAME or " " not in words.strip() else FULL
