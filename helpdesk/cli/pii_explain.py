"""How a verdict comes about: what `pii explain` shows of one file."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from helpdesk.cli.pii_files import FileScanner, pieces_of
from helpdesk.config import Settings
from helpdesk.ingest.parse import ParseError
from helpdesk.pii.scanner import Scanner
from helpdesk.pii.second_look import set_aside
from helpdesk.pii.sections import UnreadError, read_piece
from helpdesk.pii.values import Context, Finding, Kind, Piece

Explained = dict[str, Any]


def explain(scanner: Scanner, settings: Settings, file: Path, *, with_text: bool = False) -> Explained:
    """The verdict and all that led to it, as one JSON object. Raises OSError when the file cannot be read."""
    verdict = FileScanner(scanner, settings).scan(file)
    try:
        pieces, context = pieces_of(file, settings)
    except ParseError:
        pieces, context = [], Context()
    thorough = scanner.scan(pieces, context, thorough=True)
    texts = {piece.part: piece.text for piece in pieces} if with_text else {}
    return {
        "source": str(file),
        "verdict": verdict.word,
        "severity": verdict.severity.value,
        "policy_version": scanner.version,
        "rules": [_rule(scanner, reason.rule, reason.parts) for reason in verdict.reasons],
        "almost": list(_almost(scanner, pieces, context, {reason.rule for reason in verdict.reasons})),
        "unscannable": [{"part": one.part, "why": one.why} for one in verdict.unscannable],
        "zones": list(_zones(pieces, context)),
        "findings": [_finding(one, texts.get(one.part)) for one in thorough.findings],
    }


def _rule(scanner: Scanner, name: str, parts: Sequence[str]) -> Explained:
    known = next((rule for rule in scanner.policy.rules if rule.name == name), None)
    return {
        "rule": name,
        "category": known.category if known else "",
        "severity": known.severity.value if known else "",
        "why": known.why if known else "",
        "parts": list(parts),
    }


def _almost(
    scanner: Scanner, pieces: Sequence[Piece], context: Context, hit: set[str]
) -> Iterator[Explained]:
    """Rules that lack something, by the text of the mail; files are not looked into here."""
    found = scanner.findings(pieces, context)
    for miss in (*set_aside(scanner.policy.hits(found), hit), *scanner.policy.almost(found)):
        if miss.rule.name not in hit:
            yield {"rule": miss.rule.name, "met": miss.met, "missing": list(miss.missing)}


def _zones(pieces: Sequence[Piece], context: Context) -> Iterator[Explained]:
    """Offsets are those of the piece as it is in the mail."""
    for piece in pieces:
        if piece.kind is Kind.FILE:
            continue
        try:
            reading = read_piece(piece, context)
        except UnreadError:
            continue
        for span in reading.zones.spans:
            start, end = reading.mapped.back(span.start, span.end)
            yield {"part": piece.part, "zone": span.zone.value, "start": start, "end": end}


def _finding(finding: Finding, text: str | None) -> Explained:
    shown = {} if text is None else {"text": text[finding.start : finding.end]}
    return {
        "entity": finding.entity,
        "part": finding.part,
        "path": finding.path,
        "zone": finding.zone.value,
        "start": finding.start,
        "end": finding.end,
        "score": round(finding.score, 3),
        "recognizer": finding.recognizer,
        "why": finding.why,
        **shown,
    }


def as_lines(explained: Explained) -> Iterator[str]:
    """The same to be read."""
    yield f"{explained['source']}: {explained['verdict']}, severity {explained['severity']} (policy {explained['policy_version']})"
    yield "\nRules that hit:"
    for rule in explained["rules"] or [None]:
        yield (
            f"  {rule['rule']} [{rule['category']}] in {', '.join(rule['parts'])}. {rule['why']}"
            if rule
            else "  none"
        )
    yield "\nRules that almost hit:"
    for miss in explained["almost"] or [None]:
        yield f"  {miss['rule']}: missing {'; '.join(miss['missing'])}" if miss else "  none"
    if explained["unscannable"]:
        yield "\nNot scannable:"
        yield from (f"  {one['part']}: {one['why']}" for one in explained["unscannable"])
    yield "\nZones:"
    yield from (
        f"  {one['part']:<14} {one['zone']:<14} {one['start']}-{one['end']}" for one in explained["zones"]
    )
    yield "\nFindings:"
    yield from (_finding_line(one) for one in explained["findings"])


def _finding_line(one: Explained) -> str:
    words = f"  {one['text']!r}" if "text" in one else ""
    where = f"{one['part']} {one['path']}".strip()
    return (
        f"  {one['entity']:<20} {one['score']:.2f}  {where} {one['start']}-{one['end']} ({one['zone']})  "
        f"{one['recognizer']}: {one['why']}{words}"
    )
