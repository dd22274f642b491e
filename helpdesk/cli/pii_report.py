"""The figures of `pii evaluate`, for people and for programs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from helpdesk.pii.evaluate import Report, Share


def as_row(report: Report) -> dict[str, Any]:
    """The report as one JSON object; each share has its parts and its rate."""
    plain = asdict(report)
    for name, value in vars_of(report).items():
        if isinstance(value, Share):
            plain[name] = _share(value)
        elif isinstance(value, Mapping):
            plain[name] = {key: _share(share) for key, share in value.items()}
    return plain


def vars_of(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in report.__slots__}


def as_lines(report: Report) -> Iterator[str]:
    """The report to be read."""
    yield f"Recall:       {_words(report.recall)} of what must be held"
    yield f"False holds:  {_words(report.false_holds)} of what is clean"
    yield f"  without contestable rows: {_words(report.recall_without_contestable)} and {_words(report.false_holds_without_contestable)}"
    yield f"Right category: {_words(report.right_category)}; labelled entities covered in held mails: {_words(report.redaction)}"
    yield f"Time a mail:  median {report.median_ms:.2f} ms (clean: {report.median_clean_ms:.2f} ms), 95 % within {report.p95_ms:.2f} ms"
    if report.baseline_median_ms is not None:
        times = report.baseline_median_ms / report.median_clean_ms if report.median_clean_ms else 0.0
        yield f"Stock Presidio: median {report.baseline_median_ms:.2f} ms on clean mails, {times:.1f} times as long"
    for title, shares in (
        ("Right answers by category", report.by_category),
        ("Right answers by difficulty", report.by_difficulty),
        ("Breaches among what a rule held", report.by_rule),
    ):
        yield f"\n{title}:"
        yield from (f"  {name or '(none)':<44} {_words(share)}" for name, share in shares.items())
    yield "\nCalibration (stated chance, share of breaches, rows):"
    yield from (f"  {chance:.2f}  {share:.2f}  {rows}" for chance, share, rows in report.calibration)
    yield f"\nMissed: {', '.join(report.missed) or 'none'}"
    yield f"Wrongly held: {', '.join(report.wrongly_held) or 'none'}"


def _share(share: Share) -> dict[str, float]:
    return {"part": share.part, "whole": share.whole, "rate": round(share.rate, 4)}


def _words(share: Share) -> str:
    return f"{100 * share.rate:.1f} % ({share.part} of {share.whole})"
