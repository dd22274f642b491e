"""One text under scan, as the recognizers get it: a Presidio `NlpArtifacts` without a model.

Presidio hands each recognizer the text and the artifacts of its language model. Ours
carries what cheap reading gives (lower case, words, sentences, zones, rows of tables) and, only where
a name could change the verdict, the entities of the model. Each part is made once, when first asked for.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from presidio_analyzer.nlp_engine import NlpArtifacts
from spacy.tokens import Span

from helpdesk.pii.text import Mapped, fold
from helpdesk.pii.values import Zone
from helpdesk.pii.zones import ZoneMap

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_TOKEN = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
_FIRST_DIGIT = re.compile(r"\d(?<![0-9].)")
_SENTENCE = re.compile(r"(?<=[.!?;])[\"')\]]?\s+(?=[\"'(\[*#]?\w)|\n[ \t]*\n\s*|\n")
_NOT_AN_END = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|no|nos|ref|tel|ext|dept|approx|e\.g|i\.e|vs|b|d\.o\.b|dob|hosp|pt|inc|sr|jr|rev|revd|tab|tabs|caps|mg)|\b[a-z])\.$",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """A tuple, for a mail has hundreds: a frozen dataclass takes three times as long to make."""

    start: int
    end: int
    low: str  # folded: lower case, no accents


def words_in(text: str, lower: str | None = None) -> list[Word]:
    """The words of a text, folded; a possessive 's stays off."""
    plain = text.isascii()
    return [
        Word(m.start(), m.end(), m.group() if plain else fold(m.group()))
        for m in _WORD.finditer(text.lower() if lower is None else lower)
    ]


class Reading(NlpArtifacts):
    """A section of a piece: its part, path, mapped text and zones."""

    def __init__(
        self,
        part: str,
        path: str,
        mapped: Mapped,
        zones: ZoneMap,
        kind: str = "text",
        private_writer: bool = False,
        scottish: bool = False,
    ) -> None:
        self.part, self.path, self.mapped, self.zones, self.kind = part, path, mapped, zones, kind
        self.private_writer = private_writer
        self.scottish = scottish
        self.text = mapped.text
        self.entities: list[Span] = []
        self.scores: list[float] = []
        self.lemmas: list[str] = []
        self.keywords: list[str] = []
        self.language = "en"
        self.nlp_engine = None

    @cached_property
    def prose(self) -> dict[int, Mapping[str, float]]:
        """What the words of a sentence say, by its start (evidence.py fills it)."""
        return {}

    @cached_property
    def lower(self) -> str:
        """Lower case of the same length (a few letters grow when lowered)."""
        low = self.text.lower()
        return (
            low
            if len(low) == len(self.text)
            else "".join(c.lower() if len(c.lower()) == 1 else c for c in self.text)
        )

    @cached_property
    def words(self) -> list[Word]:
        if self.text.isascii():
            return [Word(*m.span(), m.group()) for m in _WORD.finditer(self.lower)]
        return [Word(*m.span(), fold(m.group())) for m in _WORD.finditer(self.lower)]

    @cached_property
    def runs(self) -> frozenset[str]:
        """The runs of letters, digits and underscores in lower case: one look tells that none of many words stands there."""
        return frozenset(_TOKEN.findall(self.lower))

    @cached_property
    def number_starts(self) -> list[int]:
        """Where each run of digits begins."""
        return [match.start() for match in _FIRST_DIGIT.finditer(self.text)]

    @cached_property
    def longest_number(self) -> int:
        """How many digits the longest run of them has."""
        return max((len(run) for run in _DIGITS.findall(self.text)), default=0)

    def at_numbers(self, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
        """What `finditer` gives for a pattern whose every match begins with the first digit of a run, sooner.

        `text` is this text, or it in lower case.
        """
        past = 0
        for start in self.number_starts:
            if start >= past and (match := pattern.match(text, start)):
                past = match.end()
                yield match

    @cached_property
    def word_starts(self) -> list[int]:
        return [word.start for word in self.words]

    def word_index(self, offset: int) -> int:
        """Index of the last word that starts at or before an offset."""
        return bisect_right(self.word_starts, offset) - 1

    @cached_property
    def sentence_starts(self) -> list[int]:
        ends = (
            match.end()
            for match in _SENTENCE.finditer(self.text)
            if "\n" in match.group()
            or not _NOT_AN_END.search(self.text[max(0, match.start() - 7) : match.start()])
        )
        return [0, *ends]

    def sentence_number(self, offset: int) -> int:
        return bisect_right(self.sentence_starts, offset) - 1

    def sentence(self, offset: int) -> tuple[int, int]:
        """Span of the sentence that an offset stands in."""
        number = self.sentence_number(offset)
        starts = self.sentence_starts
        return starts[number], starts[number + 1] if number + 1 < len(starts) else len(self.text)

    def column_header(self, offset: int) -> str:
        """Lower-case header over a cell of a tabbed table (`tag: `); empty where there is no table."""
        start = self.text.rfind("\n", 0, offset) + 1
        place = self.text.count("\t", start, offset)
        if not place and "\t" not in self.text[offset : offset + 60]:
            return ""
        top = self._top_of_table(start)
        cells = self.lower[top : self.text.find("\n", top) if "\n" in self.text[top:] else None].split("\t")
        return (
            f"{cells[place].strip()}: " if top < start and place < len(cells) and cells[place].strip() else ""
        )

    def _top_of_table(self, start: int) -> int:
        """Where the first of the tabbed lines above begins; looks at most 4,000 characters up."""
        top, floor = start, max(0, start - 4_000)
        while top > floor:
            above = self.text.rfind("\n", 0, max(0, top - 1)) + 1
            line = self.text[above : top - 1]
            if "\t" not in line and line.strip():
                break
            top = above if "\t" in line else top
            if above == 0 or "\t" not in line:
                break
        return top

    def sentence_before(self, start: int) -> int:
        """Where the sentence before the one at `start` begins."""
        return self.sentence_starts[max(0, self.sentence_number(start) - 1)]

    def around(self, start: int, end: int, before: int, after: int) -> tuple[str, str]:
        """Lower-case text before and after a span."""
        return self.lower[max(0, start - before) : start], self.lower[end : end + after]

    def zone(self, offset: int) -> Zone:
        return self.zones.at(offset)

    @cached_property
    def has_digits(self) -> bool:
        return any(digit in self.text for digit in "0123456789")
