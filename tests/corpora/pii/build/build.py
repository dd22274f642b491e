"""Write a corpus file from its two template files.

    python build.py dev tests/corpora/pii/dev.jsonl
    python build.py test tests/corpora/pii/test.jsonl --once 50
    python build.py dev2 tests/corpora/pii/dev2.jsonl --once 60
    python build.py dev3 tests/corpora/pii/dev3.jsonl --once 112
    python build.py dev4 tests/corpora/pii/dev4.jsonl --once 0

Every template is used twice (the second time with a changed subject, an opening or a closing line),
or once, from the numbered template on, with `--once`. A set draws its names and places from `pool_SET.json`
where there is one, else from `pool.json`.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
from pathlib import Path

import documents
from pools import Pool, load_pool
from slots import Slots
from template import Template, fill, read_templates

HERE = Path(__file__).parent
TAG = re.compile(r"<[^>]+>")


def sender(template: Template, slots: Slots) -> tuple[str, list[dict[str, str]]]:
    """The From header and what is labelled in it."""
    written = template.parts.get("F", "staff").strip()
    if written == "staff":
        return f"{slots.value('s', '')} <{slots.value('s', 'email')}>", []
    if written == "public":
        return f"{slots.value('p', '')} <{slots.value('p', 'mail')}>", []
    if written.startswith("at "):
        return f"{slots.value('s', '')} <{slots.value('s', 'work')}@{written[3:]}>", []
    return fill(written, slots, "from", template.label)


def attachment(
    name: str, kind: str, content: str, slots: Slots, label: str
) -> tuple[dict[str, str], list[dict[str, str]]]:
    """One attachment as a row's value, and what is labelled in its name and text."""
    filename, spans = fill(name, slots, "filename", label)
    text, found = fill(content, slots, "attachment_image" if kind == "png" else "attachment", label)
    data = base64.b64encode(documents.make(kind, text.split("\n"))).decode()
    return {"filename": filename, "content_type": documents.TYPES[kind], "content_b64": data}, spans + found


def row(template: Template, number: int, copy: int, set_name: str, pool: Pool) -> dict[str, object]:
    """One mail of the corpus."""
    rng = random.Random(f"{set_name}-{template.label}-{number}-{copy}")
    slots = Slots(rng, pool, template.options)
    who, spans = sender(template, slots)
    subject, found = fill(template.parts["S"], slots, "subject", template.label)
    body, more = fill(template.parts["B"], slots, "body_text", template.label)
    spans = spans + found + more
    if copy:
        subject = rng.choice(pool.prefixes) + subject
        body = rng.choice(pool.openers) + body + rng.choice(pool.closers)
    external = template.parts.get("F", "staff").strip() == "public" and rng.random() < 0.3
    made: dict[str, object] = {
        "label": template.label,
        "category": template.category,
        "difficulty": template.difficulty,
        "template": f"{set_name}-{template.label}-{number:03d}",
        "subject": ("[EXTERNAL] " if external else "") + subject,
        "from": who,
        "to": f"servicedesk@{slots.domain}",
        "body_text": body,
    }
    if "H" in template.parts:
        made["body_html"], found = fill(template.parts["H"], slots, "body_html", template.label)
        spans += found
    files = [attachment(*piece, slots, template.label) for piece in template.attachments]
    if files:
        made["attachments"] = [value for value, _ in files]
    spans += [span for _, found in files for span in found]
    return made | labels(template, spans)


def labels(template: Template, spans: list[dict[str, str]]) -> dict[str, object]:
    """Entities of a breach mail or lookalikes of a clean one, without repeats."""
    spans = [
        span | {"text": TAG.sub("", span["text"])} if span["where"] == "body_html" else span for span in spans
    ]
    unique = [span for at, span in enumerate(spans) if span not in spans[:at]]
    made: dict[str, object] = {"entities": unique if template.label == "breach" else []}
    if template.label == "clean" and unique:
        made["lookalikes"] = [
            {"kind": span["type"], "text": span["text"], "where": span["where"]} for span in unique
        ]
    made["rationale"] = template.rationale
    if "contestable" in template.options:
        made["contestable"] = template.options["contestable"].replace("_", " ")
    return made


def build(folder: Path, set_name: str, pool: Pool, letter: str, once: int) -> list[dict[str, object]]:
    """All rows: breach first, numbered D-B001 (D2-B001 in dev2), then clean, numbered D-C001."""
    rows: list[dict[str, object]] = []
    for label in ("breach", "clean"):
        count = 0
        for number, template in enumerate(read_templates(folder / f"{set_name}_{label}.txt", label)):
            for copy in range(1 if number >= once else 2):
                count += 1
                row_id = {"id": f"{letter}-{label[0].upper()}{count:03d}"}
                rows.append(row_id | row(template, number, copy, set_name, pool))
    return rows


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("set_name")
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--folder", type=Path, default=HERE, help="where the template files and pool.json are"
    )
    parser.add_argument("--once", type=int, default=1000, help="templates from this number on are used once")
    args = parser.parse_args()
    letter = args.set_name[0].upper() + "".join(filter(str.isdigit, args.set_name))
    own_pool = args.folder / f"pool_{args.set_name}.json"
    pool = load_pool(own_pool if own_pool.exists() else args.folder / "pool.json")
    rows = build(args.folder, args.set_name, pool, letter, args.once)
    args.out.write_text(
        "".join(json.dumps(made, ensure_ascii=False) + "\n" for made in rows), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
