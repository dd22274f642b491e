"""How a held mail is shown to an officer: the clock, findings by part, the text with its findings marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from helpdesk.governance.quarantine import time_left
from helpdesk.models import HeldMail
from helpdesk.pii.values import Finding
from helpdesk.web.shown import entity_name

SOON = timedelta(hours=24)
LONGEST_SHOWN = 200_000


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


def by_part(held: HeldMail) -> list[dict[str, Any]]:
    """For each part of the mail, what was found in it and how often, and whether it could be read."""
    parts: dict[str, dict[str, Any]] = {}
    for finding in held.findings:
        part = parts.setdefault(finding["part"], {"found": {}, "why": ""})
        part["found"][finding["entity"]] = part["found"].get(finding["entity"], 0) + 1
    for one in held.unscannable:
        parts.setdefault(one["part"], {"found": {}, "why": ""})["why"] = one["why"]
    return [{"part": part_name(name), **value} for name, value in parts.items()]


def part_name(part: str) -> str:
    """`attachment:2` as `Attachment 2`, `body_text` as `Body text`."""
    return part.replace("_", " ").replace(":", " ").capitalize()


def marked(text: str, findings: Sequence[Finding]) -> Markup:
    """The text, escaped, with each finding marked and named. Overlapping findings become one mark."""
    out, at = Markup(), 0
    shown = text[:LONGEST_SHOWN]
    for start, end, names in _merged(findings, len(shown)):
        out += escape(shown[at:start])
        out += Markup('<mark class="app-found">{}<span class="app-found__name"> {}</span></mark>').format(
            shown[start:end], names
        )
        at = end
    return out + escape(shown[at:])


def _merged(findings: Iterable[Finding], length: int) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int, list[str]]] = []
    for one in sorted(findings, key=lambda f: (f.start, f.end)):
        start, end = max(one.start, 0), min(one.end, length)
        if start >= end:
            continue
        if spans and start < spans[-1][1]:
            first, last, names = spans[-1]
            spans[-1] = (first, max(last, end), [*names, entity_name(one.entity)])
        else:
            spans.append((start, end, [entity_name(one.entity)]))
    return [(start, end, ", ".join(dict.fromkeys(names))) for start, end, names in spans]
