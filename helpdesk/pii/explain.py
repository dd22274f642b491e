"""Why a verdict came about: the zones, what was found, the rules that hit and those that nearly did.

Values for an officer or a developer to look at; they hold the content itself, so they are
shown only where the content may be shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from helpdesk.pii.evidence import sentences
from helpdesk.pii.found import Found
from helpdesk.pii.matters import chance, crossed, weights
from helpdesk.pii.rules import Hit, Miss
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.second_look import set_aside
from helpdesk.pii.values import Context, Finding, Piece, Unscannable, Verdict, Zone


@dataclass(frozen=True, slots=True)
class ZoneText:
    """A stretch of a part and its zone; offsets are those of the piece as given."""

    part: str
    path: str
    zone: Zone
    level: int
    start: int
    end: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that hit, with the findings that met its needs."""

    rule: str
    category: str
    severity: str
    why: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RuleMiss:
    """A rule that nearly hit, and what it lacked."""

    rule: str
    needs_met: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence that was weighed: its chance and each feature's share, the greatest first."""

    part: str
    start: int
    end: int
    chance: float
    shares: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    verdict: Verdict
    zones: tuple[ZoneText, ...]
    findings: tuple[Finding, ...]
    hits: tuple[RuleHit, ...]
    almost: tuple[RuleMiss, ...]
    sentences: tuple[Weighed, ...]
    unscannable: tuple[Unscannable, ...]


def explain(scanner: Scanner, pieces: Sequence[Piece], context: Context) -> Explanation:
    """The verdict on the pieces with everything that led to it; scans to the end, files and OCR included."""
    verdict, found, hits = scanner.look(pieces, context)
    return Explanation(
        verdict=verdict,
        zones=tuple(_zones(found)),
        findings=verdict.findings,
        hits=tuple(_hit(hit) for hit in hits),
        almost=tuple(map(_miss, (*_set_aside(scanner, found, verdict), *scanner.policy.almost(found)))),
        sentences=tuple(_weighed(found)),
        unscannable=verdict.unscannable,
    )


def _set_aside(scanner: Scanner, found: Sequence[Found], verdict: Verdict) -> Iterator[Miss]:
    return set_aside(scanner.policy.hits(found), {reason.rule for reason in verdict.reasons})


def _zones(found: Sequence[Found]) -> list[ZoneText]:
    readings = {one.number: one.reading for one in found}.values()
    zones: list[ZoneText] = []
    for reading in readings:
        for span in reading.zones.spans:
            start, end = reading.mapped.back(span.start, min(span.end, len(reading.text)))
            text = reading.text[span.start : span.end].strip()
            if text:
                zones.append(ZoneText(reading.part, reading.path, span.zone, span.level, start, end, text))
    return zones


def _hit(hit: Hit) -> RuleHit:
    findings = tuple(one.finding() for one in hit.findings)
    return RuleHit(hit.rule.name, hit.rule.category, str(hit.rule.severity), hit.rule.why, findings)


def _miss(miss: Miss) -> RuleMiss:
    return RuleMiss(miss.rule.name, miss.met, miss.missing)


def _weighed(found: Sequence[Found]) -> list[Weighed]:
    known = [one for one in found if not one.entity.endswith("_MATTER")]
    made = []
    for sentence in sentences(known):
        start, end = sentence.reading.mapped.back(sentence.start, sentence.end)
        shares = [
            (name, round(weights().get(name, 0.0) * value, 3))
            for name, value in crossed(sentence.features).items()
            if value
        ]
        ranked = tuple(sorted(shares, key=lambda share: -abs(share[1])))
        made.append(Weighed(sentence.reading.part, start, end, round(chance(sentence), 3), ranked))
    return made
