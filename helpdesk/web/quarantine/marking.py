"""How a held mail is shown to an officer: the clock, findings by part, the text with its findings marked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup, escape

from helpdesk.governance.quarantine import HeldPiece, note_of, time_left
from helpdesk.models import HeldMail, MailReport
from helpdesk.pii.values import Finding
from helpdesk.services import Services
from helpdesk.web.shown import entity_name

SOON = timedelta(hours=24)
LONGEST_SHOWN = 200_000
WEAK = 0.4  # a score below this is a sign that means something only beside others
MARK = Markup('<mark class="app-found">{}<span class="app-found__name"> {}</span></mark>')
WEAK_MARK = Markup('<span class="app-sign" title="{1}">{0}</span>')


@dataclass(frozen=True)
class Clock:
    """What is left of the 72 hours, in words, and how pressing it is."""

    words: str
    colour: str


def clock(held: HeldMail, at: datetime | None = None) -> Clock:
    left = time_left(held, at)
    hours = int(abs(left).total_seconds() // 3600)
    if left < timedelta(0):
        return Clock(f"{hours} hours over", "red")
    if left < SOON:
        return Clock(f"{hours} hours left", "orange")
    return Clock(f"{hours} hours left", "white")


@dataclass(frozen=True)
class Told:
    """One report of a mail: by whom, when, what it holds, and the decision that stood before."""

    by: str
    at: datetime
    category: str
    note: str = field(repr=False)
    before: str


def told(services: Services, report: MailReport) -> Told:
    before = report.before
    words = f"{before['state']} on {before['decided_at'][:10]}: {before['reason']}" if before else ""
    return Told(report.reporter.name, report.reported_at, report.category, note_of(services, report), words)


@dataclass
class FoundIn:
    """What the scanner saw in one part of a mail, as counts; `why` when the part could not be read."""

    part: str
    found: Counter[str] = field(default_factory=Counter)
    weak: Counter[str] = field(default_factory=Counter)  # signs that mean nothing on their own
    why: str = ""

    @property
    def words(self) -> str:
        return counted(self.found)

    @property
    def weak_words(self) -> str:
        return counted(self.weak)


def by_part(held: HeldMail) -> list[FoundIn]:
    """For each part of the mail, what was found in it and how often, in the order of the findings."""
    parts: dict[str, FoundIn] = {}
    for one in held.findings:
        part = parts.setdefault(one["part"], FoundIn(part_name(one["part"])))
        (part.weak if one["score"] < WEAK else part.found)[one["entity"]] += 1
    for one in held.unscannable:
        parts.setdefault(one["part"], FoundIn(part_name(one["part"]))).why = one["why"]
    return list(parts.values())


def counted(entities: Counter[str]) -> str:
    """`NHS number, person (2)`."""
    return ", ".join(
        entity_name(name) + (f" ({count})" if count > 1 else "") for name, count in entities.items()
    )


def piece_name(piece: HeldPiece) -> str:
    """What an opened part is called: `Body text`, or a file with its name."""
    name = part_name(piece.part)
    return name if piece.marked else f"{name}: {piece.label.split(': ', 1)[-1]}"


def found_in_file(piece: HeldPiece) -> str:
    """What was found in a file whose text is not marked, with the places."""
    places: dict[str, list[str]] = {}
    for one in piece.findings:
        if one.score >= WEAK:
            places.setdefault(entity_name(one.entity), []).append(one.path)
    return "; ".join(
        f"{name} ({', '.join(dict.fromkeys(filter(None, where))) or len(where)})"
        for name, where in places.items()
    )


def part_name(part: str) -> str:
    """`attachment:2` as `Attachment 2`, `body_text` as `Body text`."""
    return part.replace("_", " ").replace(":", " ").capitalize()


def marked(text: str, findings: Sequence[Finding]) -> Markup:
    """The text, escaped, with each finding marked and named. Overlapping findings become one mark."""
    out: list[Markup] = []
    at = 0
    shown = text[:LONGEST_SHOWN]
    for span in _merged(findings, len(shown)):
        mark = WEAK_MARK if span.weak else MARK
        out += [escape(shown[at : span.start]), mark.format(shown[span.start : span.end], span.names)]
        at = span.end
    return Markup().join([*out, escape(shown[at:])])


@dataclass(frozen=True)
class Span:
    """Where a mark goes, and what it says."""

    start: int
    end: int
    names: str
    weak: bool


def _merged(findings: Iterable[Finding], length: int) -> list[Span]:
    """Findings that overlap, as one; weak ones are left out where a strong one is."""
    spans: list[list[Finding]] = []
    reach = 0
    for one in sorted(findings, key=lambda f: (f.start, f.end)):
        if max(one.start, 0) >= min(one.end, length):
            continue
        if spans and one.start < reach:
            spans[-1].append(one)
        else:
            spans.append([one])
            reach = 0
        reach = max(reach, one.end)
    return [_span(group, length) for group in spans]


def _span(group: list[Finding], length: int) -> Span:
    strong = [one for one in group if one.score >= WEAK] or group
    names = ", ".join(dict.fromkeys(entity_name(one.entity) for one in strong))
    start, end = max(min(one.start for one in group), 0), min(max(one.end for one in group), length)
    return Span(start, end, names, all(one.score < WEAK for one in group))
