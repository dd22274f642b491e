"""Text made plain for the recognizers, with a way back to the text as it came.

Readers and mail programs disguise the same characters in many ways: full-width digits,
no-break spaces, soft hyphens, zero-width characters, quoted-printable left-overs. A
`Mapped` text has these undone and knows, for each of its offsets, the offset in the
original, so that what is found can be redacted where it really stands.
"""

from __future__ import annotations  # array is subscriptable from Python 3.12 on

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u0300-\u036f]+"
)
_SAME_SHAPE = {
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "`": "'",
    "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-",
    "\u2212": "-", "\u2043": "-", "\u2022": "*", "\u00b7": ".", "\u2024": ".", "\u2044": "/", "\u2215": "/",
    "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\r": "\n",
}  # fmt: skip
_QUOTED_PRINTABLE = re.compile(r"=\n|(?:=[0-9A-F]{2})+")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TELLS_PERCENT = re.compile(r"%(?:20|2[CFfc]|3[Aa]|5[Ee]|C[2-9A-Fa-f]%|c[2-9a-f]%)")
_TELLS_QUOTED_PRINTABLE = re.compile(r"=\n|=(?:20|3D|C2|E2|A0|0D)")


# A label of a form and the dots or lines that lead from it to its value: `Born........29.08.95`.
_LEADER = re.compile(
    r"(?:(?<=  )|(?<=\t)|(?:(?<=\n)|^)[ \t>|*]{0,12})(?P<label>[^\W\d_][\w.'/()?&-]{0,20}?(?: [\w'/()?&-]{1,16}?){0,3})[ ]?(?:\.{4,}|_{4,})[ ]{0,2}(?=[^\W_]|[\"'£])(?!\w+(?: \w+){0,3} ?(?:\.{4,}|_{4,}))"
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """`text` for reading; `offsets[i]` is where its character i stood (None: one to one)."""

    text: str = field(repr=False)
    offsets: array[int] | None = field(default=None, repr=False)
    end: int = 0

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the span of this text came from."""
        if self.offsets is None:
            return start, end
        first = self.offsets[start] if start < len(self.offsets) else self.end
        last = self.offsets[end - 1] + 1 if 0 < end <= len(self.offsets) else first
        return first, max(first, last)


class _Table(dict[int, str]):
    """Translates one character to one: look-alike marks, other digits, full-width letters."""

    def __missing__(self, code: int) -> str:
        made = _one_for_one(chr(code))
        self[code] = made
        return made


def _one_for_one(character: str) -> str:
    if character in _SAME_SHAPE:
        return _SAME_SHAPE[character]
    if character.isdecimal() and not character.isascii():
        return str(unicodedata.decimal(character))
    if character.isspace() and character not in "\n\t":
        return " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


_TABLE = _Table()


def normalise(raw: str | Mapped) -> Mapped:
    """Plain text for reading; linear in the length of `raw`."""
    base = raw if isinstance(raw, Mapped) else Mapped(raw, None, len(raw))
    text = base.text.replace("\r\n", " \n") if "\r" in base.text else base.text
    text = text.translate(_TABLE) if not text.isascii() or "\r" in text or "`" in text else text
    plain = Mapped(text, base.offsets, base.end)
    if not text.isascii() and INVISIBLE.search(text):
        plain = replace(plain, INVISIBLE, lambda _: "")
    if "=" in text and len(_TELLS_QUOTED_PRINTABLE.findall(plain.text, 0, 20_000)) > 1:
        plain = replace(plain, _QUOTED_PRINTABLE, _undo_quoted_printable)
    if "%" in text and _TELLS_PERCENT.search(plain.text):
        plain = replace(plain, _PERCENT, _undo_percent)
    if "...." in text or "____" in text:
        plain = replace(
            plain,
            _LEADER,
            lambda match: f"{match.group().partition(match.group('label'))[0]}{match.group('label')}: ",
        )
    return plain


def _undo_percent(match: re.Match[str]) -> str:
    """What a link writes with percent signs: `Katz%20DOB` is `Katz DOB`."""
    code = match.group()
    try:
        made = bytes.fromhex(code.replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return code
    return made.translate(_TABLE) if made.isprintable() else code


def _undo_quoted_printable(match: re.Match[str]) -> str:
    code = match.group()
    if code == "=\n":
        return ""
    try:
        made = bytes.fromhex(code.replace("=", "")).decode("utf-8")
    except UnicodeDecodeError:
        return " " if code.startswith(("=A0", "=20")) else code
    return made.translate(_TABLE)


def replace(mapped: Mapped, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> Mapped:
    """The text with each match replaced, its offsets kept."""
    return build(_pieces(mapped, pattern, by), mapped)


def _pieces(
    mapped: Mapped, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]
) -> Iterable[tuple[int, int, str | None]]:
    at = 0
    for match in pattern.finditer(mapped.text):
        yield at, match.start(), None
        yield match.start(), match.end(), by(match)
        at = match.end()
    yield at, len(mapped.text), None


def build(pieces: Iterable[tuple[int, int, str | None]], base: Mapped) -> Mapped:
    """Join pieces (start, end, text made of it or None for as it stands) of a base text."""
    words: list[str] = []
    offsets: array[int] = array("l")
    for start, end, made in pieces:
        if made is None:
            words.append(base.text[start:end])
            offsets.extend(range(start, end) if base.offsets is None else base.offsets[start:end])
        elif made:
            words.append(made)
            first, last = base.back(start, end)
            offsets.extend([min(first + i, max(first, last - 1)) for i in range(len(made))])
    return Mapped("".join(words), offsets, base.end)


_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "ß": "s", "đ": "d", "Đ": "d", "ı": "i", "æ": "a", "Æ": "a"}
)


def fold(word: str) -> str:
    """Lower case without accents, for looking a name up: Małgorzata is malgorzata."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFD", word.translate(_LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def spaced(words: str) -> frozenset[str]:
    """The words of a list written with spaces between."""
    return frozenset(words.split())
