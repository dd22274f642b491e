"""File names as they may be shown and stored: a base name, on one line, each once in its mail."""

import re
from pathlib import PurePosixPath

from helpdesk.ingest.parsing.charset import one_line
from helpdesk.ingest.parsing.words import read_words

MOST_CHARACTERS = 200
# U+202E turns `gpj.exe` round to look like `exe.jpg`.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe_name(raw: str) -> str:
    """The base name, whatever path stood before it; empty when nothing is left."""
    name = _DIRECTIONS.sub("", read_words(raw)).strip(" \"'")
    name = one_line(name.replace("\\", "/").rstrip("/").rpartition("/")[2]).strip()
    if name.strip(". ") == "":
        return ""
    if len(name) <= MOST_CHARACTERS:
        return name
    suffix = PurePosixPath(name).suffix[:20]
    return name[: MOST_CHARACTERS - len(suffix)] + suffix


def apart(names: list[str]) -> list[str]:
    """The same names, with a number added where one stands again (`a.txt`, `a (2).txt`)."""
    seen: set[str] = set()
    counts: dict[str, int] = {}
    result = []
    for name in names:
        chosen, count = name, counts.get(name.casefold(), 1)
        while chosen and chosen.casefold() in seen:
            count += 1
            path = PurePosixPath(name)
            chosen = f"{path.stem} ({count}){path.suffix}"
        counts[name.casefold()] = count
        seen.add(chosen.casefold())
        result.append(chosen)
    return result
