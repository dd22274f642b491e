"""Words and marks of a text with their places, as BERT's uncased tokenizer cuts them (the model's tokenizer.json).

The semantic judge cuts text alike but needs no places; the pieces of a word come from its `WordPiece`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_ASCII = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Word(NamedTuple):
    """Offsets in the text as given; `plain` is lower case without accents."""

    start: int
    end: int
    plain: str


def words_of(text: str) -> Iterator[Word]:
    if text.isascii() and not _CONTROL.search(text):  # most mail: the same, several times as fast
        for match in _ASCII.finditer(text.lower()):
            yield Word(match.start(), match.end(), match.group())
        return
    start, plain = 0, ""
    for at, letter in enumerate(text):
        seen = _seen(letter)
        if seen[:1] == " " and plain:
            yield Word(start, at, plain)
            plain = ""
        if seen[:1] == " ":
            if seen.strip():
                yield Word(at, at + 1, seen.strip())
        elif seen:
            start, plain = (start if plain else at), plain + seen
    if plain:
        yield Word(start, len(text), plain)


@lru_cache(maxsize=4096)
def _seen(letter: str) -> str:
    """What the model sees of a letter: nothing of a control mark, a space, or itself plain; marks with spaces around."""
    kind = unicodedata.category(letter)
    if letter in "\t\n\r" or (letter.isspace() and not kind.startswith("C")):
        return " "
    if kind.startswith("C") or letter == "\ufffd":
        return ""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", letter) if unicodedata.category(c) != "Mn"
    ).lower()
    return f" {plain} " if any(_stands_apart(c) for c in plain) else plain


def _stands_apart(letter: str) -> bool:
    if letter.isascii():
        return not letter.isalnum()
    return unicodedata.category(letter).startswith("P") or "\u4e00" <= letter <= "\u9fff"
