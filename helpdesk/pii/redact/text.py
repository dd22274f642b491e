"""Text without what was found in it."""

from collections.abc import Iterable

from helpdesk.pii.values import Finding

MARK = "[removed]"

Span = tuple[int, int]


def redact_text(text: str, findings: Iterable[Finding]) -> str:
    """The text with each finding's characters replaced by MARK; findings that touch become one mark."""
    return cut(text, spans_of(findings, len(text)), MARK)


def spans_of(findings: Iterable[Finding], length: int) -> list[Span]:
    """Where findings stand, in order, overlapping and touching ones joined, cut to the text."""
    return joined((max(finding.start, 0), min(finding.end, length)) for finding in findings)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, each apart from the next; empty ones left out."""
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def cut(text: str, spans: Iterable[Span], mark: str) -> str:
    """The text with each of these spans, in order and apart, replaced by the mark."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], mark]
        at = end
    return "".join([*parts, text[at:]])
