"""Pages of a list: which rows are on this page, and how to say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

Row = TypeVar("Row")
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list. `total` is None when nobody counted; `more` says that there are further rows."""

    rows: Sequence[Row]
    number: int
    size: int
    more: bool
    total: int | None = None
    capped: bool = False  # `total` is where counting stopped

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.more

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def summary(self) -> str:
        """`1 to 25 of 312`, or without the count where nobody counted."""
        if not self.rows:
            return "Nothing on this page"
        of = "" if self.total is None else f" of {'more than ' if self.capped else ''}{self.total:,}"
        return f"{self.first:,} to {self.last:,}{of}"


def page_of(rows: Sequence[Row], number: int, size: int, total: int | None = None) -> Page[Row]:
    """A page from one row more than it holds, which tells whether there is a next one."""
    return Page(rows[:size], number, size, len(rows) > size, total)


def asked_for(name: str, longest: int = 320) -> str:
    """What the address asks for under this name, as one line; no engine takes a NUL."""
    text = request.args.get(name, "")[:longest]
    return "".join(letter for letter in text if letter.isprintable()).strip()


def wanted_page() -> int:
    """The page number in the address; 1 when it is none."""
    text = request.args.get("page", "")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 7 else 1
