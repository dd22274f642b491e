"""Text whose lines were cut for sending, made whole again (RFC 3676)."""

import re

_QUOTED = re.compile(r"(>*)(.*)")
_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the lines that end in a space with the next of the same quote depth; remove stuffing."""
    result: list[str] = []
    open_depth: int | None = None  # of a paragraph that goes on
    for line in text.split("\n"):
        depth, content = _line(line)
        goes_on = content.endswith(" ") and content != _SIGNATURE
        kept = content[:-1] if goes_on and delete_space else content
        if open_depth == depth and content != _SIGNATURE:
            result[-1] += kept
        else:
            result.append((">" * depth + " " if depth else "") + kept)
        open_depth = depth if goes_on else None
    return "\n".join(result)


def _line(line: str) -> tuple[int, str]:
    found = _QUOTED.match(line)
    marks, content = (found[1], found[2]) if found else ("", line)
    return len(marks), content.removeprefix(" ")
