"""How one made-up value is written: a person, a ten-digit number or a date in the form a template asks for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import idents

PRONOUNS = {"f": ("she", "her", "her"), "m": ("he", "him", "his")}


@dataclass(frozen=True)
class Person:
    """One made-up person: names and `f` or `m`."""

    first: str
    last: str
    gender: str

    def form(self, form: str) -> str:
        """The person as the template asks: `last`, `inits`, `mail`, `he` and so on."""
        mr = {"m": ("Mr", "Mr"), "f": ("Mrs", "Ms")}[self.gender][len(self.last) % 2]
        he, him, his = PRONOUNS[self.gender]
        ascii_first, ascii_last = plain(self.first), plain(self.last)
        table = {
            "": f"{self.first} {self.last}",
            "first": self.first,
            "last": self.last,
            "lastfirst": f"{self.last.upper()}, {self.first}",
            "lastcomma": f"{self.last}, {self.first}",
            "title": f"{mr} {self.last}",
            "titlefull": f"{mr} {self.first} {self.last}",
            "mr": mr,
            "init": f"{self.first[0]}.{self.last[0]}.",
            "inits": self.first[0] + self.last[0],
            "short": f"{self.first[0]} {self.last}",
            "lower": f"{self.first} {self.last}".lower(),
            "flower": self.first.lower(),
            "llower": self.last.lower(),
            "upper": f"{self.first} {self.last}".upper(),
            "lupper": self.last.upper(),
            "file": f"{ascii_last.title()}_{ascii_first.title()}",
            "hl7": f"{self.last}^{self.first}",
            "user": (ascii_first[0] + ascii_last)[:9],
            "work": f"{ascii_first}.{ascii_last}",
            "mail": f"{ascii_first}{ascii_last}{sum(map(ord, self.first)) % 60 + 30}@example.{'com' if self.gender == 'm' else 'net'}",
        }
        table |= {
            "he": he,
            "him": him,
            "his": his,
            "He": he.title(),
            "His": his.title(),
            "sex": self.gender.upper(),
        }
        return table[form]


def plain(name: str) -> str:
    """A name in lower-case ASCII letters only."""
    name = name.replace("ł", "l").replace("Ł", "L").replace("ø", "o")
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(char for char in folded.lower() if char.isalpha())


def number_form(number: str, form: str) -> str:
    """Ten digits as the template asks: grouped 3-3-4 unless it says otherwise."""
    groups = (number[:3], number[3:6], number[6:])
    table: dict[str, Callable[[], str]] = {
        "": lambda: " ".join(groups),
        "plain": lambda: number,
        "dot": lambda: ".".join(groups),
        "dash": lambda: "-".join(groups),
        "slash": lambda: "/".join(groups),
        "nbsp": lambda: "\u00a0".join(groups),
        "under": lambda: "_".join(groups),
        "then": lambda: " then ".join(groups),
        "lines": lambda: "\n".join(groups),
        "pairs": lambda: " ".join(number[at : at + 2] for at in range(0, 10, 2)),
        "fives": lambda: f"{number[:5]} {number[5:]}",
        "two": lambda: f"{number[:6]} {number[6:]}",
        "words": lambda: ", ".join(map(idents.spoken, groups)),
        "wide": lambda: idents.full_width(" ".join(groups)),
        "oh": lambda: " ".join(groups).replace("0", "O"),
        "ell": lambda: " ".join(groups).replace("1", "l"),
        "gaps": lambda: " ".join(number),
        "zw": lambda: "\u200b".join(groups),
        "split": lambda: f"<b>{groups[0]}</b> <b>{groups[1]}</b> <b>{groups[2]}</b>",
        "a": lambda: groups[0],
        "b": lambda: groups[1],
        "c": lambda: groups[2],
    }
    return table[form]()


def date_form(day: date, form: str) -> str:
    """A date as the template asks: 04/03/1962 unless it says otherwise."""
    month = idents.MONTHS[day.month - 1]
    table = {
        "": f"{day:%d/%m/%Y}",
        "short": f"{day:%d/%m/%y}",
        "dot": f"{day.day}.{day.month}.{day:%y}",
        "dots": f"{day:%d.%m.%Y}",
        "dash": f"{day:%d-%m-%Y}",
        "space": f"{day:%d %m %y}",
        "long": f"{day.day} {month} {day.year}",
        "ord": f"{idents.ordinal(day.day)} {month} {day.year}",
        "of": f"the {idents.ordinal(day.day)} of {month} {day.year}",
        "mon": f"{day.day:02d}-{month[:3]}-{day:%y}",
        "monspace": f"{day.day:02d} {month[:3]} {day.year}",
        "upmon": f"{day.day:02d}-{month[:3].upper()}-{day.year}",
        "lowmon": f"{day.day} {month[:3].lower()} {day:%y}",
        "us": f"{month} {day.day}, {day.year}",
        "iso": day.isoformat(),
        "eight": f"{day:%d%m%Y}",
        "six": f"{day:%d%m%y}",
        "hl7": f"{day:%Y%m%d}",
        "wide": idents.full_width(f"{day:%d/%m/%Y}"),
        "dm": f"{day.day} {month}",
        "year": str(day.year),
        "age": str(2026 - day.year - ((day.month, day.day) > (3, 15))),
        "words": f"{idents.spoken(f'{day:%d}')} {idents.spoken(f'{day:%m}')} {idents.spoken(f'{day:%y}')}",
    }
    return table[form]
