"""The judgement on a sentence: how likely it tells somebody's private matter, of what kind, and which words weighed most."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from helpdesk.pii.semantic.careful import Careful
from helpdesk.pii.semantic.encoder import Encoder, Read, SemanticError
from helpdesk.pii.semantic.gates import Gates
from helpdesk.pii.semantic.masking import Masked
from helpdesk.pii.semantic.static import Static
from helpdesk.pii.semantic.wordpiece import WordPiece
from helpdesk.pii.semantic.wordpiece import words as split

__all__ = ["Judgement", "Semantic", "SemanticError"]

MOST_CHEAP = 2.0  # of three words one of which is an illness, the cheap judge is surer than it should be
MOST_UNKNOWN = 0.25  # letters of another script: in the mails of all corpora the share is 0.07 at most, in Russian or Arabic ones 0.6
PACKAGED = Path(__file__).parent / "model"
TOP = 4
_WORD = re.compile(r"\w+")
_DULL = frozenset(
    _WORD.findall(
        "the a an and or of to in on for with is are was were be it its this that i you we he she her his my our at by from as so but has have had been they will would do did does there if when sam jones mr mrs ms miss dr not no can could please may"
    )
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """`probability` is calibrated on sentences that the judge had not seen; `top_words` are empty where little was found.

    `said`: the log odds of the reading judge and of the cheap one, where the text was read to its end."""

    probability: float
    category: str
    top_words: tuple[str, ...] = field(default=(), repr=False)
    said: tuple[float, float] | None = field(default=None, repr=False)


class Semantic:
    """Judges sentences; the same sentence always gets the same judgement, safe to share between threads.

    Both judges have a say in the end: the one knows words, the other what is said with them, and they err over different sentences.
    A third, the careful reader, is asked by `reconsider` alone, for it is slow; a folder may lack it.
    """

    def __init__(
        self,
        pieces: WordPiece,
        static: Static,
        encoder: Encoder,
        careful: Careful | None,
        told: Mapping[str, Any],
    ) -> None:
        self._pieces, self._static, self._encoder, self._careful = pieces, static, encoder, careful
        self._gates = Gates.of(told)
        self._longest: int = told["longest"]
        self._kinds: list[str] = told["kinds"]
        self._slope, self._share, self._offset = told["calibration"]
        self._weights: Sequence[float] = told["careful"]["calibration"] if careful else ()
        self._farthest: int = told["careful"]["longest"] if careful else 0

    @classmethod
    def load(cls, folder: Path = PACKAGED) -> "Semantic":
        """The model of the package, or of a folder made by `train`; raises SemanticError where it is missing or altered."""
        try:
            told = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            pieces, static = WordPiece.read(folder / "vocabulary.txt"), Static.read(folder / "static.npz")
        except OSError as fault:
            raise SemanticError(
                f"The semantic model in {folder} cannot be read ({type(fault).__name__}); install the package afresh."
            ) from fault
        return cls(pieces, static, Encoder(folder, told["sha256"]), _careful(folder, told), told)

    def judge(
        self, sentences: Sequence[Masked], doubt: float = 0.0, *, whole: bool = False
    ) -> list[Judgement]:
        """A judgement for each, in order. The cheap judge goes first; what it finds harmless is not read.

        `doubt`: by how many log odds the caller will doubt them; what could not matter then is not read either.
        `whole`: all are read to their end, whatever the cheap judge says."""
        gates = (-math.inf, -math.inf) if whole else self._gates.at(doubt)
        return [self._judge(sentence.text, gates) for sentence in sentences]

    def read_with_care(self, *texts: Masked, whole: bool = False) -> Read | None:
        """What the careful reader says of a stretch among its neighbours, or in the mean of several such texts of one stretch.

        `whole`: all its layers read, even what the first find harmless. None where there is no such reader."""
        if self._careful is None:
            return None
        reads = [
            self._careful.read(self._pieces.ids(text.text, self._farthest), whole=whole) for text in texts
        ]
        return Read(fmean(read.logit for read in reads), np.mean([read.kinds for read in reads], axis=0))

    def reads_all_of(self, text: Masked) -> bool:
        """Whether the careful reader sees such a text to its end, and in letters that it can read; what is left out or unknown to it, it does not see."""
        ids = self._pieces.ids(text.text, self._farthest + 1)
        return len(ids) <= self._farthest and self._pieces.unknown_of(ids) <= MOST_UNKNOWN

    def reconsider(self, judgement: Judgement, read: Read | None) -> Judgement:
        """The judgement once more, with what the careful reader said; the same one where it is not to be asked."""
        if read is None or judgement.said is None:
            return judgement
        quick, cheap = judgement.said
        careful, slope, share, offset = self._weights
        chance = _chance(careful * read.logit + slope * quick + share * cheap + offset)
        kind = self._kind(read) if read.kinds.any() else judgement.category
        return replace(judgement, probability=chance, category=kind)

    def could_matter(self, doubt: float) -> bool:
        """Whether any text could stay likely when it is doubted by so many log odds."""
        return doubt <= self._gates.most

    def suspicion(self, sentence: Masked) -> float:
        """The cheap judge's log odds alone, to choose what to read of a long text."""
        return self._static.logit(self._pieces.ids(sentence.text, self._longest))

    def whole(self, judgements: Sequence[Judgement]) -> Judgement:
        """The mail as a whole: the likeliest sentence decides; several doubtful ones add up (noisy-or) but never past it by much."""
        if not judgements:
            return Judgement(0.0, "")
        worst = max(judgements, key=lambda one: one.probability)
        none = math.prod(1 - one.probability for one in judgements)
        return Judgement(
            max(worst.probability, min(1 - none, (1 + worst.probability) / 2)),
            worst.category,
            worst.top_words,
        )

    def _judge(self, text: str, gates: tuple[float, float]) -> Judgement:
        ids = self._pieces.ids(text, self._longest)
        cheap = self._static.logit(ids)
        gate, stop = gates
        if cheap < gate:
            return Judgement(min(0.02, _chance(cheap)), "")
        read = self._encoder.read(ids, stop=stop)
        if read is None:
            return Judgement(0.02, "")
        cheap = min(cheap, MOST_CHEAP)
        probability = _chance(self._slope * read.logit + self._share * cheap + self._offset)
        top = self._top(ids) if probability >= 0.3 else ()
        return Judgement(probability, self._kind(read), top, (read.logit, cheap))

    def _kind(self, read: Read) -> str:
        return self._kinds[int(np.argmax(read.kinds))]

    def _top(self, ids: list[int]) -> tuple[str, ...]:
        """The words that the cheap judge knows best from sentences that tell a matter: quick, and blind to what stands beside them."""
        weight: dict[str, float] = {}
        for word, share in self._pieces.joined(ids, self._static.shares(ids)):
            if _telling(word):
                weight[word] = max(share, weight.get(word, share))
        return tuple(sorted(weight, key=lambda word: -weight[word])[:TOP])

    def explain(self, sentence: Masked) -> tuple[str, ...]:
        """The words without which the sentence would look most harmless: each is left out in turn, so as slow as the sentence is long."""
        words = split(sentence.text)
        ids = self._pieces.ids(sentence.text, self._longest)
        whole = self._logit(ids)
        weight = {word: whole - self._without(word, words) for word in dict.fromkeys(words) if _telling(word)}
        return tuple(
            word for word in sorted(weight, key=lambda word: -weight[word])[:TOP] if weight[word] > 0
        )

    def _without(self, word: str, words: Sequence[str]) -> float:
        return self._logit(self._pieces.ids(" ".join(one for one in words if one != word), self._longest))

    def _logit(self, ids: list[int]) -> float:
        read = self._encoder.read(ids)
        return read.logit if read else -math.inf


def _careful(folder: Path, told: Mapping[str, Any]) -> Careful | None:
    facts = told.get("careful")
    return Careful(folder, facts["sha256"], len(told["kinds"]), facts["stop"]) if facts else None


def _telling(word: str) -> bool:
    return len(word) > 1 and word not in _DULL and any(letter.isalpha() for letter in word)


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
