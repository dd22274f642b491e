"""Removing given strings from text that need not be written as it was found."""

import re
from dataclasses import dataclass

from helpdesk.pii.redact.text import MARK

LEAST = 2  # characters: a single letter found would be removed everywhere
#: Anything that a layout or a normaliser may put between the characters of a number.
BETWEEN = r"[\s\u00ad\u200b-\u200d\ufeff.\-/]*"


@dataclass(frozen=True, slots=True)
class Eraser:
    """Strings to remove. White space in them stands for any white space, and numbers are found however spaced."""

    strings: tuple[str, ...]
    pattern: re.Pattern[str] | None

    @classmethod
    def of(cls, strings: list[str]) -> "Eraser":
        """From what was found: a string over several lines or cells is removed line by line and cell by cell."""
        pieces = {piece.strip() for text in strings for piece in re.split(r"[\t\n\r]+", text)}
        kept = tuple(sorted((piece for piece in pieces if len(piece) >= LEAST), key=len, reverse=True))
        return cls(kept, re.compile("|".join(map(_pattern, kept)), re.IGNORECASE) if kept else None)

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [found.span() for found in self.pattern.finditer(text)] if self.pattern else []

    def clean(self, text: str, mark: str = MARK) -> str:
        return self.pattern.sub(mark, text) if self.pattern else text

    def found_in(self, text: str) -> bool:
        return bool(self.pattern and self.pattern.search(text))


def _pattern(text: str) -> str:
    """A number by its digits, anything else by its words; neither inside a longer word or number."""
    digits = re.sub(r"\W", "", text)
    if digits.isdigit() and len(digits) >= 6:
        body = BETWEEN.join(digits)
        return rf"(?<!\d){body}(?!\d)"
    body = r"\s+".join(map(re.escape, text.split()))
    start = r"(?<!\w)" if text[:1].isalnum() else ""
    return start + body + (r"(?!\w)" if text[-1:].isalnum() else "")
