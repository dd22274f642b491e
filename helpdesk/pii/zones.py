"""Cuts the text of a mail into zones: greeting, body, signature, disclaimer, quoted, forwarded.

Mail has no grammar, so each zone is told by several signs. A quoted block is cut into
zones of its own, because the signature in a quoted mail is as innocent as any other.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.pii.signature import VERBISH, line_kind, signature_spans
from helpdesk.pii.values import Zone

_QUOTE = re.compile(r"[ \t]{0,3}((?:[>|][ \t]?){1,20})")
_HEADER = re.compile(
    r"[ \t>*]{0,8}(from|sent|date|to|cc|bcc|subject|reply-to|importance)[ \t]{0,2}\*?[ \t]{0,2}:",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"[ \t>]{0,8}(?:on\b.{5,160}\bwrote|.{3,100}@.{3,80}wrote|-{2,} ?original message)", re.IGNORECASE
)
_FORWARD = re.compile(
    r"[ \t>]{0,8}(?:-{2,} ?(?:forwarded|fwd)|begin forwarded|forwarded message)", re.IGNORECASE
)
_GREETING = re.compile(
    r"[ \t]{0,3}(?:hi|hello|hiya|hey|hullo|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|greetings|all|team|bore da|prynhawn da|"
    r"annwyl|shwmae|dzie[nń] dobry|to whom)\b(?:[ ,]{1,2}[\w'/&.-]+){0,5}[ ]?[,.!:-]{0,2}[ ]*$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"confidential|intended (?:recipient|solely|only)|privileged|please (?:consider|think of) the environment|do not work (?:on )?\w+days?|"
    r"sent from (?:my|outlook|mail|yahoo|proton|samsung|the)|get outlook for|another format|registered (?:charity|office|in england)|"
    r"many thanks for your help|i work (?:flexibly|part.time)|working (?:days|hours|pattern)|my working|virus|opinions? expressed|"
    r"if you (?:have received|are not)|freedom of information|caution:|this message originated|external (?:sender|email)|think before you print|"
    r"#hello ?my ?name|disclaimer|unsubscribe|follow us",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text and its zone; `level` counts how deep it is quoted."""

    start: int
    end: int
    zone: Zone
    level: int = 0


@dataclass(frozen=True, slots=True)
class ZoneMap:
    """The zones of one text, in order and without gaps."""

    spans: tuple[Span, ...]
    _starts: tuple[int, ...] = field(repr=False)

    def at(self, offset: int) -> Zone:
        return self.span_at(offset).zone

    def span_at(self, offset: int) -> Span:
        return self.spans[max(0, bisect_right(self._starts, offset) - 1)]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str = field(repr=False)
    level: int = 0


@dataclass(slots=True)
class _Block:
    """Lines that one person wrote at one level of quoting."""

    zone: Zone
    level: int
    lines: list[_Line] = field(default_factory=list)


def one_zone(text: str, zone: Zone) -> ZoneMap:
    return ZoneMap((Span(0, len(text), zone),), (0,))


def cut_zones(text: str, names: frozenset[str]) -> ZoneMap:
    """The zones of a mail's text; `names` are folded words of its writer's name."""
    spans: list[Span] = []
    for block in _blocks(list(_lines(text))):
        for part in _parts(block):
            spans.extend(_inner(part, names))
    spans = spans or [Span(0, len(text), Zone.BODY)]
    return ZoneMap(tuple(spans), tuple(span.start for span in spans))


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.split("\n"):
        quote = _QUOTE.match(line)
        level = sum(quote.group(1).count(mark) for mark in ">|") if quote and ">" in quote.group(1) else 0
        yield _Line(at, at + len(line), line, level)
        at += len(line) + 1


def _blocks(lines: list[_Line]) -> list[_Block]:
    blocks = [_Block(Zone.BODY, 0)]
    base = 0
    zone = Zone.BODY
    for number, line in enumerate(lines):
        opened = _opens(lines, number)
        if opened is not None:
            zone, base = opened, base + 1 if base < 20 else base
        level = base + line.level
        here = zone if base else (Zone.QUOTED if line.level else Zone.BODY)
        if opened is not None or level != blocks[-1].level:
            blocks.append(_Block(here, level))
        blocks[-1].lines.append(line)
    return [block for block in blocks if block.lines]


def _opens(lines: list[_Line], number: int) -> Zone | None:
    """The zone that this line opens, when it is the head of an earlier mail."""
    line = lines[number].text
    if len(line) > 400 or (
        ":" not in line and "-" not in line and "wrote" not in line and "orwarded" not in line
    ):
        return None
    if _FORWARD.match(line):
        return Zone.FORWARDED
    if _WROTE.match(line):
        return Zone.QUOTED
    head = _HEADER.match(line)
    if head and head.group(1).lower() == "from":
        following = [_HEADER.match(other.text[:40]) for other in lines[number + 1 : number + 4]]
        return Zone.QUOTED if sum(1 for match in following if match) >= 1 else None
    return None


_GAP = 4  # blank lines, below which no signature goes on
_LOOKED_AT = 40  # lines below such a gap


def _parts(block: _Block) -> Iterator[_Block]:
    """The block, cut where something is written far below: a note there is no part of the signature above."""
    blank, last = 0, 0
    for index, line in enumerate(block.lines):
        empty = not line.text.strip(" \t>|")
        if (
            not empty
            and blank >= _GAP
            and index > blank
            and _is_content(block.lines[index : index + _LOOKED_AT])
        ):
            yield _Block(block.zone, block.level, block.lines[last:index])
            last = index
        blank = blank + 1 if empty else 0
    yield _Block(block.zone, block.level, block.lines[last:])


def _is_content(lines: list[_Line]) -> bool:
    """Whether some line of them is neither a signature's nor a disclaimer's."""
    told = (_bare(line) for line in lines)
    return any(
        text.strip(" >*-_=") and line_kind(text, frozenset()) is None and not _DISCLAIMER.search(text[:1500])
        for text in told
    )


def _inner(block: _Block, names: frozenset[str]) -> Iterator[Span]:
    """The zones inside one writer's block."""
    marks = [block.zone] * len(block.lines)
    signed = dict[int, list[tuple[int, int]]]()
    _mark_greeting(block, marks)
    _mark_disclaimer(block, marks)
    for index, start, end in signature_spans(
        [_bare(line) for line in block.lines],
        [zone is Zone.DISCLAIMER for zone in marks],
        names if block.level == 0 else frozenset(),
    ):
        signed.setdefault(index, []).append((start, end))
    for index, line in enumerate(block.lines):
        yield from _of_line(line, marks[index], signed.get(index, []), block.level)


def _bare(line: _Line) -> str:
    """The line without its quote marks, padded so that offsets stay."""
    quote = _QUOTE.match(line.text) if line.level else None
    return " " * quote.end() + line.text[quote.end() :] if quote else line.text


def _mark_greeting(block: _Block, marks: list[Zone]) -> None:
    seen = 0
    for index, line in enumerate(block.lines):
        text = _bare(line)
        if not text.strip() or _HEADER.match(text[:40]) or _WROTE.match(text[:300]):
            continue
        if len(text) < 60 and _GREETING.match(text) and not VERBISH.search(text):
            marks[index] = Zone.GREETING
        seen += 1
        if seen >= 2:
            return


def _mark_disclaimer(block: _Block, marks: list[Zone]) -> None:
    """Paragraphs at the end that say what such paragraphs always say, and lines that can be nothing else."""
    for index, line in enumerate(block.lines):
        if _SURELY_DISCLAIMER.search(line.text[:1500]):
            marks[index] = Zone.DISCLAIMER
    for index in range(len(block.lines) - 1, -1, -1):
        text = block.lines[index].text
        if not text.strip() or text.strip(" >*-_=") == "":
            continue
        if not _DISCLAIMER.search(text[:1500]):
            return
        marks[index] = Zone.DISCLAIMER


_SURELY_DISCLAIMER = re.compile(
    r"\b(?:this (?:e-?mail|message|communication)(?: and any \w+)? (?:is|are|may contain|contains?) [^.]{0,80}(?:confidential|protected|privileged|personal|sensitive|patient)|not the intended recipient|unauthorised (?:use|disclosure)|intended (?:only|solely) for)",
    re.IGNORECASE,
)


def _of_line(line: _Line, zone: Zone, signed: list[tuple[int, int]], level: int) -> Iterator[Span]:
    at = line.start
    for start, end in signed:
        if line.start + start > at:
            yield Span(at, line.start + start, zone, level)
        yield Span(line.start + start, line.start + end, Zone.SIGNATURE, level)
        at = line.start + end
    if at <= line.end:
        yield Span(at, line.end + 1, zone, level)
