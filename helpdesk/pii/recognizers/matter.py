"""Sensitive words (health, HR, safeguarding and the rest) by the lists, with whether they name a thing."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise

from helpdesk.pii.lexicon import SCORE, Term, load_lexicon, split
from helpdesk.pii.reading import Reading, Word
from helpdesk.pii.recognizers.base import Hit, Recognizer
from helpdesk.pii.text import spaced

LOOK_AHEAD = 3


class SensitiveWord(Recognizer):
    """Score tells the strength of the word; a word that names a thing or service keeps a tenth of it."""

    ENTITIES = (
        "HEALTH",
        "MENTAL_HEALTH",
        "SEXUAL_HEALTH",
        "MATERNITY",
        "DEATH",
        "SAFEGUARDING",
        "HR",
        "DISCIPLINARY",
        "SPECIAL_CATEGORY",
    )

    def load(self) -> None:
        load_lexicon()

    def hits(self, reading: Reading) -> Iterator[Hit]:
        words = reading.words
        found = [
            match for match in load_lexicon().match(words) if _passes(reading, words[match[0]], match[2])
        ]
        for (first, last, term), thing in zip(found, _things_among(reading, words, found), strict=True):
            score = SCORE[term.strength] * (0.1 if thing else 1.0)
            why = f"{term.strength} word" + (" that names a thing" if thing else "")
            yield Hit(term.entity, words[first].start, words[last - 1].end, round(score, 2), why)


Match = tuple[int, int, Term]


def _things_among(reading: Reading, words: list[Word], found: list[Match]) -> list[bool]:
    """Which terms name things; in a list (`sickness, grievance and capability menus`) one tells for all."""
    things = [names_a_thing(reading, words, first, last) for first, last, _ in found]
    joined = [_joined(reading, words, one, other) for one, other in pairwise(found)]
    for at in range(1, len(found)):
        things[at] = things[at] or (joined[at - 1] and things[at - 1])
    for at in range(len(found) - 2, -1, -1):
        things[at] = things[at] or (joined[at] and things[at + 1])
    return things


def _joined(reading: Reading, words: list[Word], one: Match, other: Match) -> bool:
    gap = reading.text[words[one[1] - 1].end : words[other[0]].start]
    return len(gap) < 8 and _LIST_GAP.fullmatch(gap) is not None


_UPPER_ONLY = spaced(
    "pe af ms pep std aids sob rip pip iva cto ect ocd dv lac cse epo esa dla nfa ilr lpa inr psa crp dod iud edd pph cv piles ctg ibs asd mnd tbi lts bka"
)


def _passes(reading: Reading, word: Word, term: Term) -> bool:
    """Short abbreviations count in capitals, or in a text that has none at all."""
    if len(term.words) > 1 or term.words[0] not in _UPPER_ONLY:
        return True
    return reading.text[word.start : word.end].isupper()


_LIST_GAP = re.compile(r"[ ]?(?:,|/|&|;|\band\b|\bor\b)[ ]?(?:and |or )?")


@cache
def _things() -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    data = tomllib.loads(
        resources.files("helpdesk.pii").joinpath("data", "things.toml").read_text(encoding="utf-8")
    )
    return frozenset(split(data["after"])), frozenset(
        tuple(phrase.split()) for phrase in split(data["before"])
    )


def names_a_thing(reading: Reading, words: list[Word], first: int, last: int) -> bool:
    """Whether a noun of the trade follows at once (`sepsis screening tool`), or `training on` stands before."""
    after, before = _things()
    for at in range(last, min(last + LOOK_AHEAD, len(words))):
        gap = reading.text[words[at - 1].end : words[at].start]
        if gap.strip(" \t-/&") or "\n" in gap:
            break
        if words[at].low in after:
            return True
        if words[at].low in _LINKS:
            break
    if first >= 1 and _after_a_role(reading, words, first):
        return True
    return any(
        first >= size and tuple(word.low for word in words[first - size : first]) in before for size in (1, 2)
    )


_ROLES = spaced(
    "lead nurse consultant manager director head registrar specialist coordinator practitioner matron sister midwife physician surgeon professor chair champion fellow officer adviser advisor secretary clerk therapist"
)


def _after_a_role(reading: Reading, words: list[Word], first: int) -> bool:
    """`Lead Nurse, Diabetes`, `Head of Cancer`, `Consultant - Stroke`: the word is what somebody works on."""
    at = first - 1
    if at >= 1 and words[at].low in ("in", "for", "of") and words[at - 1].low in _ROLES:
        return True
    gap = reading.text[words[at].end : words[first].start] if at >= 0 else ""
    return (
        at >= 0
        and words[at].low in _ROLES
        and gap in (", ", " - ", " (", " ", " / ", ": ", "\t")
        and reading.text[words[first].start].isupper()
    )


_LINKS = spaced(
    "and or is was has had with for on in at to from of by the a an her his their she he so but who which that please can could will would not"
)
