"""The names, places, jobs and trimmings that the templates are filled with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Pool:
    """What one set of mails draws from; people are (first, last, `f` or `m`)."""

    people: tuple[tuple[str, str, str], ...]
    domains: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    wards: tuple[str, ...]
    organisations: tuple[str, ...]
    jobs: tuple[str, ...]
    prefixes: tuple[str, ...]
    openers: tuple[str, ...]
    closers: tuple[str, ...]


def load_pool(path: Path) -> Pool:
    """A pool from its JSON file; people are written `First|Last|f`."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    people = tuple(
        (first, last, gender) for first, last, gender in (row.split("|") for row in raw.pop("people"))
    )
    return Pool(people=people, **{key: tuple(value) for key, value in raw.items()})
