"""How lists and records are printed: for people in columns, for programs as one JSON object a line."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import click

Row = Mapping[str, Any]
WIDEST = 60

json_option: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line, for programs."
)


def values(kind: type[StrEnum]) -> list[str]:
    """The values of an enumeration as choices (click itself would offer their names)."""
    return [one.value for one in kind]


def print_rows(rows: Iterable[Row], columns: Sequence[str], as_json: bool, nothing: str = "Nothing.") -> None:
    """Print a list. `columns` are the keys that people are shown, in order; JSON has every key."""
    if as_json:
        for row in rows:
            print_json(row)
        return
    lines = [[safe(row[column]) for column in columns] for row in rows]
    if not lines:
        click.echo(nothing)
        return
    heads = [column.replace("_", " ").upper() for column in columns]
    widths = [max(map(len, cells)) for cells in zip(heads, *lines, strict=True)]
    for line in [heads, *lines]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def print_json(row: Row) -> None:
    click.echo(json.dumps(row, default=_plain, ensure_ascii=False))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def safe(value: object, widest: int | None = WIDEST) -> str:
    """A value for a terminal, which obeys control characters: a subject is a stranger's text."""
    if value is None or value == "":
        return "-"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text if widest is None or len(text) <= widest else text[: widest - 1] + "…"
