"""Hand-written templates: how they are read from a file and filled.

A file holds templates one after another:

    @@ category | difficulty | rationale | option=value option=value
    S: subject
    F: staff, public, at DOMAIN, or a whole From header          (staff where absent)
    B:
    body, in which $p.last is a slot and «HEALTH:words» a labelled span
    H:
    the same as HTML, where there is one
    A: file name | text, csv, json, html, docx, pdf or png
    the attachment's lines

Options: `p=f` (gender of a person), `age=19-60` (of `$dob`), `dom=nhs.scot`, `contestable=the_word`. `$$` is a dollar.
In clean templates a labelled span is a lookalike: «kind:words».
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from slots import ENTITY_OF, Slots

TOKEN = re.compile(
    r"«(?P<open>[A-Za-z0-9_]+):|(?P<close>»)|\$(?P<dollar>\$)|\$(?P<name>[a-z]+\d*)(?:\.(?P<form>[A-Za-z0-9]+))?"
)
UNLABELLED = {
    "he",
    "him",
    "his",
    "He",
    "His",
    "mr",
    "sex",
    "age",
    "year",
    "dm",
    "a",
    "b",
    "c",
    "split",
    "email",
    "user",
}


@dataclass
class Template:
    """One template as written, its parts still unfilled."""

    label: str
    category: str
    difficulty: str
    rationale: str
    options: dict[str, str]
    parts: dict[str, str] = field(default_factory=dict)
    attachments: list[tuple[str, str, str]] = field(default_factory=list)


def read_templates(path: Path, label: str) -> list[Template]:
    """The templates of a file; ValueError names a heading that is not understood."""
    blocks = re.split(r"^@@ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_read_one(block, label) for block in blocks[1:]]


def _read_one(block: str, label: str) -> Template:
    heading, _, rest = block.partition("\n")
    fields = [piece.strip() for piece in heading.split("|")]
    if len(fields) not in (3, 4) or fields[1] not in ("easy", "medium", "hard"):
        raise ValueError(f"Template heading not understood: {heading}")
    options = dict(item.split("=", 1) for item in (fields[3].split() if len(fields) == 4 else ()))
    template = Template(label, *fields[:3], options)
    pieces = re.split(r"^(S: |F: |B:\n|H:\n|A: )", rest, flags=re.MULTILINE)
    for mark, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if mark == "A: ":
            title, _, content = text.partition("\n")
            name, kind = (piece.strip() for piece in title.split("|"))
            template.attachments.append((name, kind, content.strip("\n")))
        else:
            template.parts[mark[0]] = text.strip("\n")
    return template


def fill(text: str, slots: Slots, where: str, label: str) -> tuple[str, list[dict[str, str]]]:
    """The text with its slots filled, and its labelled spans in order of their ends."""
    out: list[str] = []
    spans: list[dict[str, str]] = []
    open_spans: list[tuple[str, int]] = []
    at = 0
    for token in TOKEN.finditer(text):
        out.append(text[at : token.start()])
        at = token.end()
        if token["open"]:
            open_spans.append((token["open"], len(out)))
        elif token["close"]:
            if not open_spans:
                raise ValueError(f"A labelled span closes that was never opened: {text[:60]}")
            kind, start = open_spans.pop()
            spans.append({"type": kind, "text": "".join(out[start:]), "where": where})
        elif token["dollar"]:
            out.append("$")
        else:
            value = slots.value(token["name"], token["form"] or "")
            out.append(value)
            spans += _automatic(token["name"], token["form"] or "", value, where, label)
    if open_spans:
        raise ValueError(f"A labelled span is not closed: {text[:60]}")
    return "".join(out) + text[at:], spans


def _automatic(name: str, form: str, value: str, where: str, label: str) -> list[dict[str, str]]:
    base = name.rstrip("0123456789")
    if label == "clean":
        if base in ENTITY_OF:
            raise ValueError(f"${name} is personal data in a clean template")
        return [{"type": f"ref10{form}", "text": value, "where": where}] if base == "ref" else []
    if base not in ENTITY_OF or form in UNLABELLED:
        return []
    kind = "EMAIL" if form == "mail" else ENTITY_OF[base]
    return [{"type": kind, "text": value, "where": where}]
