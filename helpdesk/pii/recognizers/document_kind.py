"""CVs, applications, clinic and discharge letters, handover sheets, payslips and sick notes, by their structure."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from helpdesk.pii.lexicon import split
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.recognizers.filled import is_only_spoken_of, life_told_by_years
from helpdesk.pii.values import Zone

LONGEST = 60_000
_RUN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class KindOfDocument:
    """`words`: the signs as they are written, by the first run of letters and digits of each ("" where they begin within a word).

    Finding whether they stand there at all takes a small part of the time of `signs`.
    """

    entity: str
    least: int
    signs: re.Pattern[str]
    words: Mapping[str, tuple[str, ...]]

    def may_be(self, low: str, tokens: frozenset[str]) -> bool:
        begun = [word for first in self.words.keys() & tokens for word in self.words[first]]
        return len(begun) >= self.least and sum(word in low for word in begun) >= self.least


@cache
def kinds() -> tuple[KindOfDocument, ...]:
    data = tomllib.loads(
        resources.files("helpdesk.pii").joinpath("data", "document_kinds.toml").read_text(encoding="utf-8")
    )
    return tuple(
        KindOfDocument(entry["entity"], entry["least"], _pattern(signs), _by_first(signs))
        for entry in data["kind"]
        for signs in [split(entry["signs"])]
    )


def _pattern(signs: list[str]) -> re.Pattern[str]:
    ordered = sorted(signs, key=len, reverse=True)
    return re.compile(
        "|".join(
            (r"\b" if sign[0].isalnum() else "") + re.escape(sign) + (r"\b" if sign[-1].isalnum() else "")
            for sign in ordered
        )
    )


def _by_first(signs: list[str]) -> dict[str, tuple[str, ...]]:
    """A sign that begins with a letter or digit begins a run of them, and ends one where it ends with such."""
    begun: dict[str, list[str]] = {}
    for sign in signs:
        first = _RUN.match(sign) if sign[0].isalnum() else None
        whole = first is not None and (first.end() < len(sign) or sign[-1].isalnum())
        begun.setdefault(first.group() if first and whole else "", []).append(sign)
    return {first: tuple(of_it) for first, of_it in begun.items()}


SPOKEN_OF = 0.35


class DocumentKind(Recognizer):
    """Score 0.6 at the least number of different signs, more with each further one; little where it is only spoken of."""

    ENTITIES = ("CV_OR_APPLICATION", "CLINICAL_DOCUMENT", "PAY_DOCUMENT", "SICK_NOTE")

    def load(self) -> None:
        kinds()

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if reading.kind in ("subject", "name", "file_name") or len(reading.text) < 60:
            return
        low = reading.lower[:LONGEST]
        tokens = reading.runs if len(low) == len(reading.text) else frozenset(_RUN.findall(low))
        tokens |= {""}
        for kind in kinds():
            seen = _signs(kind, reading, low) if kind.may_be(low, tokens) else {}
            if len(seen) >= kind.least:
                yield _judged(kind, seen, reading.text, low)
            elif (
                kind.entity == "CV_OR_APPLICATION"
                and reading.has_digits
                and (span := life_told_by_years(low))
            ):
                yield Hit(kind.entity, *span, 0.65, "posts and schools with years of a life")


def _signs(kind: KindOfDocument, reading: Reading, low: str) -> dict[str, tuple[int, int]]:
    """Where each different sign first stands."""
    seen: dict[str, tuple[int, int]] = {}
    for match in kind.signs.finditer(low):
        if match.group() not in seen and reading.zone(match.start()) not in (Zone.SIGNATURE, Zone.DISCLAIMER):
            seen[match.group()] = match.span()
    return seen


def _judged(kind: KindOfDocument, seen: dict[str, tuple[int, int]], text: str, low: str) -> Hit:
    start, end = min(seen.values())
    if is_only_spoken_of(kind.entity, text, low, start, max(seen.values())[1]):
        return Hit(kind.entity, start, end, SPOKEN_OF, "signs of such a document, but only spoken of")
    score = min(0.95, 0.6 + 0.1 * (len(seen) - kind.least))
    return Hit(kind.entity, start, end, score, f"{len(seen)} signs of such a document")
