"""Text whose lines were cut for sending, made whole again (RFC 3676)."""

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the lines that end in a space with the next of the same quote depth; remove stuffing."""
    paragraphs: list[list[str]] = []
    open_depth: int | None = None  # of a paragraph that goes on
    for line in text.split("\n"):
        depth, content = _line(line)
        goes_on = content.endswith(" ") and content != _SIGNATURE
        kept = content[:-1] if goes_on and delete_space else content
        if open_depth == depth and content != _SIGNATURE:
            paragraphs[-1].append(kept)
        else:
            paragraphs.append([">" * depth + " " if depth else "", kept])
        open_depth = depth if goes_on else None
    return "\n".join("".join(paragraph) for paragraph in paragraphs)


def _line(line: str) -> tuple[int, str]:
    content = line.lstrip(">")
    return len(line) - len(content), content.removeprefix(" ")
