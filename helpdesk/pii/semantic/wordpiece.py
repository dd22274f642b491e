"""WordPiece, as BERT's uncased models split text (Devlin et al. 2018, tokenization.py): small enough not to need a library."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
LONGEST_WORD = 40  # letters; a longer one is noise


class WordPiece:
    """Splits text to the ids of a vocabulary, one piece a line in its file."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._ids = vocabulary
        self._names = {number: piece for piece, number in vocabulary.items()}
        self._unknown = vocabulary[UNKNOWN]
        self._pieces = lru_cache(maxsize=20_000)(self._split)

    @classmethod
    def read(cls, file: Path) -> "WordPiece":
        return cls(
            {piece: number for number, piece in enumerate(file.read_text(encoding="utf-8").split("\n"))}
        )

    def ids(self, text: str, longest: int) -> list[int]:
        """Ids with the marks of begin and end, cut to `longest`."""
        found = [self._ids[BEGIN]]
        for word in words(text):
            found.extend(self._pieces(word))
            if len(found) >= longest:
                break
        return [*found[: longest - 1], self._ids[END]]

    def unknown_of(self, ids: Sequence[int]) -> float:
        """The share of these ids that stand for words without a piece: most of a text in letters that the vocabulary lacks."""
        return ids.count(self._unknown) / len(ids)

    def joined(self, ids: Sequence[int], shares: Sequence[float]) -> Iterator[tuple[str, float]]:
        """Words put together from their pieces, each with the mean of its shares; the marks of begin and end are left out."""
        word, parts = "", list[float]()
        for number, share in zip(ids[1:-1], shares[1:-1], strict=True):
            piece = self._names[number]
            if word and not piece.startswith("##"):
                yield word, sum(parts) / len(parts)
                word, parts = "", []
            word += piece.removeprefix("##")
            parts.append(share)
        if word:
            yield word, sum(parts) / len(parts)

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        pieces: list[int] = []
        start = 0
        while start < len(word):
            end = self._longest(word, start)
            if end == start:
                return (self._unknown,)
            pieces.append(self._ids[("##" if start else "") + word[start:end]])
            start = end
        return tuple(pieces)

    def _longest(self, word: str, start: int) -> int:
        """End of the longest piece of the vocabulary that starts here; `start` itself where there is none."""
        mark = "##" if start else ""
        return next(
            (end for end in range(len(word), start, -1) if mark + word[start:end] in self._ids), start
        )


_ASCII = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")


def words(text: str) -> list[str]:
    """Words and marks, lower case without accents."""
    if text.isascii():  # most mail: the same, five times as fast
        return _ASCII.findall(text.lower())
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(_apart(letter) for letter in plain if unicodedata.category(letter) != "Mn").split()


def _apart(letter: str) -> str:
    if letter.isalnum():
        return f" {letter} " if "\u4e00" <= letter <= "\u9fff" else letter
    kind = unicodedata.category(letter)
    if letter.isspace() or kind.startswith("C"):
        return " "
    return f" {letter} " if letter.isascii() or kind.startswith("P") else letter
