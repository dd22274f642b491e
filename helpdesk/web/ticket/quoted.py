"""Folding what a mail repeats of earlier mails. Nothing is left out: the parts joined are the text again."""

import re
from dataclasses import dataclass, field

FEWEST_LINES = 2
# The line above a quotation, as the common mail clients write it.
_ATTRIBUTION = re.compile(r"^(On\b.{5,200}\bwrote:|.{3,200}\bwrote on\b.{3,80}:)\s*$")
_BEGINNINGS = re.compile(
    r"^(-{3,}\s*Original (Message|Appointment)\s*-{3,}|_{10,}|-{3,}\s*Forwarded message\s*-{3,})\s*$",
    re.IGNORECASE,
)
_HEADER_FROM = re.compile(r"^\*?From:\*?\s.+", re.IGNORECASE)
_HEADER_NEXT = re.compile(r"^\*?(Sent|Date|To|Subject):\*?\s.*", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A stretch of a text; `quoted` when it repeats an earlier mail."""

    text: str = field(repr=False)
    quoted: bool = False


def split(text: str) -> list[Part]:
    """The text in parts, quoted or not, in order."""
    lines = text.splitlines(keepends=True)
    flags = _flags(lines)
    parts: list[Part] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or flags[index] != flags[start]:
            parts.append(_part(lines[start:index], flags[start]))
            start = index
    return parts


def _part(lines: list[str], quoted: bool) -> Part:
    said = sum(1 for line in lines if line.strip())
    return Part("".join(lines), quoted and said >= FEWEST_LINES)


def _flags(lines: list[str]) -> list[bool]:
    """Which lines are quoted: those with `>`, and all from the head of a copied mail on."""
    flags = [line.lstrip().startswith(">") for line in lines]
    for index, line in enumerate(lines):
        if _starts_copy(lines, index):
            return flags[:index] + [True] * (len(lines) - index)
        if _ATTRIBUTION.match(line.strip()) and _next_is_quoted(lines, index):
            flags[index] = True
    _join_gaps(lines, flags)
    return flags


def _starts_copy(lines: list[str], index: int) -> bool:
    line = lines[index].strip()
    if _BEGINNINGS.match(line):
        return True
    after = [one.strip() for one in lines[index + 1 : index + 4]]
    return bool(_HEADER_FROM.match(line)) and sum(1 for one in after if _HEADER_NEXT.match(one)) >= 2


def _next_is_quoted(lines: list[str], index: int) -> bool:
    following = next((line for line in lines[index + 1 : index + 4] if line.strip()), "")
    return following.lstrip().startswith(">")


def _join_gaps(lines: list[str], flags: list[bool]) -> None:
    """Empty lines between two quoted ones belong to the quotation. One pass, however many there are."""
    gap: list[int] = []
    before = False
    for index, line in enumerate(lines):
        if not line.strip():
            gap.append(index)
            continue
        for empty in gap:
            flags[empty] = before and flags[index]
        gap, before = [], flags[index]
