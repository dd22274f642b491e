"""The lists of sensitive words: read from data, checked, and matched word by word in one pass."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources

from helpdesk.errors import HelpdeskError
from helpdesk.pii.reading import Word, words_in

STRENGTHS = ("strong", "plain", "weak")
SCORE = {"strong": 0.8, "plain": 0.5, "weak": 0.2}
MOST_REMEMBERED = 50_000  # words
_KEYS = {"entity", *STRENGTHS, "endings", "not_endings"}


class LexiconError(HelpdeskError):
    """A list of words cannot be used; the message names the file and the fault."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase, as folded words, and what it stands for."""

    words: tuple[str, ...]
    entity: str
    strength: str


@dataclass(slots=True)
class Lexicon:
    """Terms by their first word, and endings that make a word a term."""

    terms: dict[str, list[Term]] = field(default_factory=dict)
    endings: dict[str, str] = field(default_factory=dict)
    exempt: set[str] = field(default_factory=set)
    _begun: dict[str, tuple[Sequence[Term], Term | None]] = field(default_factory=dict, repr=False)

    def match(self, words: list[Word]) -> Iterator[tuple[int, int, Term]]:
        """Terms found as (first word, past the last word, term); the longest wins, left to right."""
        at, size, begun = 0, len(words), self._begun
        while at < size:
            terms, ending = begun.get(words[at].low) or self._begun_by(words[at].low)
            term = (_longest(terms, words, at) if terms else None) or ending
            if term is None:
                at += 1
                continue
            yield at, at + len(term.words), term
            at += len(term.words)

    def _begun_by(self, word: str) -> tuple[Sequence[Term], Term | None]:
        """Terms that may begin with this word, and the one that its ending makes it; remembered, as most words of mails come again."""
        if len(self._begun) >= MOST_REMEMBERED:
            self._begun.clear()
        known = self._begun[word] = self.terms.get(stem(word), ()), self._by_ending(word)
        return known

    def _by_ending(self, word: str) -> Term | None:
        if len(word) < 7 or word in self.exempt or not word.isalpha():
            return None
        for size in (4, 5, 6, 7, 3, 8):
            entity = self.endings.get(word[-size:])
            if entity is not None and size < len(word) - 2:
                return Term((word,), entity, "strong")
        return None


def _longest(terms: Sequence[Term], words: list[Word], at: int) -> Term | None:
    """The first of the terms whose words stand there; the word at `at` has been looked up and is theirs."""
    second = stem(words[at + 1].low) if at + 1 < len(words) else None
    for term in terms:
        size = len(term.words)
        if size == 1 or (
            second == term.words[1]
            and at + size <= len(words)
            and all(stem(words[at + i].low) == term.words[i] for i in range(2, size))
        ):
            return term
    return None


@cache
def load_lexicon() -> Lexicon:
    """All lists in data/matters; raises LexiconError for a file that cannot be used."""
    lexicon = Lexicon()
    folder = resources.files("helpdesk.pii").joinpath("data", "matters")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _read(lexicon, file.name, file.read_text(encoding="utf-8"))
    for terms in lexicon.terms.values():
        terms.sort(key=lambda term: -len(term.words))
    return lexicon


def _read(lexicon: Lexicon, name: str, source: str) -> None:
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as fault:
        raise LexiconError(f"The word list {name} is not TOML: {fault}.") from None
    if "entity" not in data or set(data) - _KEYS:
        raise LexiconError(
            f"The word list {name} needs entity and may have {', '.join(sorted(_KEYS))}; mend its keys."
        )
    for strength in reversed(STRENGTHS):  # a term listed twice takes the weaker reading
        for phrase in split(data.get(strength, "")):
            _add(lexicon, phrase, data["entity"], strength)
    lexicon.endings.update(dict.fromkeys(split(data.get("endings", "")), data["entity"]))
    lexicon.exempt.update(split(data.get("not_endings", "")))


@lru_cache(MOST_REMEMBERED)
def stem(word: str) -> str:
    """A word without the s of its plural: discs and disc are one entry."""
    if len(word) > 4 and word[-1] == "s" and word[-2] not in "siu'":
        return word[:-1]
    return word.removesuffix("'s")


def split(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(";") if phrase.strip()]


def _add(lexicon: Lexicon, phrase: str, entity: str, strength: str) -> None:
    words = tuple(stem(word.low) for word in words_in(phrase))
    known = lexicon.terms.setdefault(words[0], []) if words else []
    for place, term in enumerate(known):
        if term.words == words:
            if STRENGTHS.index(strength) > STRENGTHS.index(term.strength):
                known[place] = Term(
                    words, term.entity, strength
                )  # a term listed twice takes the weaker reading
            return
    if words:
        known.append(Term(words, entity, strength))
